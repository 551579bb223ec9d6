"""On a body's page: what it owes to whom since when, what it promised, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.answers.cases.story import HANDINGS, held_since
from middleground.answers.checks.told import checks_of_answers
from middleground.answers.commitments.pages.lines import (
    by_standing,
    parts_on_page,
    shown,
    with_claims,
)
from middleground.answers.commitments.queries import commitments_of, count_of
from middleground.answers.models import Case, CaseEvent, CaseStatus
from middleground.answers.models.case import CaseQuerySet
from middleground.answers.pages.due_days import due_days_file
from middleground.answers.pages.today import today
from middleground.core.page.paging import ListPage, list_page
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.people.bodies.pages.public import BODY_LISTS
from middleground.people.models import Body

MOST_OWED, MOST_ANSWERED, MOST_PROMISED = 50, 30, 50  # on a page of the list
MOST_REFERRALS, MOST_DUE_DAYS = 200, 200
Kind = CaseEvent.Kind


@dataclass(frozen=True, slots=True)
class OpenReferral:
    """A case that is offered to another body, which has until ``until`` to say."""

    case: Case
    since: date
    until: date
    reason: str


def on_body(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    body, on, sent = page["body"], today(), page["request"].GET
    cases = _cases_of(body)
    owed = _list(sent, _due_first(cases).prefetch_related(_handings()), "owes", MOST_OWED)
    answered = cases.filter(status=CaseStatus.ANSWERED).order_by("-answered_on", "-pk")
    told = _list(sent, answered, "answered", MOST_ANSWERED)
    found = list(commitments_of(body))
    groups = by_standing(shown(found, on))
    lines = list(chain.from_iterable(group.shown for group in groups))
    promised = _list(sent, lines, "promised", MOST_PROMISED)
    offered_to = _referrals(_public_cases().filter(offered_to=body))
    offered_by = _referrals(cases.exclude(offered_to=None))
    if not (owed.total or told.total or found or offered_to):
        return None
    for case in owed.rows:
        case.since = held_since(case.handings)
    return {
        "owed": owed,
        "today": on,
        "count": count_of(found, on),
        "promised": promised,
        "promised_groups": parts_on_page(groups, with_claims(promised.rows, most=1)),
        "offered_to": offered_to,
        "offered_by": offered_by,
        "answered": told,
        "answered_cases": _with_residents(told.rows),
    }


def _list(sent: QueryDict, rows: QuerySet[Any] | list[Any], name: str, size: int) -> ListPage:
    return list_page(sent, rows, size, name=name, others=BODY_LISTS, anchor=f"#{name}")


@cached_page()
@require_safe
def show_calendar(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The due days of a body, the same file for everyone."""
    body = get_object_or_404(Body, slug=slug)
    name = _("%(body)s: what is due") % {"body": body.name}
    cases, promised = _due_first(_cases_of(body)), commitments_of(body).filter(status="open")
    return due_days_file(cases[:MOST_DUE_DAYS], name, promised[:MOST_DUE_DAYS])


def _with_residents(found: list[Case]) -> list[Case]:
    """With what residents say, which stands beside each answer. One query."""
    residents = checks_of_answers([case.pk for case in found])
    for case in found:
        case.residents = residents[case.pk]  # type: ignore[attr-defined]
    return found


def _public_cases() -> CaseQuerySet:
    cases = Case.objects.exclude(dialogue__state=Dialogue.State.DRAFT)
    return cases.select_related("dialogue", "body", "post", "offered_to")


def _cases_of(body: Body) -> CaseQuerySet:
    """Cases of public dialogues that it has. Those of bodies that became part of it are its own."""
    return _public_cases().filter(body=body)


def _due_first(cases: CaseQuerySet) -> CaseQuerySet:
    """Those that wait, the longest overdue first; last those whose clock is paused."""
    return cases.waiting().order_by(F("due_on").asc(nulls_last=True), "pk")


def _referrals(cases: CaseQuerySet) -> list[OpenReferral]:
    """The open offers, the oldest first."""
    offers = CaseEvent.objects.filter(kind=Kind.OFFERED).order_by("pk")
    found = []
    for case in cases.prefetch_related(Prefetch("events", offers, to_attr="offers"))[
        :MOST_REFERRALS
    ]:
        last = case.offers[-1]  # type: ignore[attr-defined]
        until = last.on + timedelta(days=last.facts["days"])
        found.append(OpenReferral(case, last.on, until, last.facts["reason"]))
    return sorted(found, key=lambda each: each.since)


def _handings() -> Prefetch:  # type: ignore[type-arg]
    given = CaseEvent.objects.filter(kind__in=(*HANDINGS, Kind.ABANDONED)).order_by("pk")
    return Prefetch("events", given, to_attr="handings")
