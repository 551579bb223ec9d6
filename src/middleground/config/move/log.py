"""Whether the public log's folder and a database agree: places, seals and final maps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from middleground.dialogues.identity.keys import key_file_exists
from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.models import Dialogue, StoredMap, VoteSeal
from middleground.dialogues.sealing.records import opening_of
from middleground.ledger.files.publishing import published
from middleground.ledger.merkle.entry_bundle import BadBundle
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.merkle.tiles import WIDTH
from middleground.ledger.notes.checkpoint import BadCheckpoint
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogEntry, LogState

# Of each dialogue the first in the order of pseudonyms, which are random: a random sample.
SEALS_A_DIALOGUE = 1_000


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
    except (BadCheckpoint, BadBundle, MissingTile, OSError) as problem:
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
    if VoteSeal.objects.using(alias).filter(leaf__gte=state.placed).exists():
        yield "a vote's seal names a place that the log does not have"
    for dialogue in Dialogue.objects.using(alias).order_by("pk"):
        yield from _wrong_seals(dialogue, entries, found)
    yield from _wrong_maps(alias, found)


def _wrong_entries(state: LogState, entries: _Entries) -> Iterator[str]:
    """Entries from ``signed`` on are in the database, and those in the folder are the same."""
    if sorted(entries.waiting) != list(range(state.signed, state.placed)):
        yield "entries that wait for a signature are missing"
    for index, entry in sorted(entries.waiting.items()):
        if index < entries.folder.size and entries.at(index) != entry:
            yield f"entry {index} of the folder is another one in the database"


def _wrong_seals(dialogue: Dialogue, entries: _Entries, found: LogComparison) -> Iterator[str]:
    """What opens a sealed vote gives the entry at its place."""
    if dialogue.imported or not key_file_exists(dialogue.pk):
        return
    numbers = dict(dialogue.statements.values_list("pk", "number"))
    placed = VoteSeal.objects.using(dialogue._state.db).filter(leaf__isnull=False)
    rows = placed.filter(statement__dialogue=dialogue).order_by("pk")[:SEALS_A_DIALOGUE]
    for seal in sorted(rows, key=lambda seal: seal.leaf or 0):
        entry = opening_of(dialogue, numbers[seal.statement_id], seal).entry()
        if entries.at(seal.leaf or 0) != entry:
            yield f"a seal of the dialogue “{dialogue.slug}” does not open its entry in the log"
        found.seals += 1


def _wrong_maps(alias: str, found: LogComparison) -> Iterator[str]:
    """The kept file of a final map's votes has the hash that the map and the log name."""
    for row in StoredMap.objects.using(alias).filter(final=True).select_related("dialogue"):
        path = matrix_path(row.dialogue)
        if path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != row.votes_seal:
                    yield f"{path} is not the file of votes that the final map names"
            found.maps += 1
