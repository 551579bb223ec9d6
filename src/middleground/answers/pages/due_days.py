"""Due days of cases as a calendar file: the same file for everyone."""

from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from middleground.answers.models import Case, CaseEvent
from middleground.deadlines.calendar_file import DayEntry, calendar_file


def due_days_file(cases: QuerySet[Case], name: str) -> HttpResponse:
    """Those of the cases that have a due day. They come with their dialogues. Two queries."""
    host = urlsplit(settings.ORIGIN).hostname
    due = [(case, case.due_on) for case in cases if case.due_on]
    events = CaseEvent.objects.filter(case__in=[case.pk for case, _day in due])
    changed = dict(events.order_by().values_list("case").annotate(Max("on")))
    entries = [
        DayEntry(
            uid=f"case-{case.pk}@{host}",
            day=day,
            title=_("Answer due: %(title)s") % {"title": case.title},
            changed=datetime.combine(changed[case.pk], time.min, UTC),
            text=case.dialogue.question,
            address=f"{settings.ORIGIN}{case.get_absolute_url()}",
        )
        for case, day in due
    ]
    return HttpResponse(calendar_file(entries, name), content_type="text/calendar; charset=utf-8")
