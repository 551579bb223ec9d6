"""The source of hashes for proofs, and the hash of any range in RFC 6962's recursion."""

from __future__ import annotations

from typing import Protocol

from middleground.ledger.merkle.compact_range import CompactRange


class Nodes(Protocol):
    """Hashes of complete subtrees; at ``level`` l, node i spans leaves i·2ˡ to (i+1)·2ˡ − 1."""

    def node(self, level: int, index: int) -> bytes: ...


def split_of(count: int) -> int:
    """The largest power of two below ``count`` (RFC 6962's k)."""
    return 1 << (count - 1).bit_length() - 1


def peaks_of(nodes: Nodes, start: int, end: int) -> list[bytes]:
    """Split leaves ``start`` to ``end - 1`` into complete subtrees, the largest first.

    ``start`` must be a multiple of the largest one's size, as it always is in the RFC's recursion.
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
