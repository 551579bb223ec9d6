"""A statement's figures as of one published map, read from the document that the public log names.

Nothing is computed anew from a stored map: figures of then are those that were published then, by
the minimum of then. So whoever compares two maps learns nothing here that the log does not tell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from middleground.core.changes import note_until
from middleground.dialogues.models import Dialogue, PastMap, Statement, StoredMap
from middleground.dialogues.results.published import PublishedMap
from middleground.disclosure.cells import EVERYONE
from middleground.engine.facts import Rate, Tally

CODE_LETTERS = 12  # of the document's hash, enough to tell the maps of a dialogue apart
SOON = timedelta(seconds=30)  # so long a page is kept that waits for a document
_KEPT = 8  # documents in memory


@dataclass(frozen=True, slots=True)
class DatedFigures:
    """The shares of each group, or of everyone; ``rates`` is empty for a statement without any.

    ``known``: whether the figures of that map can still be told.
    """

    day: date
    final: bool
    sampled: bool
    minimum: int
    document: str
    rates: tuple[Rate, ...] = ()
    known: bool = True


def dated_address(published: PublishedMap, statement: Statement) -> str:
    """The address that goes on telling this map's figures; a final map's own is the plain one.

    Before the public log has the map's document there is none: a newer map may replace it.
    """
    if published.final or not published.document_hash:
        return statement.get_absolute_url()
    if not is_in_log(published.document_hash):
        note_until(timezone.now() + SOON)
        return statement.get_absolute_url()
    code = published.document_hash[:CODE_LETTERS]
    return reverse("statement-as-of", args=[published.dialogue.slug, statement.number, code])


def is_in_log(hashed: str) -> bool:
    """Whether the public log has the document of this hash as a file."""
    return bool(hashed) and (Path(settings.LEDGER) / "documents" / hashed).is_file()


def dated_map(dialogue: Dialogue, code: str) -> StoredMap | PastMap | None:
    """The map of this code, without its data."""
    if len(code) != CODE_LETTERS or not set(code) <= set("0123456789abcdef"):
        return None
    found = dialogue.maps.filter(document_hash__startswith=code)
    past = dialogue.past_maps.filter(document_hash__startswith=code)
    return found.defer("data", "patterns").first() or past.first()


def dated_figures(row: StoredMap | PastMap, statement: Statement) -> DatedFigures:
    day, hashed = timezone.localdate(row.made_at), row.document_hash
    try:
        document = document_of(str(settings.LEDGER), hashed)
    except OSError:  # a newer map replaced it before the log grew, or it is not signed yet
        minimum = row.dialogue.minimum_shown
        return DatedFigures(day, row.final, row.sampled, minimum, hashed, known=False)
    minimum = int(document["minimum_shown"])
    found = next((s for s in document["statements"] if s["number"] == statement.number), None)
    rates = _rates(document, found) if found else ()
    return DatedFigures(day, row.final, row.sampled, minimum, hashed, rates)


@lru_cache(maxsize=_KEPT)
def document_of(folder: str, hashed: str) -> dict[str, Any]:
    """A document never changes. Raises ``OSError`` if its file is not there."""
    text = (Path(folder) / "documents" / hashed).read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _rates(document: dict[str, Any], found: dict[str, Any]) -> tuple[Rate, ...]:
    groups = [group["label"] for group in document["groups"]]
    populations = groups if document["status"] == "groups" else [EVERYONE]
    return tuple(_rate(found, each) for each in populations if each in found["counts"])


def _rate(found: dict[str, Any], population: str) -> Rate:
    bands, share = found["counts"][population], found["shares"].get(population)
    tally = Tally(*(int(bands[answer][0]) for answer in ("agree", "disagree", "pass")))
    label = "" if population == EVERYONE else population
    if share is None:
        return Rate(label, None, 0.0, 1.0, tally)
    return Rate(label, share["agree"], share["low"], share["high"], tally)
