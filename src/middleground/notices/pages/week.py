"""The sheet of a week, to print and hang up where people are."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from middleground.answers.pages.today import today
from middleground.core.page.qr_code import qr_code
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.notices.week.fitting import LINES, fitted, head_lines
from middleground.notices.week.happened import sections_of
from middleground.notices.week.weeks import Week, read_week, week_of

HEADINGS = {
    "answered": _("Answered"),
    "promised": _("Promised"),
    "kept": _("What became of promises"),
    "declined": _("Declined, not taken over, or closed"),
    "again": _("Waits for an answer again"),
    "due": _("Due next"),
    "late": _("Late"),
}


@cached_page()
@require_safe
def show_newest_week(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet of the last week that is over, which stays the same until the next one is.

    Where the first case is younger than that, the week that is not over yet.
    """
    dialogue = public_dialogue(slug)
    first, now = _first_week(dialogue), week_of(today())
    over = now.before()
    return _sheet(request, dialogue, over if first and first <= over else now)


@cached_page()
@require_safe
def show_week(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    week, first, now = read_week(code), _first_week(dialogue), week_of(today())
    if week is None or not (first or now) <= week <= now:
        raise Http404
    return _sheet(request, dialogue, week)


def _first_week(dialogue: Dialogue) -> Week | None:
    """The week in which the first case was opened."""
    day = dialogue.cases.aggregate(day=Min("opened_on"))["day"]
    return week_of(day) if day else None


def _sheet(request: HttpRequest, dialogue: Dialogue, week: Week) -> HttpResponse:
    now, until = week_of(today()), min(week.end, today())
    room = LINES - head_lines(dialogue.question, dialogue.host_name)
    sections = fitted(sections_of(dialogue, week, until), room)
    address = absolute(f"{dialogue.get_absolute_url()}answers/")
    first = _first_week(dialogue)
    page = {
        "dialogue": dialogue,
        "week": week,
        "until": until,
        "is_over": week < now,
        "sections": [(HEADINGS[section.kind], section) for section in sections],
        "qr": qr_code(address),
        "address": _without_scheme(address),
        "before": week.before() if first and first < week else None,
        "after": week.after() if week < now else None,
    }
    return render(request, "notices/week.html", page)


def _without_scheme(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"
