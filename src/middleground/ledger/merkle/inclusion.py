"""Proof that an entry is in the log: RFC 6962, section 2.1.1; verified as RFC 9162, 2.1.3.2."""

from __future__ import annotations

from collections.abc import Sequence

from middleground.ledger.merkle.hashing import node_hash
from middleground.ledger.merkle.nodes import Nodes, range_root, split_of


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]): the sibling hashes on the path from the leaf to the root.

    Raises ``IndexError`` if the log has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"a log of {size} leaves has no leaf {index}")
    return _path(nodes, index, 0, size)


def _path(nodes: Nodes, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + split_of(end - start)
    if index < middle:
        return [*_path(nodes, index, start, middle), range_root(nodes, middle, end)]
    return [*_path(nodes, index, middle, end), range_root(nodes, start, middle)]


def is_included(leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the leaf hash is at ``index`` in the tree with this root."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root
