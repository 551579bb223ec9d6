"""The answers of a case: the one that stands, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from middleground.answers.cases.sentences import reason_of
from middleground.answers.models import Case, CaseEvent, Disposition, Response, ResponseCitation
from middleground.answers.responses.citations import with_cited

Kind = CaseEvent.Kind


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a version no longer stands, "corrected", "withdrawn" or "reopened", and since when."""

    how: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A published version; ``ended`` is None for the one that stands."""

    response: Response
    dispositions: list[Disposition]
    citations: list[ResponseCitation]
    ended: Ended | None


def versions_of(case: Case, events: Iterable[CaseEvent]) -> list[ShownVersion]:
    """All versions, the newest first. Three queries."""
    ended = _endings(events)
    found = case.responses.select_related("post__body").order_by("-version")
    # Joined, since SQLite refuses a condition about the thousands of concerns of a large case.
    said = Disposition.objects.select_related("concern")
    responses = list(
        found.prefetch_related(Prefetch("dispositions", said), with_cited("citations"))
    )
    return [_shown(case, each, ended.get(each.version)) for each in responses]


def _shown(case: Case, response: Response, ended: Ended | None) -> ShownVersion:
    response.case = case  # whose dialogue has read its translations once
    citations = list(response.citations.all())
    for each in citations:
        each.cited.dialogue = case.dialogue
    return ShownVersion(response, list(response.dispositions.all()), citations, ended)


def _endings(events: Iterable[CaseEvent]) -> dict[int, Ended]:
    """By version: what ended it first."""
    ended: dict[int, Ended] = {}
    last = 0
    for event in events:
        kind, facts = event.kind, event.facts
        if kind == Kind.CORRECTED:
            ended.setdefault(last, Ended("corrected", event.on, facts["reason"]))
        elif kind == Kind.RETRACTED:
            ended.setdefault(facts["version"], Ended("withdrawn", event.on, facts["reason"]))
        elif kind == Kind.REOPENED:
            ended.setdefault(last, Ended("reopened", event.on, reason_of(event)))
        if kind in (Kind.ANSWERED, Kind.CORRECTED):
            last = facts["version"]
    return ended
