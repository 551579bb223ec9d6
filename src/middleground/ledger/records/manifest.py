"""The names of all files of a log. A reader needs them because HTTP cannot list a folder.

The newest checkpoint's size gives the tiles; their entries name dialogues, documents and texts.
Only the sizes of older checkpoints need a list (``ledger/files/publishing.py``).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.merkle.entry_bundle import BadBundle
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.merkle.tiles import WIDTH
from middleground.ledger.records.entries import STATEMENTS, SealedText
from middleground.ledger.records.kinds import UnknownKind, read_entry, read_unknown


@dataclass(slots=True)
class Manifest:
    """Everything that a log's entries name: dialogues, hashes of documents, places of texts."""

    dialogues: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    texts: set[tuple[str, str, int]] = field(default_factory=set)  # dialogue, collection, number

    @property
    def document_files(self) -> list[str]:
        return [f"documents/{name}" for name in sorted(self.documents)]

    @property
    def dialogue_files(self) -> list[str]:
        """Files of texts and totals; missing while no text is shown or there is no result."""
        collections = sorted({(dialogue, collection) for dialogue, collection, _ in self.texts})
        texts = [f"texts/{dialogue}/{collection}" for dialogue, collection in collections]
        return texts + [f"totals/{dialogue}" for dialogue in sorted(self.dialogues)]

    def openings_files(self, closed: set[str]) -> list[str]:
        """Opening files of dialogues that have a result; withheld statements have none."""
        return [
            f"openings/{dialogue}/{number}"
            for dialogue, collection, number in sorted(self.texts)
            if collection == STATEMENTS and dialogue in closed
        ]


def read_manifest(folder: Path, size: int) -> Manifest:
    """Collect the names from the bundles in ``folder``; unreadable entries are skipped."""
    manifest = Manifest()
    log = TileFolder(folder, size)
    for index in range(-(-size // WIDTH)):
        entries: list[bytes] = []
        with suppress(MissingTile, BadBundle):
            entries = log.entries(index)
        for entry in entries:
            with suppress(BadRecord):
                _add(manifest, entry)
    return manifest


def _add(manifest: Manifest, entry: bytes) -> None:
    try:
        record = read_entry(entry)
    except UnknownKind:
        record = read_unknown(entry)
    if dialogue := getattr(record, "dialogue", None):
        manifest.dialogues.add(dialogue)
    if document := getattr(record, "document", None):
        manifest.documents.add(document.hex())
    if isinstance(record, SealedText):
        manifest.texts.add((record.dialogue, record.collection, record.number))
