"""Around a dialogue: preview, participation, embedding, for staff; the embed, for everyone."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.core import dates
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import (
    Appeal,
    Dialogue,
    Participant,
    StaffAction,
    Statement,
    Verb,
)
from middleground.dialogues.privacy import retention
from middleground.dialogues.queries import any_dialogue, public_dialogue
from middleground.dialogues.statements.appeals import count_appeals
from middleground.dialogues.statements.redaction import redacted
from middleground.dialogues.voting.dealing import Card
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, require, staff_only
from middleground.pictures.participation import participation_chart, participation_table

# At 320 pixels, with the strip of an example and a question of 120 characters.
EMBED_HEIGHT = 440


@staff_only
@require_safe
def preview_dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page and a card as a participant will see them. Nothing is stored."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    statements = dialogue.statements.votable()
    count = statements.count()
    published = dialogue.maps.values_list("participants", flat=True).first()
    frame = dialogue_frame(request, dialogue)
    page = {
        **frame,
        "real_phase": frame["phase"],
        "phase": "open",
        "took_part": floor_to_step(published or 0, dialogue.minimum_shown),
        "statements": count,
        "card": _first_card(statements.order_by("number").first(), count),
    }
    return render(request, "dialogues/desk/preview.html", page)


def _first_card(statement: Statement | None, total: int) -> Card:
    """The card that someone new may get; its proof is good for nothing."""
    if statement is None:
        return Card(None, "", "", None, 0, total)
    return Card(statement.number, statement.text, "", None, 0, total)


@staff_only
@require_safe
def show_participation(request: HttpRequest, slug: str) -> HttpResponse:
    """People and votes by day. Staff, too, see steps: a single person must not show."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    step = dialogue.minimum_shown
    days = [
        (dates.day(row.day), floor_to_step(row.participants, step))
        for row in dialogue.days.order_by("day")
    ]
    # Whether few or nobody came on a day must not be told apart either.
    points = [(day, count or 1) for day, count in days]
    chart = participation_chart(points, rounding=step, minimum=step)
    page = {
        **dialogue_frame(request, dialogue),
        "chart": mark_safe(chart),  # noqa: S308 -- drawn by us, from days and numbers
        "table": participation_table(points, rounding=step, minimum=step),
        "any_days": bool(days),
    }
    return render(request, "dialogues/desk/participation.html", page)


@staff_only
@require_safe
def show_embedding(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    snippet = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"'
        ' referrerpolicy="no-referrer"></iframe>',
        settings.ORIGIN + reverse("embed", args=[slug]),
        dialogue.question,
        EMBED_HEIGHT,
    )
    page = {
        **dialogue_frame(request, dialogue),
        "snippet": "".join(snippet),  # plain, so that the page escapes it once more
        "public_address": settings.ORIGIN + dialogue.get_absolute_url(),
    }
    return render(request, "dialogues/desk/embedding.html", page)


@require_safe
def show_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """For a frame on another site: the question and a way to take part, which leaves the frame.

    No one votes inside: browsers give a page in a foreign frame no cookie of its own, and a frame
    can be laid under something else to steal clicks.
    """
    dialogue = public_dialogue(slug)
    page = {"dialogue": dialogue, "phase": dialogue.phase(timezone.now())}
    response = render(request, "dialogues/embed.html", page)
    response.may_be_framed = True  # type: ignore[attr-defined]
    # Some sites admit only frames that say that they may be there.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def show_moderation_log(request: HttpRequest, slug: str) -> HttpResponse:
    """How many statements of participants are not shown, and why. No texts; counts in steps."""
    dialogue = public_dialogue(slug)
    page = {
        **_decisions(dialogue),
        "key": retention.key_state(dialogue),
        "holds": retention.public_holds(dialogue),
    }
    return render(request, "dialogues/moderation_log.html", page)


def _decisions(dialogue: Dialogue) -> dict[str, object]:
    step = dialogue.minimum_shown
    counts: dict[str, int] = {}
    for status, reason in dialogue.statements.exclude(origin=Statement.Origin.SEED).values_list(
        "status", "reason"
    ):
        counts[reason or status] = counts.get(reason or status, 0) + 1
    appealed = count_appeals(dialogue)
    undone = StaffAction.objects.filter(dialogue=dialogue, verb=Verb.TAKE_BACK).count()
    return {
        "dialogue": dialogue,
        "step": step,
        **_not_counted(dialogue),
        "outcomes": [
            (label, floor_to_step(counts.get(value, 0), step))
            for value, label in Statement.Status.choices
            if value != Statement.Status.REJECTED
        ],
        "reasons": [
            (label, floor_to_step(counts.get(value, 0), step))
            for value, label in _reasons(dialogue)
        ],
        "undone": floor_to_step(undone, step),
        # Exactly: each stands in the results with its number.
        "removed": dialogue.statements.removed().count(),
        "appeals": [
            (label, floor_to_step(appealed[value], step)) for value, label in Appeal.Outcome.choices
        ],
    }


def _not_counted(dialogue: Dialogue) -> dict[str, object]:
    """What the host decided about who counts, and how many codes were made: for everyone."""
    newest = dialogue.maps.only("id", "dialogue", "set_aside").first()
    made = dialogue.code_batches.order_by().values_list("tier")
    shown = dialogue.set_asides.filter(statement__in=dialogue.statements.published())
    aside = list(shown.select_related("statement").order_by("pk"))
    for rule in aside:
        rule.statement = redacted(rule.statement)
        rule.statement.dialogue = dialogue
    return {
        "uncounted": [Participant.Tier(tier).label for tier in dialogue.uncounted_tiers],
        "aside": aside,
        "set_aside": floor_to_step(newest.set_aside, dialogue.minimum_shown) if newest else None,
        "decisions": dialogue.staff_actions.filter(verb__in=Verb.about_who_counts()).count(),
        "codes": [
            (Participant.Tier(tier).label, count)
            for tier, count in made.annotate(total=Sum(F("size") + F("withdrawn")))
        ],
    }


def _reasons(dialogue: Dialogue) -> list[tuple[str, str]]:
    """The codes; of what was rejected before an import, only that it was is known."""
    reasons = [(value, str(label)) for value, label in Statement.Reason.choices]
    if dialogue.imported:
        reasons.append((Statement.Status.REJECTED, _("was rejected before the import")))
    return reasons
