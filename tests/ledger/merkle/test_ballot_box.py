"""A box proves each vote's place, and shows nothing of other votes.

Each careless way of making one is here as known bad, and the same look finds it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.telling_apart import told_apart
from ledger.town import some
from middleground.ledger.merkle.ballot_box import (
    DEPTH,
    Filled,
    box_root,
    empty_hash,
    fill,
    level_above,
    sibling_of,
)
from middleground.ledger.merkle.hashing import leaf_hash, node_hash

SECRET = some(32, "secret")
ENDS = st.sampled_from([0, 1, 2, 3, 255, 256, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1])
SLOTS = st.lists(ENDS | st.integers(0, 2**32 - 1), min_size=1, max_size=8, unique=True)


def seals(count: int) -> list[bytes]:
    return [some(32, "seal", n) for n in range(count)]


def root_by_hand(filled: Filled, secret: bytes, level: int = DEPTH, index: int = 0) -> bytes:
    """From the top: a subtree without a vote follows from the secret."""
    if not any(slot >> level == index for slot in filled):
        return hashlib.sha256(secret + bytes([level]) + index.to_bytes(4, "big")).digest()
    if level == 0:
        return filled[index]
    sides = (root_by_hand(filled, secret, level - 1, 2 * index + side) for side in (0, 1))
    return hashlib.sha256(b"\1" + b"".join(sides)).digest()


def path_of(filled: Filled, secret: bytes, slot: int) -> list[bytes]:
    path = []
    for level in range(DEPTH):
        path.append(sibling_of(filled, secret, level, slot >> level))
        filled = level_above(filled, secret, level)
    return path


def root_of(filled: Filled, secret: bytes) -> bytes:
    for level in range(DEPTH):
        filled = level_above(filled, secret, level)
    (root,) = filled.values()
    return root


@settings(max_examples=40, deadline=None)
@given(SLOTS)
def test_every_place_gives_the_root(slots: list[int]) -> None:
    votes = seals(len(slots))
    filled = fill(votes, slots)
    assert list(filled) == sorted(slots)
    root = root_of(filled, SECRET)
    assert root == root_by_hand(filled, SECRET)
    for seal, slot in zip(votes, slots, strict=True):
        path = path_of(filled, SECRET, slot)
        assert box_root(seal, slot, path) == root
        assert box_root(some(32, "another"), slot, path) != root
        assert box_root(seal, slot ^ 1, path) != root
        assert box_root(seal, slot, [*path[1:], path[0]]) != root


def test_a_small_tree_by_hand() -> None:
    seal, path = bytes(32), [bytes([level]) * 32 for level in range(DEPTH)]
    found = hashlib.sha256(b"\0" + seal).digest()
    for level in range(DEPTH):
        right_side = level in (0, 2)
        pair = path[level] + found if right_side else found + path[level]
        found = hashlib.sha256(b"\1" + pair).digest()
    assert box_root(seal, 0b101, path) == found


def test_two_votes_beside_each_other() -> None:
    one, two = seals(2)
    filled = fill([two, one], [7, 6])
    assert filled == {6: leaf_hash(one), 7: leaf_hash(two)}
    assert level_above(filled, SECRET, 0) == {3: node_hash(leaf_hash(one), leaf_hash(two))}


def test_empty_subtrees_differ_everywhere_and_in_every_box() -> None:
    places = [(level, index) for level in range(DEPTH + 1) for index in range(4)]
    secrets = (SECRET, some(32, "another secret"))
    hashes = {empty_hash(secret, *place) for secret in secrets for place in places}
    assert len(hashes) == 2 * len(places)
    assert empty_hash(SECRET, 8, 1) != empty_hash(SECRET, 9, 0)


PATH = [bytes([n]) * 32 for n in range(DEPTH)]


@pytest.mark.parametrize(
    ("slot", "path"),
    [
        (2**32, PATH),
        (2**63 - 1, PATH),
        (-1, PATH),
        (0, PATH[:-1]),
        (0, [*PATH, bytes(32)]),
        (0, []),
        (0, [*PATH[:-1], bytes(31)]),
        (0, [*PATH[:-1], bytes(33)]),
        (0, [*PATH[:-1], b""]),
    ],
)
def test_a_box_has_one_depth_and_no_other_places(slot: int, path: list[bytes]) -> None:
    with pytest.raises(ValueError, match="a box has no such place"):
        box_root(bytes(32), slot, path)


def test_as_many_places_as_votes_must_be_drawn() -> None:
    for slots in ([1], [1, 2, 3]):
        with pytest.raises(ValueError, match="zip"):
            fill(seals(2), slots)


# What an outsider sees: root, slot and path of an own vote, in each round

Box = Callable[[Sequence[bytes], int], list[bytes]]  # seals, round; the sample of the first seal


def seen(slot: int, path: Iterable[bytes], root: bytes) -> list[bytes]:
    """Blocks of one length; the slot fills one by itself."""
    return [root, slot.to_bytes(32, "big"), *path]


def drawn(count: int, turn: int) -> list[int]:
    return [int.from_bytes(some(4, "slot", turn, n), "big") for n in range(count)]


def sparse(
    votes: Sequence[bytes], slots: Sequence[int], empty: Callable[[int, int], bytes], depth: int
) -> list[bytes]:
    """What the first vote's holder sees of a sparse box with these hashes of empty subtrees."""
    filled, own, path = fill(votes, slots), slots[0], []
    for level in range(depth):
        path.append(filled.get(own >> level ^ 1) or empty(level, own >> level ^ 1))
        above = {}
        for index, found in filled.items():
            sibling = filled.get(index ^ 1) or empty(level, index ^ 1)
            pair = (sibling, found) if index & 1 else (found, sibling)
            above[index >> 1] = node_hash(*pair)
        filled = above
    return seen(own, path, filled[0])


