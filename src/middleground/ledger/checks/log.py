"""Do the published entries add up to the newest checkpoint, and what do they say?"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.merkle.compact_range import CompactRange, root_of
from middleground.ledger.merkle.entry_bundle import BadBundle, read_bundle
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.merkle.tiles import WIDTH, Tile
from middleground.ledger.notes.checkpoint import Checkpoint
from middleground.ledger.records.kinds import (
    LoggedRecord,
    UnknownEntry,
    UnknownKind,
    read_entry,
    read_unknown,
)

UNREADABLE = b""
MOST_MISSING = 1000

T = TypeVar("T")


@dataclass(slots=True)
class Log:
    """Leaf hashes in order, and all records.

    For entries of unknown kinds ``records`` holds an ``UnknownEntry``.
    """

    size: int
    leaves: list[bytes] = field(default_factory=list)
    records: list[tuple[int, LoggedRecord | UnknownEntry]] = field(default_factory=list)

    def of(self, kind: type[T]) -> list[tuple[int, T]]:
        return [(index, record) for index, record in self.records if isinstance(record, kind)]

    def roots(self, sizes: Iterable[int]) -> dict[int, bytes]:
        """Compute the root from the leaves at each of these sizes."""
        wanted = set(sizes)
        edge = CompactRange()
        found = {0: edge.root()} if 0 in wanted else {}
        for leaf in self.leaves[: max(wanted, default=0)]:
            edge.append(leaf)
            if edge.size in wanted:
                found[edge.size] = edge.root()
        return found


def too_much_missing(folder: Path, newest: Checkpoint) -> list[CheckFinding]:
    """Return a finding if too many bundles are missing to continue.

    A host can sign a checkpoint of 2⁶³ leaves, which must not make a reader loop that long.
    """
    present = sum(1 for _ in files_in(folder, "tile/entries/**/*"))
    missing = -(-newest.size // WIDTH) - present
    if missing <= MOST_MISSING:
        return []
    sentence = f"The newest checkpoint has {newest.size} leaves; most of their files are missing."
    return [fails("history", sentence)]


def read_log(folder: Path, newest: Checkpoint) -> tuple[Log, list[CheckFinding]]:
    """Read the log's content from its bundles.

    If their root differs from the newest checkpoint's, but the level 0 tiles give that root, the
    leaves come from the tiles: the bundles were altered, and ``signed/tiles.py`` says which.
    """
    tiles = TileFolder(folder, newest.size)
    log = Log(newest.size)
    wrong, unknown = _read_entries(tiles, log)
    if root_of(log.leaves) != newest.root:
        hashes = _tile_hashes(tiles)
        if root_of(hashes) == newest.root:
            log.leaves = hashes
    return log, _about_records(len(log.records), wrong, unknown)


def _read_entries(tiles: TileFolder, log: Log) -> tuple[list[str], int]:
    wrong, unknown = [], 0
    for start in range(0, tiles.size, WIDTH):
        width = min(WIDTH, tiles.size - start)
        entries = _entries(tiles.folder, start // WIDTH, width)
        for index, entry in enumerate(entries, start):
            log.leaves.append(leaf_hash(entry))
            try:
                record = read_entry(entry)
            except UnknownKind:
                unknown += 1
                record = read_unknown(entry)
            except BadRecord as problem:
                wrong.append(f"Entry {index}: {problem}.")
                continue
            if record is not None:
                log.records.append((index, record))
        log.leaves += [UNREADABLE] * (width - len(entries))
    return wrong, unknown


def _entries(folder: Path, index: int, width: int) -> list[bytes]:
    """Return a bundle's entries; if its file is missing or short, the most that any file has."""
    wanted, full = Tile("entries", index, width), Tile("entries", index)
    paths = [folder / wanted.path, folder / full.path]
    older = (folder / f"{full.path}.p").glob("[1-9]*")
    numbered = [path for path in older if path.name.isascii() and path.name.isdecimal()]
    paths += sorted(numbered, key=lambda path: int(path.name), reverse=True)
    for path in paths:
        if path.is_file():
            with suppress(BadBundle):
                return read_bundle(path.read_bytes())[:width]
    return []


def _tile_hashes(tiles: TileFolder) -> list[bytes]:
    hashes: list[bytes] = []
    for start in range(0, tiles.size, WIDTH):
        try:
            hashes += tiles.hashes(0, start // WIDTH)
        except MissingTile:
            return []
    return hashes


def _about_records(read: int, wrong: list[str], unknown: int) -> list[CheckFinding]:
    found: list[CheckFinding] = []
    if wrong:
        found.append(fails("record", "Entries are not written as records must be.", wrong))
    if unknown:
        found.append(
            unclear("record", f"Entries of kinds that this program does not know: {unknown}.")
        )
    return found or [holds("record", f"All {read} entries are records that can be read.")]
