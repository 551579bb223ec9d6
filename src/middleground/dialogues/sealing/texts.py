"""Opens the sealed texts of participants while they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from middleground.core.processes.election import require_elected
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds
from middleground.dialogues.sealing.records import text_opening_of
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.texts import texts_path, write_texts

SHOWN = (Statement.Status.APPROVED, Statement.Status.MERGED)


def shown_texts() -> dict[str, str]:
    """The files with the texts that are shown, by path: one for each dialogue and kind."""
    return {path: text for kind in find_text_kinds() for path, text in _files(kind)}


def _files(kind: TextKind) -> Iterator[tuple[str, str]]:
    openings = defaultdict(list)
    if kind.taken_up_at:
        return  # what is shown is what staff made of it
    texts = kind.texts.filter(status__in=SHOWN, salt__isnull=False)
    if kind.public is not None:
        texts = kind.public(texts)
    public = texts.exclude(dialogue__state=Dialogue.State.DRAFT)
    for text in public.select_related("dialogue").order_by("dialogue", "number"):
        openings[text.dialogue.slug].append(text_opening_of(text.dialogue, text))
    for label, found in openings.items():
        yield texts_path(label, kind.collection), write_texts(label, kind.collection, found)


def publish_texts(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files that have changed, and delete those without a text that is shown."""
    require_elected()
    for kind in find_text_kinds():
        for path in sorted(folder.glob(texts_path("*", kind.collection))):
            if path.relative_to(folder).as_posix() not in files:
                path.unlink()
    for name, text in files.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            require_elected()
            publish_file(folder, name, text)
