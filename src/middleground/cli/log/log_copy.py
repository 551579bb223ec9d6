"""Copying a published log by HTTP, file by file, so that it can be verified offline.

It connects to one host only and follows no redirect. Immutable files are fetched once, so an
interrupted copy is continued and an old one is updated. Saved checkpoints are never replaced,
because two contradictory checkpoints are the proof of a fork.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from middleground.cli.log.http_source import CannotCopy, HttpSource
from middleground.core.durable import write_whole
from middleground.ledger.checks.signed.listing import read_sizes
from middleground.ledger.checks.site.paths import PARQUET, RESULTS_PAGE, SITE_FILES, site_path
from middleground.ledger.checks.site.shown_kinds import SHOWN_FILES
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.publishing import checkpoint_path
from middleground.ledger.merkle.tiles import Tile, tiles_of
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint, read_checkpoint
from middleground.ledger.notes.note import BadNote, read_note
from middleground.ledger.records.manifest import read_manifest

MOST_LEAVES = 100_000_000
MOST_CHECKPOINTS = 1_000_000
SHORT, LONG = 1_000_000, 1_000_000_000  # bytes of one file
LONGEST_PAGE = 100_000_000
LONGEST_BUNDLE = 256 * (2 + 0xFFFF)

# Called after each file with the number of files done and the number known so far.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Copy:
    """A copy in progress, with notes for its reader."""

    source: HttpSource
    folder: Path
    progress: Progress
    done: int = 0
    known: int = 0
    notes: list[str] = field(default_factory=list)

    def get_all(self, paths: Iterable[str], most: int, again: bool = False) -> None:
        """Fetch files that exist; ``again``: also those already in the folder, as they change."""
        wanted = [path for path in paths if again or not (self.folder / path).is_file()]
        self.known += len(wanted)
        for path in wanted:
            self.get(path, most)

    def get(self, path: str, most: int) -> bool:
        data = self.source.get(path, most)
        self.done += 1
        self.progress(self.done, self.known)
        place = self.folder / path
        before = place.read_bytes() if place.is_file() else None
        if data is None:
            if before is not None:
                self.notes.append(f"{path} is not published any more; the copy keeps it.")
            return False
        if before is not None and before != data:
            self.notes.append(f"{path} is not what it was in your earlier copy.")
        if before != data:
            write_whole(place, data)
        return True


def copy_log(source: HttpSource, folder: Path, progress: Progress) -> list[str]:
    """Bring ``folder`` up to date and return notes on irregularities. Raises ``CannotCopy``."""
    copy = Copy(source, folder, progress)
    sizes = _sizes(source)  # before the newest checkpoint, so that none is larger
    note = source.get("checkpoint", SHORT)
    if note is None:
        raise CannotCopy("No log is published there: the file “checkpoint” is missing.")
    size = _read(note).size
    if size > MOST_LEAVES:
        raise CannotCopy(f"The log says that it has {size} leaves; {MOST_LEAVES} are the most.")
    if (folder / "checkpoint").is_file():
        before = _read((folder / "checkpoint").read_bytes()).size
        if before > size:
            copy.notes.append(f"Your earlier copy has {before} leaves, this log now {size}.")
    copy.get_all(["keys"], SHORT, again=True)
    _get_tiles(copy, size)
    _get_what_entries_name(copy, size)
    if sizes is not None:
        copy.get_all(map(checkpoint_path, sizes), SHORT)
        write_whole(folder / "sizes", "".join(f"{each}\n" for each in sizes).encode())
    _keep_checkpoint(folder, size, note)
    return copy.notes


def _read(note: bytes) -> Checkpoint:
    """Parse a checkpoint without checking its signature, which ``verify`` does afterwards."""
    try:
        return read_checkpoint(read_note(note).text)
    except (BadCheckpoint, BadNote) as problem:
        raise CannotCopy(f"The file “checkpoint” cannot be read: {problem}.") from problem


def _sizes(source: HttpSource) -> list[int] | None:
    data = source.get("sizes", 20 * SHORT)
    if data is None:
        return None
    try:
        sizes = read_sizes(data.decode("utf-8", "replace"))
    except BadRecord as problem:
        raise CannotCopy(f"The file “sizes” cannot be read: {problem}.") from problem
    if len(sizes) > MOST_CHECKPOINTS:
        raise CannotCopy(
            f"The log lists {len(sizes)} checkpoints; {MOST_CHECKPOINTS} are the most."
        )
    return sizes


def _get_tiles(copy: Copy, size: int) -> None:
    copy.known += len(tiles := tiles_of(size))
    for tile in tiles:
        full = Tile(tile.level, tile.index)
        if any((copy.folder / each.path).is_file() for each in (tile, full)):
            copy.known -= 1
        elif not copy.get(tile.path, LONGEST_BUNDLE) and tile != full:
            # The log grew meanwhile, and its host has the full tile only.
            copy.known += 1
            copy.get(full.path, LONGEST_BUNDLE)


def _get_what_entries_name(copy: Copy, size: int) -> None:
    manifest = read_manifest(copy.folder, size)
    copy.get_all(manifest.document_files, LONG)
    copy.get_all(manifest.text_files, LONG, again=True)
    for dialogue in sorted(manifest.closed):
        for name in (*SITE_FILES, PARQUET):
            data = copy.source.beside(f"d/{dialogue}/results/{name}", LONG)
            _keep_of_site(copy, site_path(dialogue, name), data)
        _keep_of_site(copy, site_path(dialogue, RESULTS_PAGE), _results_page(copy, dialogue))
    for dialogue in sorted(manifest.public):
        for address, name in SHOWN_FILES.items():
            data = copy.source.beside(f"d/{dialogue}/{address}", LONG)
            _keep_of_site(copy, site_path(dialogue, name), data)


def _results_page(copy: Copy, dialogue: str) -> bytes | None:
    try:
        return copy.source.beside(f"d/{dialogue}/results/", LONGEST_PAGE)
    except CannotCopy as problem:
        # Only the page is not compared then; a host that is gone is noticed with the next file.
        copy.notes.append(f"The page of the results of {dialogue} was not fetched: {problem}")
        return None


def _keep_of_site(copy: Copy, path: str, data: bytes | None) -> None:
    """Keep what lies beside the log: a host that has none, as a mirror, is no host."""
    place = copy.folder / path
    if data is not None:
        write_whole(place, data)
    else:
        place.unlink(missing_ok=True)


def _keep_checkpoint(folder: Path, size: int, note: bytes) -> None:
    """Write the newest checkpoint; called last, when all files that it needs are there."""
    numbered = folder / checkpoint_path(size)
    text = read_note(note).text
    if not numbered.is_file() or read_note(numbered.read_bytes()).text == text:
        write_whole(numbered, note)  # with the witnesses' newest signatures
    write_whole(folder / "checkpoint", note)
