"""Opens the sealed texts of statements while they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from middleground.core.processes.election import require_elected
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.sealing.records import text_opening_of
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.texts import texts_path, write_texts
from middleground.ledger.records.entries import STATEMENTS

SHOWN = (Statement.Status.APPROVED, Statement.Status.MERGED)


def statement_texts() -> dict[str, str]:
    """For each dialogue, the file with the texts of its shown statements."""
    openings = defaultdict(list)
    statements = Statement.objects.filter(status__in=SHOWN, salt__isnull=False)
    public = statements.exclude(dialogue__state=Dialogue.State.DRAFT)
    for statement in public.select_related("dialogue").order_by("dialogue", "number"):
        openings[statement.dialogue.slug].append(text_opening_of(statement.dialogue, statement))
    return {label: write_texts(label, STATEMENTS, found) for label, found in openings.items()}


def publish_statement_texts(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files that have changed, and delete those without a shown statement."""
    paths = {texts_path(label, STATEMENTS): text for label, text in files.items()}
    require_elected()
    for path in sorted(folder.glob(texts_path("*", STATEMENTS))):
        if path.relative_to(folder).as_posix() not in paths:
            path.unlink()
    for name, text in paths.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            require_elected()
            publish_file(folder, name, text)
