"""Whether the public log's folder and a database agree: places, seals and final maps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.models import Dialogue, StoredMap, VoteSeal
from middleground.dialogues.sealing.boxes import newest_box
from middleground.ledger import read_entry, write_entry
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.publishing import published
from middleground.ledger.files.vote_list import read_vote_list
from middleground.ledger.merkle.entry_bundle import BadBundle
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.merkle.tiles import WIDTH
from middleground.ledger.notes.checkpoint import BadCheckpoint
from middleground.ledger.records.entries import LoggedBox, LoggedList
from middleground.ledger.records.vote_opening import tag_of
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogEntry, LogState

# Of each statement the first in the order of pseudonyms, which are random: a random sample.
SEALS_A_STATEMENT = 100


@dataclass(slots=True)
class LogComparison:
    """What was compared, and in words what disagrees; empty if nothing does."""

    entries: int = 0
    seals: int = 0
    maps: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Entries:
    """Entries by place: signed ones from the folder, later ones from the database."""

    folder: TileFolder
    waiting: dict[int, bytes]
    bundles: dict[int, list[bytes]] = field(default_factory=dict)

    def at(self, index: int) -> bytes | None:
        """Raises ``MissingTile`` or ``BadBundle``."""
        if index >= self.folder.size:
            return self.waiting.get(index)
        bundle, place = divmod(index, WIDTH)
        if bundle not in self.bundles:
            self.bundles.clear()  # seals are looked up in the order of their places
            self.bundles[bundle] = self.folder.entries(bundle)
        return self.bundles[bundle][place]


def compare_log(alias: str) -> LogComparison:
    """Compare the published log with what this database says of it. Creates nothing."""
    state = LogState.objects.using(alias).first() or LogState()
    found = LogComparison()
    try:
        found.trouble = next(_disagreements(alias, state, found), "")
    except (BadCheckpoint, BadBundle, BadRecord, MissingTile, OSError) as problem:
        found.trouble = f"the log's folder cannot be read: {problem}"
    return found


def _disagreements(alias: str, state: LogState, found: LogComparison) -> Iterator[str]:
    folder, keys = Path(settings.LEDGER), Path(settings.KEYS)
    if not (keys / "ledger.key").is_file():
        if state.placed:
            yield f"the log has entries, but {keys} has no ledger.key"
        return
    found.entries = published(folder, signing_key().verifier).size
    if not state.signed <= found.entries <= state.placed:
        yield (
            f"the folder {folder} has {found.entries} signed entries, the database"
            f" {state.signed} to {state.placed}"
        )
    rows = LogEntry.objects.using(alias).filter(index__gte=state.signed)
    entries = _Entries(
        TileFolder(folder, found.entries),
        {index: bytes(entry) for index, entry in rows.values_list("index", "entry")},
    )
    yield from _wrong_entries(state, entries)
    for dialogue in Dialogue.objects.using(alias).filter(imported=False).order_by("pk"):
        yield from _wrong_box(dialogue, entries)
    yield from _wrong_seals(alias, folder, entries, found)
    yield from _wrong_maps(alias, found)


def _wrong_entries(state: LogState, entries: _Entries) -> Iterator[str]:
    """Entries from ``signed`` on are in the database, and those in the folder are the same."""
    if sorted(entries.waiting) != list(range(state.signed, state.placed)):
        yield "entries that wait for a signature are missing"
    for index, entry in sorted(entries.waiting.items()):
        if index < entries.folder.size and entries.at(index) != entry:
            yield f"entry {index} of the folder is another one in the database"


def _wrong_box(dialogue: Dialogue, entries: _Entries) -> Iterator[str]:
    """The kept box is the one that the log names at its place."""
    placed = newest_box(dialogue)
    if placed is None:
        return
    if entries.at(placed.index) != write_entry(LoggedBox(dialogue.slug, placed.box.root())):
        yield f"the box of the dialogue “{dialogue.slug}” is not the one in the log"


def _wrong_seals(
    alias: str, folder: Path, entries: _Entries, found: LogComparison
) -> Iterator[str]:
    """What seals the votes of closed dialogues gives the tags of the lists in the log."""
    for record in _lists(entries):
        seals = VoteSeal.objects.using(alias).filter(
            statement__dialogue__slug=record.dialogue, statement__number=record.statement
        )
        nonces = seals.order_by("pk").values_list("client_nonce", "server_nonce")
        rows = list(nonces[:SEALS_A_STATEMENT])
        if not rows:
            continue  # the dialogue's key is destroyed
        data = (folder / "documents" / record.document.hex()).read_bytes()
        listed = read_vote_list(data, record.dialogue, record.statement)
        tags = {vote.tag for vote in listed.votes}
        if not all(tag_of(bytes(client), bytes(server)) in tags for client, server in rows):
            yield f"a seal of the dialogue “{record.dialogue}” has no line in the log's lists"
        found.seals += len(rows)


def _lists(entries: _Entries) -> Iterator[LoggedList]:
    for index in range(entries.folder.size):
        with suppress(BadRecord):
            record = read_entry(entries.at(index) or b"")
            if isinstance(record, LoggedList):
                yield record


def _wrong_maps(alias: str, found: LogComparison) -> Iterator[str]:
    """The kept file of a final map's votes has the hash that the map and the log name."""
    for row in StoredMap.objects.using(alias).filter(final=True).select_related("dialogue"):
        path = matrix_path(row.dialogue)
        if path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != row.votes_seal:
                    yield f"{path} is not the file of votes that the final map names"
            found.maps += 1
