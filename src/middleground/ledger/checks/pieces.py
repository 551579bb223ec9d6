"""Bundles of a stored log compared with the tiles above them, without reading the whole log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path

from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.entry_bundle import BadBundle
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.merkle.tiles import WIDTH, Tile
from middleground.ledger.notes.checkpoint import Checkpoint


def bundles_of(size: int) -> int:
    return -(-size // WIDTH)


def check_root(folder: Path, newest: Checkpoint) -> str:
    """What is wrong with the tiles that give the newest checkpoint's root; empty if nothing is."""
    try:
        root = TileFolder(folder, newest.size).compact_range().root()
    except (MissingTile, OSError) as problem:
        return f"{problem}: the file is missing or short"
    return "" if root == newest.root else "the tiles do not give the newest checkpoint's root"


def check_bundles(folder: Path, newest: Checkpoint, numbers: Sequence[int]) -> Iterator[str]:
    """What is wrong with each of these bundles, or the tiles above it; empty if nothing is.

    Together with ``check_root`` this reaches every bundle and tile that the checkpoint covers.
    """
    log = TileFolder(folder, newest.size)
    for number in numbers:
        try:
            yield _problem(log, number)
        except (MissingTile, BadBundle, OSError) as problem:
            yield f"{Tile('entries', number).path}: {problem}"


def check_document_names(folder: Path) -> Iterator[str]:
    """What is wrong with each stored document, which is named by its hash; empty if nothing is.

    It does not tell that one is missing, which only a walk through the whole log does.
    """
    for path in (folder / "documents").glob("[!.]*"):
        try:
            with path.open("rb") as file:
                is_whole = file_digest(file, "sha256").hexdigest() == path.name
        except OSError as problem:
            yield f"documents/{path.name}: {problem.strerror}"
        else:
            yield "" if is_whole else f"documents/{path.name} is not what was signed"


def _problem(log: TileFolder, number: int) -> str:
    hashes, index, level = log.hashes(0, number), number, 0
    if [leaf_hash(entry) for entry in log.entries(number)] != hashes:
        return f"{Tile('entries', number).path} is not what was signed"
    while len(hashes) == WIDTH:
        above, place = divmod(index, WIDTH)
        if log.size >> 8 * (level + 1) <= index:
            break
        root, hashes = root_of(hashes), log.hashes(level + 1, above)
        if hashes[place] != root:
            return f"{Tile(level, index).path} is not what was signed"
        level, index = level + 1, above
    return ""
