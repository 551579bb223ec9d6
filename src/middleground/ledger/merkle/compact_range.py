"""The right edge of a growing tree: enough to append leaves and compute the root."""

from __future__ import annotations

from collections.abc import Iterable

from middleground.ledger.merkle.hashing import EMPTY_ROOT, node_hash


class CompactRange:
    """The roots of the complete subtrees that a log of ``size`` leaves consists of.

    A tree of 13 leaves consists of complete trees of 8, 4 and 1 leaves: the binary digits of its
    size. So at most 64 hashes are held, and an append computes two hashes on average.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """``peaks``: the roots of the complete subtrees, the largest first."""
        self.size = size
        self._peaks = list(peaks)
        if size < 0 or len(self._peaks) != size.bit_count():
            raise ValueError(f"a log of {size} leaves does not have {len(self._peaks)} peaks")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash. As in binary addition of one, each carry merges two peaks."""
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
    """Compute the Merkle tree hash from leaf hashes."""
    edge = CompactRange()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root()
