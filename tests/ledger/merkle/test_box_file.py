"""A box's file gives root and places of exactly the votes in it, or says that it is damaged."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.town import some
from middleground.ledger.merkle.ballot_box import (
    DEPTH,
    box_root,
    empty_hash,
    fill,
    level_above,
    sibling_of,
)
from middleground.ledger.merkle.box_file import BoxFile, write_box
from middleground.ledger.merkle.hashing import leaf_hash

SECRET = some(32, "secret")


def seals(count: int) -> list[bytes]:
    return [some(32, "seal", n) for n in range(count)]


def written(path: Path, slots: list[int], secret: bytes = SECRET) -> bytes:
    """Write a box of seals at these slots; returns the root."""
    with path.open("wb") as file:
        return write_box(fill(seals(len(slots)), slots), secret, file)


NEAR = st.integers(0, 300)  # in one subtree of eight levels, and in the next
FAR = st.integers(0, 2**32 - 1)
SLOTS = st.lists(NEAR | FAR | NEAR.map(lambda n: 2**32 - 1 - n), max_size=30, unique=True)


@settings(max_examples=40, deadline=None)
@given(SLOTS)
def test_each_vote_is_found_at_its_place(
    tmp_path_factory: pytest.TempPathFactory, slots: list[int]
) -> None:
    path = tmp_path_factory.mktemp("box") / "box"
    root = written(path, slots)
    box = BoxFile(path)
    assert box.root() == root
    for seal, slot in zip(seals(len(slots)), slots, strict=True):
        found = box.find(seal)
        assert found
        assert (found[0], len(found[1])) == (slot, DEPTH)
        assert box_root(seal, *found) == root
    assert box.find(some(32, "not in it")) is None


def test_paths_are_those_of_the_whole_tree(tmp_path: Path) -> None:
    slots = [*Random(7).sample(range(2**32), 40), 0, 1, 255, 256, 2**32 - 1]
    written(tmp_path / "box", slots)
    filled = fill(seals(len(slots)), slots)
    paths: dict[int, list[bytes]] = {slot: [] for slot in slots}
    for level in range(DEPTH):
        for slot, path in paths.items():
            path.append(sibling_of(filled, SECRET, level, slot >> level))
        filled = level_above(filled, SECRET, level)
    box = BoxFile(tmp_path / "box")
    assert {
        found[0]: list(found[1]) for found in map(box.find, seals(len(slots))) if found
    } == paths


def test_an_empty_box_has_a_root_of_its_own(tmp_path: Path) -> None:
    root = written(tmp_path / "box", [])
    assert root == empty_hash(SECRET, DEPTH, 0) == BoxFile(tmp_path / "box").root()
    assert BoxFile(tmp_path / "box").find(seals(1)[0]) is None
    assert written(tmp_path / "other", [], some(32, "another")) != root


def test_the_order_of_votes_makes_no_difference(tmp_path: Path) -> None:
    """The file does not say in which order they came."""
    slots = list(range(0, 5000, 50))
    roots = []
    for name, step in (("one", 1), ("other", -1)):
        with (tmp_path / name).open("wb") as file:
            roots.append(write_box(fill(seals(100)[::step], slots[::step]), SECRET, file))
    assert roots[0] == roots[1]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_the_same_votes_at_other_places_have_another_root(tmp_path: Path) -> None:
    assert written(tmp_path / "one", [5, 6]) != written(tmp_path / "two", [6, 5])


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.6, 0.9, 1])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "box"
    written(path, list(range(0, 2**32, 2**27)))
    whole = path.read_bytes()
    path.write_bytes(whole[: min(int(len(whole) * share), len(whole) - 1)])
    with pytest.raises(OSError, match="the box is cut off"):
        BoxFile(path).root()


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        BoxFile(tmp_path / "box").find(seals(1)[0])


def test_no_seal_stands_in_the_file(tmp_path: Path) -> None:
    """Nor the order of the votes: rows ascend by hash, or by place."""
    written(tmp_path / "box", Random(1).sample(range(2**32), 20))
    data = (tmp_path / "box").read_bytes()
    assert not any(seal in data for seal in seals(20))
    assert all(leaf_hash(seal) in data for seal in seals(20))
    first = [data[40 + 36 * row :][:32] for row in range(20)]
    assert first == sorted(map(leaf_hash, seals(20)))


def test_each_changed_bit_of_a_box_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "box"
    root = written(path, [5, 300, 2**31])
    whole = path.read_bytes()
    assert BoxFile(path).computed_root(most=3) == root
    for bit in range(0, 8 * len(whole), 7):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        assert BoxFile(path).computed_root(most=3) != root
    path.write_bytes(whole[:-1])
    assert BoxFile(path).computed_root(most=3) is None
