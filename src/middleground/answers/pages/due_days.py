"""Due days of cases and commitments as a calendar file: the same file for everyone."""

from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from middleground.answers.models import Case, CaseEvent, Commitment, CommitmentEvent
from middleground.core.site_files.canonical import absolute
from middleground.deadlines.calendar_file import DayEntry, calendar_file


def due_days_file(
    cases: QuerySet[Case], name: str, commitments: QuerySet[Commitment] | None = None
) -> HttpResponse:
    """Those of the cases that have a due day, and commitments. They come with their dialogues.

    Two queries for each kind.
    """
    entries = _answers(cases)
    if commitments is not None:
        entries += _promises(commitments)
    return HttpResponse(calendar_file(entries, name), content_type="text/calendar; charset=utf-8")


def _answers(cases: QuerySet[Case]) -> list[DayEntry]:
    due = [(case, case.due_on) for case in cases if case.due_on]
    events = CaseEvent.objects.filter(case__in=[case.pk for case, _day in due])
    changed = dict(events.order_by().values_list("case").annotate(Max("on")))
    return [
        DayEntry(
            uid=f"case-{case.pk}@{_host()}",
            day=day,
            title=_("Answer due: %(title)s") % {"title": case.title},
            changed=datetime.combine(changed[case.pk], time.min, UTC),
            text=case.dialogue.question,
            address=absolute(case.get_absolute_url()),
        )
        for case, day in due
    ]


def _promises(commitments: QuerySet[Commitment]) -> list[DayEntry]:
    owed = list(commitments)
    events = CommitmentEvent.objects.filter(commitment__in=[each.pk for each in owed])
    changed = dict(events.order_by().values_list("commitment").annotate(Max("on")))
    return [
        DayEntry(
            uid=f"commitment-{each.pk}@{_host()}",
            day=each.due_on,
            title=_("Promised: %(what)s") % {"what": each.what},
            changed=datetime.combine(changed[each.pk], time.min, UTC),
            text=each.dialogue.question,
            address=absolute(each.get_absolute_url()),
        )
        for each in owed
    ]


def _host() -> str:
    return urlsplit(settings.ORIGIN).hostname or ""
