"""Proof that a log only grew: RFC 6962, section 2.1.2; verified as RFC 9162, 2.1.4.2."""

from __future__ import annotations

from collections.abc import Sequence

from middleground.ledger.merkle.hashing import EMPTY_ROOT, node_hash
from middleground.ledger.merkle.nodes import Nodes, range_root, split_of


def consistency_proof(nodes: Nodes, old_size: int, size: int) -> list[bytes]:
    """PROOF(old_size, D[size]); empty if ``old_size`` is 0 or equal to ``size``.

    Raises ``IndexError`` if the log was never that large.
    """
    if not 0 <= old_size <= size:
        raise IndexError(f"a log of {size} leaves never had {old_size}")
    if old_size in {0, size}:
        return []
    return _subproof(nodes, old_size, 0, size, known=True)


def _subproof(nodes: Nodes, old: int, start: int, end: int, known: bool) -> list[bytes]:
    """SUBPROOF; ``known``: the reader has the old hash of this range, the old root."""
    if old == end:
        return [] if known else [range_root(nodes, start, end)]
    middle = start + split_of(end - start)
    if old <= middle:
        return [*_subproof(nodes, old, start, middle, known), range_root(nodes, middle, end)]
    return [*_subproof(nodes, old, middle, end, False), range_root(nodes, start, middle)]


def is_consistent(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows that the tree of ``root`` extends the tree of ``old_root``."""
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT and (size > 0 or root == EMPTY_ROOT)
    if old_size == size:
        return not proof and old_root == root
    return _climb(old_size, old_root, size, root, proof)


def _climb(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    # If the old tree is complete, the proof omits its first hash, which is the old root.
    hashes = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not proof or not hashes:
        return False
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_found = found = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_found, found = node_hash(sibling, old_found), node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root
