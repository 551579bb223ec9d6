"""What became of each concern of a dialogue: reads that several pages and files use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.answers.models import (
    Case,
    CaseConcern,
    CaseEvent,
    CaseStatus,
    Concern,
    OwedAnswer,
    Resolution,
    Response,
    SetAside,
)
from middleground.dialogues.models import Dialogue


class ConcernState(models.TextChoices):
    """Where a concern stands. In several cases, the one that is most open decides."""

    OVERDUE = "overdue", _("overdue")
    WAITING = "waiting", pgettext_lazy("concern", "waiting")
    UNSEEN = "unseen", _("in no case yet")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed without an answer")
    ASIDE = "aside", pgettext_lazy("concern", "set aside")


OPEN = (ConcernState.OVERDUE, ConcernState.WAITING, ConcernState.UNSEEN)
_MOST_OPEN_FIRST = list(ConcernState)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as lists show it. ``body`` is the slug of the body that has it, or empty."""

    pk: int
    number: int
    title: str
    status: str
    resolution: str
    due_on: date | None
    answered_on: date | None
    body: str
    body_name: str
    level: str
    post: str
    state: ConcernState

    @property
    def is_paused(self) -> bool:
        return self.state is ConcernState.WAITING and self.due_on is None

    @property
    def said(self) -> str:
        """What the body says that it does."""
        return str(Resolution(self.resolution).label) if self.resolution else ""


@dataclass(frozen=True, slots=True)
class AsideNote:
    """Why a concern is in no case."""

    reason: str
    note: str
    same_as: int | None


