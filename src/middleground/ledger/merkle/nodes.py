"""Where proofs take their hashes from, and the hash of any range that the RFC's recursion meets."""

from __future__ import annotations

from typing import Protocol

from middleground.ledger.merkle.compact_range import CompactRange


class Nodes(Protocol):
    """Hashes of complete subtrees: at ``level`` l, the i-th spans leaves i·2ˡ to (i+1)·2ˡ − 1."""

    def node(self, level: int, index: int) -> bytes: ...


def split_of(count: int) -> int:
    """The largest power of two below ``count`` (RFC 6962's k)."""
    return 1 << (count - 1).bit_length() - 1


def peaks_of(nodes: Nodes, start: int, end: int) -> list[bytes]:
    """The complete subtrees that leaves ``start`` to ``end - 1`` consist of, the largest first.

    ``start`` is a multiple of the largest of them, as it always is in the RFC's recursion.
    """
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(nodes.node(level, start >> level))
        start += 1 << level
    return peaks


def range_root(nodes: Nodes, start: int, end: int) -> bytes:
    """The Merkle tree hash of leaves ``start`` to ``end - 1``."""
    return CompactRange(end - start, peaks_of(nodes, start, end)).root()
