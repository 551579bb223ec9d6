"""The page about the public log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.core.changes import note_until
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.results.figures import file_of, tree_figure
from middleground.dialogues.results.picture_files import PictureFile
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.totals import Totals, read_totals
from middleground.ledger.notes.checkpoint import BadCheckpoint, open_checkpoint
from middleground.ledger.notes.cosignature import cosigned_at
from middleground.ledger.notes.keys import VerifierKey, read_verifier_key
from middleground.ledger.notes.note import Note
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import why_stuck

KEPT = timedelta(seconds=5)
EXAMPLE = (2, 8)  # leaf index and tree size in the picture that explains inclusion


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness, and when it cosigned the newest checkpoint; None if it has not."""

    name: str
    address: str
    saw_at: datetime | None


@cached_page()
@require_safe
def show_ledger(request: HttpRequest) -> HttpResponse:
    # The log's files are not in the database: no table's change says when they have changed.
    note_until(timezone.now() + KEPT)
    size, note = _newest()
    page = {
        "trouble": why_stuck(),
        "size": size,
        "checkpoint": str(note) if note else "",
        "key": _key(),
        "origin": settings.ORIGIN,
        "witnesses": _witnesses(note),
        "dialogues": _dialogues(),
        "tree": tree_figure(*EXAMPLE, file_of("ledger-picture")),
    }
    response = render(request, "dialogues/ledger.html", page)
    patch_cache_control(response, no_cache=True)
    return response


def tree_picture() -> PictureFile:
    """The picture of the log as a file."""
    figure = tree_figure(*EXAMPLE)
    title = _("How to find an entry in the public log")
    return PictureFile(figure.svg, title, None, reverse("ledger"), timezone.localdate())


def _key() -> str:
    try:
        return str(signing_key().verifier)
    except OSError:  # its file is missing, which the page tells as trouble
        return ""


def _newest() -> tuple[int, Note | None]:
    try:
        key = signing_key().verifier
        checkpoint, note = open_checkpoint((Path(settings.LEDGER) / "checkpoint").read_bytes(), key)
    except (OSError, BadCheckpoint):
        return 0, None
    return checkpoint.size, note


def _witnesses(note: Note | None) -> list[Witness]:
    return [
        Witness(key.name, address, _saw_at(note, key))
        for address, key in (
            (address, read_verifier_key(text)) for address, text in settings.LEDGER_WITNESSES
        )
    ]


def _saw_at(note: Note | None, key: VerifierKey) -> datetime | None:
    time = cosigned_at(note, key) if note else None
    return None if time is None else datetime.fromtimestamp(time, UTC)


def _dialogues() -> list[tuple[Dialogue, str]]:
    """The dialogues in the log, each with how much of it is opened, in words."""
    logged = Dialogue.objects.filter(imported=False).exclude(state=Dialogue.State.DRAFT)
    return [(each, _opened(each)) for each in logged.select_related("log").order_by("-pk")]


def _opened(dialogue: Dialogue) -> str:
    log = getattr(dialogue, "log", None)
    if log is None or not log.closed:
        return _("sealed until it closes")
    try:
        totals = _totals(dialogue).statements.values()
    except (OSError, BadRecord):
        return _("its totals cannot be read")
    opened = sum(total is not None for total in totals)
    return _("%(opened)s of %(all)s statements opened") % {"opened": opened, "all": len(totals)}


def _totals(dialogue: Dialogue) -> Totals:
    """Raises ``OSError`` or ``BadRecord``."""
    document = dialogue.log.totals_hash
    data = (Path(settings.LEDGER) / "documents" / document).read_bytes()
    return read_totals(data, dialogue.slug)