@dataclass(frozen=True, slots=True)
class OwedNote:
    """Why an answer is owed, since when, and until when."""

    why: str
    since: date
    due_on: date


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern and its cases, the one that is most open first.

    It is a statement or a comment, and has the primary key of one of them.
    """

    number: int
    statement_id: int | None
    comment_id: int | None
    state: ConcernState
    cases: tuple[CaseLine, ...]
    aside: AsideNote | None = None
    owed: OwedNote | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def case_lines(
    dialogue: Dialogue, today: date, only: Collection[int] | None = None
) -> dict[int, CaseLine]:
    """The cases by primary key; of those given, if any are given."""
    cases = Case.objects.filter(dialogue=dialogue)
    if only is not None:
        cases = cases.filter(pk__in=only)
    found = cases.order_by("number").values_list(
        "pk", "number", "title", "status", "resolution", "due_on", "answered_on",
        "body__slug", "body__name", "body__level", "post__title",
    )  # fmt: skip
    return {row[0]: _line(row, today) for row in found}


def _line(row: tuple[Any, ...], today: date) -> CaseLine:
    pk, number, title, status, resolution, due_on, answered_on, slug, name, level, post = row
    return CaseLine(
        pk=pk,
        number=number,
        title=title,
        status=status,
        resolution=resolution,
        due_on=due_on,
        answered_on=answered_on,
        body=slug or "",
        body_name=name or "",
        level=level or "",
        post=post or "",
        state=_state_of(status, resolution, due_on, today),
    )


def _state_of(status: str, resolution: str, due_on: date | None, today: date) -> ConcernState:
    if status not in (CaseStatus.ANSWERED, CaseStatus.CLOSED):
        return ConcernState.OVERDUE if due_on and due_on < today else ConcernState.WAITING
    answered = resolution and resolution != Resolution.WITHDRAWN
    return ConcernState.ANSWERED if answered else ConcernState.CLOSED


def concern_rows(
    dialogue: Dialogue,
    today: date,
    only: Collection[int] | None = None,
    comments: Collection[int] = (),
) -> list[ConcernRow]:
    """All shown statements by number, and comments that staff took up. Six queries.

    Or the statements, and ``comments``, of these primary keys only. Five queries, six with both.
    """
    statements = dialogue.statements.votable()
    links = CaseConcern.objects.filter(case__dialogue=dialogue)
    aside = Concern.objects.filter(dialogue=dialogue).exclude(set_aside="")
    owed = OwedAnswer.objects.filter(dialogue=dialogue)
    if only is not None:
        statements = statements.filter(pk__in=only)
        these = Q(statement__in=only) | Q(comment__in=comments)
        aside = aside.filter(these)
        links = links.filter(concern__in=Concern.objects.filter(these, dialogue=dialogue))
        owed = owed.filter(number__in=statements.values("number"))
    cases_of: dict[int, list[int]] = defaultdict(list)
    for number, case in links.values_list("concern__number", "case_id"):
        cases_of[number].append(case)
    wanted = None if only is None else {pk for pks in cases_of.values() for pk in pks}
    lines = case_lines(dialogue, today, wanted)
    notes, owed_notes = _aside_notes(aside), owed_notes_of(owed)
    found: list[tuple[int, int | None, int | None]] = [
        (number, pk, None)
        for number, pk in statements.order_by("number").values_list("number", "pk")
    ]
    if only is None or comments:
        taken_up = dialogue.comments.visible().exclude(concern=None).order_by("number")
        taken_up = taken_up.filter(pk__in=comments) if comments else taken_up
        found += [(number, None, pk) for number, pk in taken_up.values_list("number", "pk")]
    rows = []
    for each in found:
        number = each[0]
        cases = [lines[case] for case in cases_of.get(number, ())]
        cases.sort(key=lambda line: (_MOST_OPEN_FIRST.index(line.state), line.number))
        note, why = notes.get(number), owed_notes.get(number)
        state = cases[0].state if cases else _state_without_case(note, why, today)
        rows.append(ConcernRow(*each, state, tuple(cases), note if not cases else None, why))
    return rows


@dataclass(slots=True)
class PastEvent:
    """An event of a case, as the fold and its sentence read it."""

    kind: str
    on: date
    body_id: int | None
    post_id: int | None
    other_id: int | None
    facts: dict[str, Any]


def histories_of(cases: models.QuerySet[Case]) -> defaultdict[int, list[PastEvent]]:
    """The events of all these cases, by the case's primary key, in their order. One query.

    Thousands of events as rows of the model would take five times as long to make.
    """
    events = CaseEvent.objects.filter(case__in=cases.order_by().values("pk")).order_by("pk")
    found: defaultdict[int, list[PastEvent]] = defaultdict(list)
    fields = ("case_id", "kind", "on", "body_id", "post_id", "other_id", "facts")
    for case, *event in events.values_list(*fields):
        found[case].append(PastEvent(*event))
    return found


def _aside_notes(aside: models.QuerySet[Concern]) -> dict[int, AsideNote]:
    found = aside.values_list("number", "set_aside", "note", "same_as__number")
    return {
        number: AsideNote(str(SetAside(reason).label), note, same_as)
        for number, reason, note, same_as in found
    }


def owed_notes_of(owed: models.QuerySet[OwedAnswer]) -> dict[int, OwedNote]:
    """By the statement's number."""
    found = owed.values_list("number", "why", "since", "due_on")
    return {
        number: OwedNote(str(OwedAnswer.Why(why).label), since, due_on)
        for number, why, since, due_on in found
    }


def _state_without_case(
    aside: AsideNote | None, owed: OwedNote | None, today: date
) -> ConcernState:
    if owed:
        return ConcernState.OVERDUE if owed.due_on < today else ConcernState.UNSEEN
    return ConcernState.ASIDE if aside else ConcernState.UNSEEN


def answers_that_stand(lines: Iterable[CaseLine]) -> dict[int, Response]:
    """By the case's primary key, the newest version of those that are answered. One query."""
    answered = {line.pk for line in lines if line.state is ConcernState.ANSWERED}
    if not answered:
        return {}
    found = Response.objects.filter(case__in=answered).order_by("version")
    return {each.case_id: each for each in found.defer("details")}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many concerns stand where. ``open`` includes those that are overdue."""

    total: int
    answered: int
    open: int
    overdue: int
    aside: int
    closed: int


def coverage_of(rows: Collection[ConcernRow]) -> Coverage:
    states = [row.state for row in rows]
    return Coverage(
        total=len(states),
        answered=states.count(ConcernState.ANSWERED),
        open=sum(state in OPEN for state in states),
        overdue=states.count(ConcernState.OVERDUE),
        aside=states.count(ConcernState.ASIDE),
        closed=states.count(ConcernState.CLOSED),
    )
