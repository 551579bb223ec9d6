"""Participants by day, for staff."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from middleground.core import dates
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.queries import any_dialogue, participants_by_day
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, require, staff_only
from middleground.pictures.charts.participation import participation_chart, participation_table


@staff_only
@require_safe
def show_participation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show participants by day, rounded for staff too: a single participant must not show."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    step = dialogue.minimum_shown
    days = [
        (dates.day(day), floor_to_step(people, step))
        for _, day, people in participants_by_day([dialogue])
    ]
    # A day with few participants must look the same as a day with none.
    points = [(day, count or 1) for day, count in days]
    chart = participation_chart(points, rounding=step, minimum=step)
    page = {
        **dialogue_frame(request, dialogue),
        "chart": mark_safe(chart),  # noqa: S308 -- drawn by us, from days and numbers
        "table": participation_table(points, rounding=step, minimum=step),
        "any_days": bool(days),
    }
    return render(request, "dialogues/desk/participation.html", page)
