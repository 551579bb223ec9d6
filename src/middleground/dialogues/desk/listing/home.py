"""The host's desk: all dialogues, searched, filtered and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from middleground.core.page.frame import Place, page_links
from middleground.core.page.paging import list_page
from middleground.dialogues.desk.dialogues import appealed
from middleground.dialogues.lifecycle.listing import move_dialogue
from middleground.dialogues.models import Dialogue, DraftDeletion, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.queries import (
    any_dialogue,
    dialogues_at_desk,
    for_order,
    in_list_order,
    participants_by_day,
    volunteer_roles,
)
from middleground.dialogues.texts.search import dialogues_with
from middleground.disclosure.rounding import floor_to_step
from middleground.people.models import User
from middleground.people.permissions import Action, may, require, staff_only, staff_user
from middleground.publiclog.publisher import why_stuck
from middleground.publiclog.upkeep.lateness import is_log_late
from middleground.publiclog.upkeep.soundness import damage_found

SPARK_DAYS = 14
ON_A_PAGE = 20
LONGEST_QUERY = 100
FILTERED_FROM = 4  # a list of three needs no filter
STATES = ("open", "scheduled", "draft", "closed", "archived")


@staff_only
@require_safe
def show_desk(request: HttpRequest) -> HttpResponse:
    """List dialogues by phase, each with its queues and its recent participation."""
    user = staff_user(request)
    if user.is_official:
        return redirect(page_links(request.user, Place.DESK)[0].address())
    at, sees_all = timezone.now(), may(user, Action.SEE)
    volunteered = volunteer_roles(user)
    mine = Q(pk__in=dialogues_at_desk(user).values("pk")) | Q(pk__in=volunteered)
    everything = in_list_order(for_order(Dialogue.objects.filter(mine)), at)
    state, query = request.GET.get("state", ""), request.GET.get("q", "")[:LONGEST_QUERY].strip()
    state = state if state in STATES else ""
    found = _found(user, everything, at, state, query)
    shown = list_page(request.GET, found, ON_A_PAGE, others=("state", "q"))
    counts = Counter(_state(dialogue, at) for dialogue in everything)
    facilitates = may(user, Action.CREATE_DIALOGUES)
    page = {
        "deleted": DraftDeletion.objects.select_related("staff")[:20] if facilitates else [],
        "phases": _by_phase(shown.rows, at, volunteered),
        "list": shown,
        "state": state,
        "query": query,
        "states": [(each, counts[each]) for each in STATES if counts[each] or each == state],
        "filtered": bool(state or query),
        "filters": len(everything) >= FILTERED_FROM or bool(state or query),
        "any": bool(everything),
        "may_create": facilitates,
        "may_order": not query and may(user, Action.ORDER_DIALOGUES),
        "several": [phase for phase in ("open", "scheduled") if counts[phase] > 1],
        "spark_days": SPARK_DAYS,
        "dialogues": everything,
        "log_trouble": why_stuck() if sees_all else "",
        "log_is_late": is_log_late() if sees_all else False,
        "log_damage": damage_found() if sees_all else "",
    }
    return render(request, "dialogues/desk/home.html", page)


def _state(dialogue: Dialogue, at: datetime) -> str:
    return "archived" if dialogue.archived_on else dialogue.phase(at)


def _found(
    user: User, dialogues: Sequence[Dialogue], at: datetime, state: str, query: str
) -> list[Dialogue]:
    """Those of a state that have the words. Without either, all that are not in the archive."""
    having = set(dialogues_with(query, dialogues_at_desk(user))) if query else set()
    # A volunteer does not search in texts that they may not see.
    own = Dialogue.objects.filter(pk__in=volunteer_roles(user))
    for pk, question in own.values_list("pk", "question"):
        if query and query.casefold() in question.casefold():
            having.add(pk)

    def is_found(dialogue: Dialogue) -> bool:
        if query and dialogue.pk not in having:
            return False
        of = _state(dialogue, at)
        return of == state if state else bool(query) or of != "archived"

    return list(filter(is_found, dialogues))


def _by_phase(
    rows: Sequence[Dialogue], at: datetime, volunteered: Mapping[int, str]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows of a page by phase, with what waits in each for whoever may see it."""
    waits = Q(statements__status=Statement.Status.PENDING)
    unseen = Q(statements__status=Statement.Status.APPROVED, statements__reviewed=False)
    counted = Dialogue.objects.defer("background", "promise", "moderation_policy").annotate(
        pending=Count("statements", filter=waits),
        unseen=Count("statements", filter=unseen),
        appeals=Count("statements", filter=appealed("statements__")),
    )
    full = counted.in_bulk([each.pk for each in rows])
    dialogues = [full[each.pk] for each in rows if each.pk in full]
    for dialogue in dialogues:
        if not kind_of(Statement).is_waited_for(dialogue.phase(at)):
            dialogue.pending = 0
    sparks = _sparks([each for each in dialogues if each.pk not in volunteered])

    def entry(dialogue: Dialogue) -> dict[str, Any]:
        return {
            "dialogue": dialogue,
            "spark": sparks.get(dialogue.pk),
            "volunteer": volunteered.get(dialogue.pk, ""),
        }

    return [
        (phase, [entry(each) for each in found])
        for phase, found in groupby(dialogues, key=lambda each: each.phase(at))
    ]


@staff_only
@require_POST
def move_on_front_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a dialogue up or down among those of its phase."""
    dialogue = any_dialogue(slug)
    require(request, Action.ORDER_DIALOGUES, dialogue)
    moved = move_dialogue(staff_user(request), dialogue, up=request.POST.get("way") == "up")
    if moved:
        messages.success(request, _("It is moved, on the front page too."))
    else:
        messages.info(request, _("It stands at the end already."))
    return redirect(f"{reverse('desk')}#dialogue-{slug}")


def _sparks(dialogues: Sequence[Dialogue]) -> dict[int, dict[str, Any]]:
    """Sparklines of rounded daily participants, for dialogues in which they are not all zero."""
    today = timezone.localdate()
    first = today - timedelta(days=SPARK_DAYS - 1)
    steps = {dialogue.pk: dialogue.minimum_shown for dialogue in dialogues}
    counts: dict[int, dict[int, int]] = {}
    for dialogue_id, day, people in participants_by_day(dialogues):
        if first <= day <= today:
            shown = floor_to_step(people, steps[dialogue_id])
            counts.setdefault(dialogue_id, {})[(day - first).days] = shown
    return {pk: _spark(days) for pk, days in counts.items() if any(days.values())}


def _spark(days: dict[int, int]) -> dict[str, Any]:
    highest = max(days.values())
    columns = []
    for place in range(SPARK_DAYS):
        height = round(20 * days.get(place, 0) / highest) or 1
        columns.append({"x": place * 6, "y": 22 - height, "height": height})
    return {"columns": columns, "most": highest}
