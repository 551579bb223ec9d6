"""The picture of the log's tree has the structure of the ledger's proofs."""

from __future__ import annotations

import pytest

from ledger.in_memory import HashesInMemory
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.inclusion import inclusion_proof
from middleground.ledger.merkle.nodes import range_root
from middleground.pictures import Table, log_tree, log_tree_table
from middleground.pictures.log_tree import WHOLE, beside
from pictures.samples import parse, with_class, words_of


@pytest.mark.parametrize("size", range(1, 40))
def test_the_hashes_of_the_proof_are_beside_the_path(size: int) -> None:
    log = HashesInMemory(leaf_hash(bytes([number])) for number in range(size))
    for index in range(size):
        drawn = [range_root(log, *span) for span in beside(index, size)]
        assert drawn == inclusion_proof(log, index, size)


def test_a_small_tree_is_drawn_whole() -> None:
    root = parse(log_tree(2, 7))
    # Seven leaves and six inner nodes: four on the path, three of the proof, and the others.
    assert len(with_class(root, "pic-pin")) == 4
    assert len(with_class(root, "pic-beside")) == 3
    assert len(with_class(root, "pic-node")) == 13 - 4 - 3
    assert len(with_class(root, "pic-way")) == 3
    assert len(with_class(root, "pic-axis")) == 12 - 3
    assert words_of(root) == [*"0123456", "signed root of 7"]


def test_only_the_path_of_a_large_tree_is_drawn() -> None:
    root = parse(log_tree(18, 77))
    assert len(with_class(root, "pic-pin")) == 8
    assert len(with_class(root, "pic-beside")) == 7
    assert with_class(root, "pic-node") == []
    assert words_of(root) == [
        "entry 19", "16 to 17", "20 to 23", "24 to 31", "0 to 15", "32 to 63", "64 to 76",
        "entry 18", "signed root of 77",
    ]  # fmt: skip


def test_a_hash_is_drawn_on_the_side_where_it_is_hashed() -> None:
    boxes = [float(e.get("x") or 0) for e in with_class(parse(log_tree(18, 77)), "pic-beside")]
    assert [x < 170 for x in boxes] == [False, True, False, False, True, False, False]


@pytest.mark.parametrize("size", [1, 2, 3, WHOLE, WHOLE + 1, 1_000_000, 2**40])
@pytest.mark.parametrize("of", [0, 0.5, 1])
def test_all_parts_are_inside_the_picture(size: int, of: float) -> None:
    svg = log_tree(int((size - 1) * of), size)
    root = parse(svg)
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 8 <= float(circle.get("cx") or 0) <= width - 8
        assert 8 <= float(circle.get("cy") or 0) <= height - 8
    for words in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 12 <= float(words.get("y") or 0) <= height - 4


def test_the_table() -> None:
    assert log_tree_table(2, 7) == Table(
        ("Step", "Beside the way", "Below both"),
        (("1", "entry 3", "2 to 3"), ("2", "0 to 1", "0 to 3"), ("3", "4 to 6", "0 to 6")),
    )


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_missing_entry_is_refused(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        log_tree(index, size)
