"""The tiles of a log of a given size, and their paths: C2SP tlog-tiles (c2sp.org/tlog-tiles).

A tile holds up to 256 hashes of one level; a full tile is a complete subtree of height 8. The
hashes of the next level are the roots of full tiles. Level 0 holds the leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

WIDTH = 256
HEIGHT = 8

Level = int | Literal["entries"]

_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile or, if ``level`` is "entries", one bundle; 256 wide unless partial."""

    level: Level
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """``tile/<L>/<N>[.p/<W>]``: index 1234067 is x001/x234/067, so folders stay small."""
        thousands, rest = divmod(self.index, 1000)
        number = f"{rest:03d}"
        while thousands:
            thousands, rest = divmod(thousands, 1000)
            number = f"x{rest:03d}/{number}"
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{number}{partial}"


def tile_at(path: str) -> Tile | None:
    """Parse a path; None if it is not a tile's path in canonical form."""
    match = _PATH.fullmatch(path)
    if not match:
        return None
    level: Level = "entries" if match[1] == "entries" else int(match[1])
    index = int(re.sub(r"[x/]", "", match[2]))
    tile = Tile(level, index, int(match[3]) if match[3] else WIDTH)
    return tile if tile.path == path and (level == "entries" or level < 64) else None


def count_at(level: Level, size: int) -> int:
    """The number of hashes (or entries) on a level of tiles in a log of ``size`` leaves."""
    return size if level == "entries" else size >> HEIGHT * level


def tiles_of(size: int) -> list[Tile]:
    """All tiles and bundles of a log of ``size`` leaves, level by level."""
    found: list[Tile] = []
    levels: list[Level] = ["entries", *range(64)]
    for level in levels:
        count = count_at(level, size)
        if count == 0:
            break
        found += [Tile(level, index) for index in range(count // WIDTH)]
        if count % WIDTH:
            found.append(Tile(level, count // WIDTH, count % WIDTH))
    return found
