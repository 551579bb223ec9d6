"""On a body's page: what it owes, since when, and what it has answered; its due days as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.answers.cases.story import held_since
from middleground.answers.models import Case, CaseEvent, CaseStatus
from middleground.answers.pages.due_days import due_days_file
from middleground.answers.pages.today import today
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.people.models import Body

MOST_OWED, MOST_ANSWERED = 200, 30
Kind = CaseEvent.Kind


def on_body(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    body = page["body"]
    cases = _cases_of(body)
    owed = list(_owed(cases).prefetch_related(_handings())[:MOST_OWED])
    answered = cases.filter(status=CaseStatus.ANSWERED).order_by("-answered_on", "-pk")
    total = answered.count()
    if not owed and not total:
        return None
    for case in owed:
        case.since = held_since(case.handings)  # type: ignore[attr-defined]
    return {
        "owed": owed,
        "today": today(),
        "answered": answered[:MOST_ANSWERED],
        "answered_total": total,
    }


@cached_page()
@require_safe
def show_calendar(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The due days of a body, the same file for everyone."""
    body = get_object_or_404(Body, slug=slug)
    name = _("%(body)s: answers that are due") % {"body": body.name}
    return due_days_file(_owed(_cases_of(body))[:MOST_OWED], name)


def _cases_of(body: Body) -> QuerySet[Case]:
    """Cases of public dialogues that it has, or that a body had which became part of it."""
    cases = Case.objects.filter(Q(body=body) | Q(body__successor=body))
    public = cases.exclude(dialogue__state=Dialogue.State.DRAFT)
    return public.select_related("dialogue", "post")


def _owed(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The longest overdue first; last those whose clock is paused."""
    waiting = cases.exclude(status__in=(CaseStatus.ANSWERED, CaseStatus.CLOSED))
    return waiting.order_by(F("due_on").asc(nulls_last=True), "pk")


def _handings() -> Prefetch:  # type: ignore[type-arg]
    given = CaseEvent.objects.filter(kind__in=(Kind.ASSIGNED, Kind.ACCEPTED)).order_by("pk")
    return Prefetch("events", given, to_attr="handings")
