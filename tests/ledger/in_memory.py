"""A small log whose hashes are all in memory."""

from __future__ import annotations

from collections.abc import Iterable

from middleground.ledger.merkle.hashing import node_hash


class HashesInMemory:
    """All complete subtrees of a small log (see ``merkle.nodes.Nodes``)."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]