def honest(votes: Sequence[bytes], turn: int) -> list[bytes]:
    slots, secret = drawn(len(votes), turn), some(32, "secret", turn)
    filled = fill(votes, slots)
    return seen(slots[0], path_of(filled, secret, slots[0]), root_of(filled, secret))


def zeros(votes: Sequence[bytes], turn: int) -> list[bytes]:
    """Known bad: empty places are zeros, as sparse Merkle trees are built."""
    levels = [bytes(32)]
    for _ in range(DEPTH):
        levels.append(node_hash(levels[-1], levels[-1]))
    return sparse(votes, drawn(len(votes), turn), lambda level, _: levels[level], DEPTH)


def one_secret(votes: Sequence[bytes], turn: int) -> list[bytes]:
    """Known bad: the secret is not drawn anew."""
    return sparse(
        votes,
        drawn(len(votes), turn),
        lambda level, index: empty_hash(SECRET, level, index),
        DEPTH,
    )


def in_order(votes: Sequence[bytes], turn: int) -> list[bytes]:
    """Known bad: the next vote takes the next place; the latest one is mine."""
    secret = some(32, "secret", turn)
    slots = list(range(len(votes)))[::-1]
    return sparse(votes, slots, lambda level, index: empty_hash(secret, level, index), DEPTH)


def as_deep_as_needed(votes: Sequence[bytes], turn: int) -> list[bytes]:
    """Known bad: the size follows from the content."""
    depth = 2 + len(votes).bit_length()
    slots = list(range(len(votes)))
    secret = some(32, "secret", turn)
    return sparse(votes, slots, lambda level, index: empty_hash(secret, level, index), depth)


def rounds(box: Box, others: Sequence[int]) -> list[bytes]:
    """What the holder of one vote sees in many pairs of rounds, with so many others' votes."""
    samples = []
    for turn in range(0, 240, 2):
        pair = [box(seals(1 + count), turn + at) for at, count in enumerate(others)]
        samples.append(b"".join(block for sample in pair for block in sample))
    return samples


CASES = [((0, 0), (0, 1)), ((0, 0), (1, 1)), ((3, 3), (3, 4)), ((0, 0), (40, 40))]


def other_turns(box: Box) -> Box:
    """The same way of making a box, with other random numbers."""
    return lambda votes, turn: box(votes, turn + 1_000_000)


@pytest.mark.parametrize(("one", "other"), CASES)
def test_boxes_with_more_votes_cannot_be_told_apart(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    assert told_apart(rounds(honest, one), rounds(other_turns(honest), other)) is None


@pytest.mark.parametrize("bad", [zeros, one_secret, in_order, as_deep_as_needed])
def test_careless_boxes_are_told_apart(bad: Box) -> None:
    """Known bad: the same look finds one vote of somebody else, or forty.

    Where three others voted before, one more is found by some of them only.
    """
    for one, other in (CASES[0], CASES[1], CASES[3]):
        assert told_apart(rounds(bad, one), rounds(other_turns(bad), other)) is not None


def kept_places(votes: Sequence[bytes], turn: int) -> list[bytes]:
    """Known bad: places and secret stay from one round to the next."""
    pair = turn // 2
    secret = some(32, "secret", pair)
    return sparse(
        votes,
        drawn(len(votes), pair),
        lambda level, index: empty_hash(secret, level, index),
        DEPTH,
    )


def test_rounds_that_nobody_voted_in_look_like_others() -> None:
    """Two roots in a row: with places that stay, equal ones say that nothing was added."""
    roots = [sample[:32] for sample in rounds(honest, (3, 3))]
    again = [sample[34 * 32 : 35 * 32] for sample in rounds(honest, (3, 3))]
    assert all(one != other for one, other in zip(roots, again, strict=True))
    assert len({*roots, *again}) == len(roots) + len(again)
    quiet, busy = rounds(kept_places, (3, 3)), rounds(other_turns(kept_places), (3, 4))
    assert told_apart(quiet, busy) == "repeats"


def test_places_are_no_function_of_the_vote() -> None:
    """The same vote lies elsewhere in each box, so two holders cannot compare their rounds."""
    slots = [int.from_bytes(honest(seals(1), turn)[1], "big") for turn in range(50)]
    assert len(set(slots)) == 50
    assert all(one != other for one, other in pairwise(slots))
