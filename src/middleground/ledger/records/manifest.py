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
from middleground.ledger.records.entries import (
    ClosedDialogue,
    LoggedAnswerRules,
    LoggedCommitment,
    LoggedEvidence,
    LoggedResponse,
    SealedText,
    Settings,
)
from middleground.ledger.records.kinds import UnknownKind, read_entry, read_unknown

# What names a dialogue of which the site shows something; imported ones have no settings there.
_PUBLIC = Settings | LoggedResponse | LoggedCommitment | LoggedAnswerRules | LoggedEvidence


@dataclass(slots=True)
class Manifest:
    """Everything that a log's entries name: hashes of documents, and places of texts."""

    documents: set[str] = field(default_factory=set)
    texts: set[tuple[str, str, int]] = field(default_factory=set)  # dialogue, collection, number
    closed: set[str] = field(default_factory=set)  # dialogues with a result
    public: set[str] = field(default_factory=set)  # dialogues with pages

    @property
    def document_files(self) -> list[str]:
        return [f"documents/{name}" for name in sorted(self.documents)]

    @property
    def text_files(self) -> list[str]:
        """Files of texts; missing while no text of a collection is shown."""
        collections = sorted({(dialogue, collection) for dialogue, collection, _ in self.texts})
        return [f"texts/{dialogue}/{collection}" for dialogue, collection in collections]


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
    if document := getattr(record, "document", None):
        manifest.documents.add(document.hex())
    if isinstance(record, ClosedDialogue):
        manifest.closed.add(record.dialogue)
    if isinstance(record, _PUBLIC):
        manifest.public.add(record.dialogue)
    if isinstance(record, SealedText):
        manifest.texts.add((record.dialogue, record.collection, record.number))
