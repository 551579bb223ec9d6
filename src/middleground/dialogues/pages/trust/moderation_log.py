"""The public moderation log: counts of hidden statements by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from middleground.core.languages.first import in_first_language
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import (
    Appeal,
    Dialogue,
    Participant,
    StaffAction,
    Statement,
    Verb,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.dialogues.models.texts.own_reason import own_reasons, own_reasons_in_use
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds
from middleground.dialogues.participation.hours import hour_label
from middleground.dialogues.privacy import retention
from middleground.dialogues.queries import codes_made, public_dialogue
from middleground.dialogues.statements.redaction import redacted
from middleground.dialogues.texts.appeals import count_appeals
from middleground.disclosure.rounding import floor_to_step
from middleground.polis.formulas import csv_table

COLUMNS = ("of", "what", "at_least", "fewer_than")


@cached_page()
@require_safe
def show_moderation_log(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how many participants' statements are hidden, and why: rounded counts, no texts."""
    dialogue = public_dialogue(slug)
    page = {
        **_decisions(dialogue),
        "own_reasons": own_reasons_in_use(dialogue),
        "key": retention.key_state(dialogue),
        "holds": retention.public_holds(dialogue),
    }
    return render(request, "dialogues/moderation_log.html", page)


@cached_page()
@require_safe
@in_first_language
def download_moderation_log(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The counts of the page as CSV. What is below the step is a range here, too."""
    dialogue = public_dialogue(slug)
    step = dialogue.minimum_shown
    counted = _table(dialogue, _decisions(dialogue))
    rows = ((of, what, *((count, "") if count else (0, step))) for of, what, count in counted)
    response = HttpResponse(csv_table(COLUMNS, rows), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{slug}-moderation.csv"'
    return response


def _table(dialogue: Dialogue, page: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Every rounded count of the page: of what, which outcome or reason, and how many."""
    reason = _("Not shown: %(reason)s")
    groups = [(_("Statements of participants"), page["outcomes"], page["reasons"])]
    groups += [
        (str(each["label"]), each["outcomes"], each["reasons"]) for each in page["other_texts"]
    ]
    for label, outcomes, reasons in groups:
        for name, count in outcomes:
            yield label, str(name), count
        for name, count in reasons:
            yield label, reason % {"reason": name}, count
    if not dialogue.imported:
        for name, count in page["appeals"]:
            yield _("Authors who asked for a second look"), str(name), count
    yield _("All texts"), _("Decisions taken back"), page["undone"]


def _decisions(dialogue: Dialogue) -> dict[str, object]:
    step = dialogue.minimum_shown
    theirs = dialogue.statements.exclude(origin=Statement.Origin.SEED)
    counts = _counts(theirs.without_corrected())
    appealed = count_appeals(dialogue)
    undone = StaffAction.objects.filter(dialogue=dialogue, verb=Verb.TAKE_BACK).count()
    return {
        "dialogue": dialogue,
        "step": step,
        **_not_counted(dialogue),
        "outcomes": [
            (_outcome(dialogue, value), floor_to_step(counts.get(value, 0), step))
            for value in Statement.Status.values
            if value != Statement.Status.REJECTED
        ],
        "reasons": [
            (label, floor_to_step(counts.get(value, 0), step))
            for value, label in _reasons(dialogue)
        ],
        "other_texts": _other_texts(dialogue),
        "undone": floor_to_step(undone, step),
        # An exact count, because the results list each of them by number.
        "removed": dialogue.statements.removed().count(),
        "appeals": [
            (label, floor_to_step(appealed[value], step)) for value, label in Appeal.Outcome.choices
        ],
    }


def _outcome(dialogue: Dialogue, status: str, kind: TextKind | None = None) -> str:
    """What waits in a closed dialogue waits no more, unless its kind is looked at then, too.

    The same words fit what nobody looked at and what was decided, and taken back again.
    """
    closed = dialogue.phase(timezone.now()) == "closed"
    if status == Statement.Status.PENDING and closed and not (kind and kind.by_mark):
        return _("not decided, and the dialogue is closed")
    return str(Statement.Status(status).label)


def _counts(texts: ModeratedTextQuerySet[Any]) -> Counter[str]:
    """How many are in each status, and of those that are not shown how many for each reason."""
    rows = texts.order_by().values_list("status", "reason").annotate(Count("pk"))
    return Counter({reason or status: n for status, reason, n in rows})


def _other_texts(dialogue: Dialogue) -> list[dict[str, object]]:
    """The same counts of other kinds of texts, such as comments, that the dialogue has."""
    step = dialogue.minimum_shown
    found: list[dict[str, object]] = []
    for kind in find_text_kinds():
        counts = _counts(kind.ready_of(dialogue)) if kind.model is not Statement else Counter()
        if not counts:
            continue
        # Rejected without a reason: its author took it back.
        outcomes = [
            (Statement.Status.PENDING, _outcome(dialogue, Statement.Status.PENDING, kind)),
            (Statement.Status.APPROVED, Statement.Status.APPROVED.label),
            (Statement.Status.REJECTED, _("withdrawn by their authors")),
        ]
        found.append(
            {
                "label": kind.label,
                "outcomes": [(text, floor_to_step(counts[each], step)) for each, text in outcomes],
                "reasons": [
                    (text, floor_to_step(counts[each], step))
                    for each, text in _all_reasons(dialogue)
                ],
            }
        )
    return found


def _not_counted(dialogue: Dialogue) -> dict[str, object]:
    """What the host decided about whose votes count, and how many codes were made."""
    newest = dialogue.maps.only("id", "dialogue", "set_aside").first()
    shown = dialogue.exclusion_rules.filter(statement__in=dialogue.statements.published())
    aside = list(shown.select_related("statement").order_by("pk"))
    for rule in aside:
        rule.statement = redacted(rule.statement)
        rule.statement.dialogue = dialogue
    hours = dialogue.hours_set_aside.order_by("hour", "way")
    return {
        "hours_aside": [(hour_label(each.hour), each.get_way_display()) for each in hours],
        "batches": [
            (each, floor_to_step(each.participants, dialogue.minimum_shown))
            for each in dialogue.entry_batches.all()
        ],
        "uncounted": [Participant.Tier(tier).label for tier in dialogue.uncounted_tiers],
        "aside": aside,
        "set_aside": floor_to_step(newest.set_aside, dialogue.minimum_shown) if newest else None,
        "decisions": dialogue.staff_actions.filter(verb__in=Verb.about_who_counts()).count(),
        "codes": [(Participant.Tier(tier).label, count) for tier, count in codes_made(dialogue)],
    }


def _reasons(dialogue: Dialogue) -> list[tuple[str, str]]:
    """Reasons with their labels; for imports also "rejected before", whose reason is unknown."""
    reasons = _all_reasons(dialogue)
    if dialogue.imported:
        reasons.append((Statement.Status.REJECTED, _("was rejected before the import")))
    return reasons


def _all_reasons(dialogue: Dialogue) -> list[tuple[str, str]]:
    """The reasons that all hosts have, and the host's own, those not used any more among them."""
    found = [(value, str(label)) for value, label in Statement.Reason.choices]
    for own in own_reasons(dialogue):
        label = _("%(reason)s (no longer used)") % {"reason": own.label}
        found.append((own.code, label if own.retired else own.label))
    return found
