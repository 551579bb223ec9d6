"""Does every tile and bundle in the folder match the log's leaves?"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.entry_bundle import BadBundle, read_bundle
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.tiles import WIDTH, Tile, count_at, tile_at, tiles_of


def check_tiles(folder: Path, log: Log) -> list[CheckFinding]:
    """Compare every file below ``tile/`` with the leaves, and report missing files."""
    levels = _levels(log.leaves)
    wrong, beyond, right = [], [], 0
    for name, path in files_in(folder, "tile/**/*"):
        tile = tile_at(name)
        if tile is None or tile.index * WIDTH + tile.width > count_at(tile.level, log.size):
            beyond.append(f"{name}.")
            continue
        problem = _problem(tile, path.read_bytes(), levels)
        if problem:
            wrong.append(f"{name}: {problem}.")
        else:
            right += 1
    for tile in tiles_of(log.size):
        full = Tile(tile.level, tile.index)
        if not (folder / tile.path).is_file() and not (folder / full.path).is_file():
            wrong.append(f"{tile.path}: the file is missing.")
    found: list[CheckFinding] = []
    if wrong:
        found.append(fails("tiles", "Files of the log are not what was signed.", wrong))
    else:
        found.append(holds("tiles", f"All {right} files of the log are what was signed."))
    if beyond:
        sentence = (
            f"Files below “tile” that belong to no signed checkpoint: {len(beyond)}. Either one is "
            "about to be published, or one was taken away."
        )
        found.append(unclear("tiles", sentence, beyond))
    return found


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """The hashes of each level of tiles."""
    levels = [leaves]
    while len(below := levels[-1]) >= WIDTH:
        starts = range(0, len(below) - WIDTH + 1, WIDTH)
        levels.append([root_of(below[start : start + WIDTH]) for start in starts])
    return levels


def _problem(tile: Tile, data: bytes, levels: list[list[bytes]]) -> str | None:
    first = tile.index * WIDTH
    if tile.level != "entries":
        hashes = levels[tile.level][first : first + tile.width]
        return None if data == b"".join(hashes) else "its hashes are not those of the leaves"
    try:
        found = [leaf_hash(entry) for entry in read_bundle(data)]
    except BadBundle as problem:
        return str(problem)
    leaves = levels[0][first : first + tile.width]
    if len(found) != len(leaves):
        verb = "dropped" if len(found) < len(leaves) else "added"
        return f"it holds {len(found)} entries where {len(leaves)} belong; some were {verb}"
    altered = [first + i for i, leaf in enumerate(found) if leaf != leaves[i]]
    if altered:
        return f"entry {', '.join(map(str, altered[:10]))} is not what was logged"
    return None
