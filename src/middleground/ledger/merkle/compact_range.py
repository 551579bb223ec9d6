"""A growing tree's right edge: enough to append and to tell the root, without rehashing."""

from __future__ import annotations

from collections.abc import Iterable

from middleground.ledger.merkle.hashing import EMPTY_ROOT, node_hash


class CompactRange:
    """The roots of the complete subtrees that a log of ``size`` leaves consists of.

    A tree of 13 leaves is a complete one of 8, one of 4 and one of 1: the ones in the binary form
    of its size. So at most 64 hashes are held, and an append costs two hashes on average.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """``peaks`` are the complete subtrees' roots, the largest first."""
        self.size = size
        self._peaks = list(peaks)
        if size < 0 or len(self._peaks) != size.bit_count():
            raise ValueError(f"a log of {size} leaves does not have {len(self._peaks)} peaks")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash: like adding one to a binary number, a carry merges two peaks."""
        carried, size = leaf, self.size
        while size & 1:
            carried = node_hash(self._peaks.pop(), carried)
            size >>= 1
        self._peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash over hashes of leaves."""
    edge = CompactRange()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root()
