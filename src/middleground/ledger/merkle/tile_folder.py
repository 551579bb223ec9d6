"""A log as a plain folder of static files, which any web server or mirror can copy.

Tiles are written before the checkpoint that needs them, so that a reader of a checkpoint finds all
its tiles even after a power failure. The caller must store the order of entries durably (in its
database) before it calls ``append``; appending the same entries at the same place is idempotent.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from middleground.core.durable import write_whole
from middleground.ledger.merkle.compact_range import CompactRange, root_of
from middleground.ledger.merkle.entry_bundle import read_bundle, write_bundle
from middleground.ledger.merkle.hashing import HASH_BYTES, leaf_hash
from middleground.ledger.merkle.nodes import peaks_of
from middleground.ledger.merkle.tiles import HEIGHT, WIDTH, Level, Tile, count_at


class MissingTile(LookupError):
    """A tile is missing or shorter than its name says; the message is its path."""


class TileFolder:
    """The tiles and bundles of one log, for a tree of ``size`` leaves."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size

    def append(self, entries: Sequence[bytes]) -> None:
        """Write the tiles and bundles for ``entries`` after the first ``size`` entries.

        Partial tiles are kept when the log grows, even once the tile is full, because readers who
        copy the log meanwhile have an older checkpoint and ask for them. All files of one tile
        together are at most 128 times as large as the full tile.
        """
        if not entries:
            return
        self._extend("entries", entries)
        level, hashes = 0, [leaf_hash(entry) for entry in entries]
        while hashes:
            hashes = self._extend(level, hashes)
            level += 1
        self.size += len(entries)

    def compact_range(self) -> CompactRange:
        """Read the right edge of the tree from the tiles."""
        return CompactRange(self.size, peaks_of(self, 0, self.size))

    def node(self, level: int, index: int) -> bytes:
        """The root of a complete subtree of 2^level leaves (see ``nodes.Nodes``)."""
        tile_level, inner = divmod(level, HEIGHT)
        number, offset = divmod(index << inner, WIDTH)
        return root_of(self.hashes(tile_level, number)[offset : offset + (1 << inner)])

    def hashes(self, level: int, index: int) -> list[bytes]:
        """Return the hashes of a tile in a tree of this size. Raises ``MissingTile``."""
        data, width = self._read(level, index)
        if len(data) < width * HASH_BYTES:
            raise MissingTile(Tile(level, index, width).path)
        return [data[i * HASH_BYTES : (i + 1) * HASH_BYTES] for i in range(width)]

    def entries(self, index: int) -> list[bytes]:
        """Return a bundle's entries. Raises ``MissingTile`` or ``BadBundle``."""
        data, width = self._read("entries", index)
        entries = read_bundle(data)
        if len(entries) < width:
            raise MissingTile(Tile("entries", index, width).path)
        return entries[:width]

    def _extend(self, level: Level, new: Sequence[bytes]) -> list[bytes]:
        """Append ``new`` to the level; return the roots of the tiles that became full."""
        index, width = divmod(count_at(level, self.size), WIDTH)
        tail: list[bytes] = []
        if width:
            tail = self.entries(index) if level == "entries" else self.hashes(level, index)
        content = [*tail, *new]
        full = []
        for start in range(0, len(content), WIDTH):
            part = content[start : start + WIDTH]
            data = write_bundle(part) if level == "entries" else b"".join(part)
            tile = Tile(level, index + start // WIDTH, len(part))
            write_whole(self.folder / tile.path, data)
            if len(part) == WIDTH and level != "entries":
                full.append(root_of(part))
        return full

    def _read(self, level: Level, index: int) -> tuple[bytes, int]:
        width = min(WIDTH, count_at(level, self.size) - index * WIDTH)
        if width > 0:
            # A copied or pruned log may have the full tile only.
            for tile in dict.fromkeys((Tile(level, index, width), Tile(level, index))):
                path = self.folder / tile.path
                if path.is_file():
                    return path.read_bytes(), width
        raise MissingTile(Tile(level, index, max(width, 0)).path)
