"""The box: a Merkle tree of sealed votes that says nothing of how many there are.

It has 2³² places, always. Places are drawn anew for each box, each as likely as any other. Empty
subtrees have hashes that follow from a secret, which nobody can tell from others. So neither the
root nor the proof for one's own place depends on other votes in a way that can be seen: it shows
neither how many there are nor whether one was added since the last box.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from middleground.ledger.merkle.hashing import HASH_BYTES, leaf_hash, node_hash

DEPTH = 32
# The hash of each subtree of one level that holds a vote, by its index, ascending.
Filled = dict[int, bytes]


def fill(seals: Iterable[bytes], slots: Iterable[int]) -> Filled:
    """The lowest level of a box. ``slots``: distinct random numbers below 2³², one a seal."""
    placed = zip(slots, seals, strict=True)
    return dict(sorted((slot, leaf_hash(seal)) for slot, seal in placed))


def empty_hash(secret: bytes, level: int, index: int) -> bytes:
    """The hash of a subtree without a vote; ``secret`` are 32 random bytes of this box."""
    return hashlib.sha256(secret + bytes([level]) + index.to_bytes(4, "big")).digest()


def level_above(filled: Filled, secret: bytes, level: int) -> Filled:
    """The filled subtrees of the level above ``level``."""
    above: Filled = {}
    for index, own in filled.items():
        if index >> 1 in above:
            continue  # its left sibling was filled
        sibling = sibling_of(filled, secret, level, index)
        above[index >> 1] = node_hash(sibling, own) if index & 1 else node_hash(own, sibling)
    return above


def sibling_of(filled: Filled, secret: bytes, level: int, index: int) -> bytes:
    return filled.get(index ^ 1) or empty_hash(secret, level, index ^ 1)


def box_root(seal: bytes, slot: int, path: Sequence[bytes]) -> bytes:
    """The root of the box that holds the seal at this place. Raises ``ValueError``."""
    whole = all(len(sibling) == HASH_BYTES for sibling in path)
    if not whole or len(path) != DEPTH or slot >> DEPTH:
        raise ValueError("a box has no such place")
    found = leaf_hash(seal)
    for level, sibling in enumerate(path):
        found = node_hash(sibling, found) if slot >> level & 1 else node_hash(found, sibling)
    return found
