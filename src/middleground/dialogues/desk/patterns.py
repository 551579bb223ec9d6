"""Unusual voting patterns, for staff: rounded counts, and the decisions about them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from middleground.core.dates import hour_of
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.maps import anomalies, eligibility_actions
from middleground.dialogues.models import Dialogue, HourlyAdmission, Statement, StoredMap
from middleground.dialogues.participation import set_aside_hours
from middleground.dialogues.participation.hours import admitted_by_hour, hour_label
from middleground.dialogues.queries import any_dialogue, participants_by_day
from middleground.disclosure.rounding import VOTE_STEPS, floor_to_step
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.pictures.charts.participation import participation_chart
from middleground.pictures.labels import ENGLISH

VALUES = {"agree": 1, "pass": 0, "disagree": -1}


@dataclass(frozen=True, slots=True)
class Followed:
    """A statement that unusually many looked up.

    ``votes`` holds (value's name, rounded count, whether set aside). ``usual`` is rounded too.
    """

    statement: Statement
    votes: list[tuple[str, int, bool]]
    usual: int


@dataclass(frozen=True, slots=True)
class AdmittedCell:
    """How many were admitted by one way in one hour, rounded. ``over``: the hour has ended."""

    hour: int
    way: str
    count: int
    over: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class HourAside:
    """An hour set aside: about how many are marked, and about how many came."""

    hour: int
    way: str
    label: str
    way_label: str
    marked: int
    admitted: int


@staff_only
@require_safe
def show_patterns(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    newest = dialogue.maps.first()
    page = {
        **dialogue_frame(request, dialogue),
        "newest": newest,
        "final": newest is not None and newest.final,
        "bursts": _bursts(dialogue),
        "hours": _hours(dialogue),
        "followed": _followed(dialogue, newest),
        "copies": _copies(dialogue, newest),
        "aside": dialogue.exclusion_rules.select_related("statement").order_by("pk"),
        "hours_aside": _hours_aside(dialogue),
        "set_aside": floor_to_step(newest.set_aside, dialogue.minimum_shown) if newest else 0,
        "looked_up": floor_to_step(
            newest.facts.integrity.looked_up if newest else 0, VOTE_STEPS * dialogue.minimum_shown
        ),
    }
    return render(request, "dialogues/desk/patterns.html", page)


def _bursts(dialogue: Dialogue) -> list[anomalies.Burst]:
    days = [(day, people) for _, day, people in participants_by_day([dialogue]) if people]
    step = dialogue.minimum_shown
    return [
        anomalies.Burst(
            burst.day,
            floor_to_step(burst.participants, step),
            floor_to_step(burst.usual, step) + step,  # the page says: fewer than so many
        )
        for burst in anomalies.find_bursts(days)
    ]


def _hours(dialogue: Dialogue) -> dict[str, object]:
    """Who was admitted by which way, hour by hour: a picture for each way, and one table."""
    step, now = dialogue.minimum_shown, timezone.now()
    aside = set(dialogue.hours_set_aside.values_list("hour", "way"))
    rows = [
        (
            hour_label(hour),
            {
                way: AdmittedCell(
                    hour, way, floor_to_step(count, step), hour < hour_of(now), (hour, way) in aside
                )
                for way, count in ways.items()
            },
        )
        for hour, ways in admitted_by_hour(dialogue, now)
    ]
    charts = []
    for way, label in HourlyAdmission.Way.choices:
        words = replace(
            ENGLISH,
            days_title=_("Admitted in each hour, %(way)s") % {"way": label},
            days_desc=_("One column per hour from {first} to {last}. The highest: {most}."),
        )
        # An hour in which few came must look the same as one in which nobody came.
        points = [(hour, ways[way].count or 1) for hour, ways in rows]
        chart = participation_chart(points, rounding=step, minimum=step, prefix=way, words=words)
        charts.append((label, mark_safe(chart)))  # noqa: S308 -- drawn by us, from hours and numbers
    return {
        "charts": charts,
        "ways": HourlyAdmission.Way.labels,
        "rows": [
            (hour, list(ways.values()))
            for hour, ways in rows
            if any(cell.count for cell in ways.values())
        ],
    }


def _hours_aside(dialogue: Dialogue) -> list[HourAside]:
    rules = dialogue.hours_set_aside.annotate(marked=Count("participants"))
    return [
        HourAside(
            rule.hour,
            rule.way,
            hour_label(rule.hour),
            rule.get_way_display(),
            floor_to_step(rule.marked, dialogue.minimum_shown),
            rule.admitted,
        )
        for rule in rules.order_by("hour", "way")
    ]


def _followed(dialogue: Dialogue, newest: StoredMap | None) -> list[Followed]:
    rows = newest.patterns.get("looked_up", []) if newest else []
    statements = dialogue.statements.in_bulk([row["statement"] for row in rows])
    aside = set(dialogue.exclusion_rules.values_list("statement_id", "value"))
    step = dialogue.minimum_shown
    return [
        Followed(
            statements[row["statement"]],
            [
                (name, floor_to_step(row[name], step), (row["statement"], value) in aside)
                for name, value in VALUES.items()
            ],
            floor_to_step(row["usual"], step),
        )
        for row in rows
        if row["statement"] in statements
    ]


def _copies(dialogue: Dialogue, newest: StoredMap | None) -> list[dict[str, object]]:
    """Clusters of near-duplicate ballots of at least ``minimum_shown`` participants.

    The votes are not shown, because a cluster shares nearly a single ballot.
    """
    if newest is None:
        return []
    step = dialogue.minimum_shown
    return [
        {"size": floor_to_step(each.size, step), "shared": len(each.shared)}
        for each in newest.facts.integrity.duplicate_clusters
        if each.size >= step
    ]


@staff_only
@require_POST
def decide_pattern(request: HttpRequest, slug: str) -> HttpResponse:
    """Set aside, or count again, those who looked a statement up; count copies once or each."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    try:
        done = _decide(request, dialogue)
    except eligibility_actions.EligibilityRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("desk_patterns", slug=slug)


def _decide(request: HttpRequest, dialogue: Dialogue) -> str:
    staff, verb = staff_user(request), request.POST.get("verb", "")
    if verb in ("copies_once", "copies_each"):
        eligibility_actions.count_copies(staff, dialogue, once=verb == "copies_once")
        return _("Saved. The next map follows it.")
    if verb in ("exclude_hour", "include_hour"):
        return _decide_hour(request, dialogue, verb)
    number, value = request.POST.get("statement", ""), request.POST.get("value", "")
    known = dialogue.statements.filter(number=int(number) if number.isdecimal() else -1)
    statement = known.first()
    if (
        statement is None
        or value not in VALUES
        or verb not in ("exclude_pattern", "include_pattern")
    ):
        raise Http404
    if verb == "exclude_pattern":
        eligibility_actions.exclude_pattern(staff, dialogue, statement, VALUES[value])
        return _("Set aside. The next map leaves these people out and says so.")
    eligibility_actions.include_pattern(staff, dialogue, statement, VALUES[value])
    return _("They count again in the next map.")


def _decide_hour(request: HttpRequest, dialogue: Dialogue, verb: str) -> str:
    staff, way = staff_user(request), request.POST.get("way", "")
    hour = request.POST.get("hour", "")
    if way not in HourlyAdmission.Way.values or not hour.isdecimal():
        raise Http404
    if verb == "exclude_hour":
        set_aside_hours.set_hour_aside(staff, dialogue, int(hour), way)
        return _("Set aside. The next map leaves these people out and says so.")
    set_aside_hours.count_hour_again(staff, dialogue, int(hour), way)
    return _("They count again in the next map.")
