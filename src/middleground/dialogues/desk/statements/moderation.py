"""Moderation page: decide about one or several texts of the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import (
    MOST_AT_ONCE,
    Chosen,
    as_ranges,
    chosen_in,
    first_and_rest,
    from_ranges,
    not_yet_shown,
    packed,
)
from middleground.dialogues.desk.statements.moderation_queue import (
    address_after,
    matching,
    place_in,
    queue_of,
    undoable,
)
from middleground.dialogues.models import Dialogue, ModeratedText, Reason
from middleground.dialogues.models.texts.moderated_text import Text
from middleground.dialogues.models.texts.own_reason import CODE, reason_choices
from middleground.dialogues.models.texts.text_kinds import TextKind, kind_called
from middleground.dialogues.queries import any_dialogue, has_final_map
from middleground.dialogues.texts import decisions as actions
from middleground.dialogues.texts.own_reasons import MOST_EVER
from middleground.ledger.records.entries import STATEMENTS
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.texts.moderation import Decision, TextState

ON_THIS_PAGE = {
    decision.value
    for decision in (Decision.APPROVE, Decision.REJECT, Decision.REMOVE, Decision.TAKE_BACK)
}
SAMPLE = 10  # texts shown of those that are decided together
MOST_WARNINGS = 5

# A decision that comes after the session ended is told in these words.
_SENT = {
    "decide": forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("approve", pgettext_lazy("decision", "Show")),
            ("reject", gettext_lazy("Don’t show")),
            ("remove", pgettext_lazy("decision", "Remove")),
            ("take_back", pgettext_lazy("decision", "Take back")),
        ],
    ),
    "chosen": forms.Field(label=gettext_lazy("Ticked")),
    # The numbers are told without the state in which they were seen.
    "of": forms.ChoiceField(
        label=gettext_lazy("Numbers"), choices=[(state.value, "") for state in TextState]
    ),
    # The address alone does not tell the words of a host's own reasons.
    "reason": forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            *Reason.choices,
            *(
                (f"{CODE}{n}", format_lazy(gettext_lazy("your own reason, number {n}"), n=n))
                for n in range(1, MOST_EVER + 1)
            ),
        ],
    ),
}


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, slug: str, collection: str = STATEMENTS) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    kind = kind_or_404(collection)
    if request.method != "POST":
        return _list(request, kind, dialogue, frozenset())
    verb, _colon, which = request.POST.get("decide", "").partition(":")
    single = "" if which == "all" else which
    reason = request.POST.get(f"reason-{single}" if single else "reason", "")
    if which == "all":
        chosen = matching(kind, dialogue, request.GET, verb)
    else:
        chosen = chosen_in(request.POST, single)
    reasons = dict(reason_choices(dialogue))
    problem = _problem(verb, chosen, reason, reasons)
    if verb == "approve" and not problem:
        chosen = not_yet_shown(chosen)
        problem = "" if chosen else _("Shown already.")
    if problem:
        messages.error(request, problem)
        # If one statement lacks a reason, the page opens there and not at the top.
        lacks = (single or "all") if problem == _no_reason() else ""
        ticked = frozenset() if which == "all" else frozenset(chosen)
        return _list(request, kind, dialogue, ticked, lacks)
    if which == "all":
        return _ask_to_decide(request, kind, dialogue, chosen, verb)
    if verb == "reject" and kind.in_result and has_final_map(dialogue):
        shown = kind.ready_of(dialogue).in_state(TextState.UNSEEN, TextState.SHOWN)
        in_result = list(shown.filter(number__in=list(chosen)[:MOST_AT_ONCE]))
        if in_result:
            return _ask_to_remove(request, dialogue, in_result, reason)
    now, left = first_and_rest(chosen)
    # What earlier steps of the same decision did is taken back with it.
    before = from_ranges(request.POST.get("before", ""))
    done = sorted({*before, *_decide(request, kind, dialogue, verb, now, reason)})
    if left:
        return _ask_to_decide(request, kind, dialogue, left, verb, before=done)
    taken_back = verb == "take_back"
    return redirect(address_after(kind, dialogue, request.GET, done, taken_back=taken_back))


def kind_or_404(collection: str) -> TextKind:
    kind = kind_called(collection)
    if kind is None:
        raise Http404
    return kind


def _list(
    request: HttpRequest,
    kind: TextKind,
    dialogue: Dialogue,
    chosen: frozenset[int],
    lacks: str = "",
) -> HttpResponse:
    """Render the list; ``lacks`` is the number without a reason, or "all" for the ticked ones."""
    page = {
        **dialogue_frame(request, dialogue),
        **queue_of(kind, dialogue, request.GET, chosen),
        "kind": kind,
        "lacks": lacks,
    }
    return render(request, "dialogues/desk/moderation.html", page)


def _ask_to_decide(
    request: HttpRequest,
    kind: TextKind,
    dialogue: Dialogue,
    chosen: Chosen,
    verb: str,
    *,
    before: Sequence[int] | None = None,
) -> HttpResponse:
    """Name the number before many are decided.

    ``before``: those that are decided already, while these are left.
    """
    first = kind.ready_of(dialogue).filter(number__in=sorted(chosen)[:SAMPLE])
    reason = request.POST.get("reason", "")
    undo = undoable(before) if before and verb != "take_back" else {}
    page = {
        **dialogue_frame(request, dialogue),
        "kind": kind,
        "verb": verb,
        "count": len(chosen),
        "of": packed(chosen),
        "first": first.order_by("number"),
        "more": max(0, len(chosen) - SAMPLE),
        "reason": reason,
        "reason_label": dict(reason_choices(dialogue)).get(reason, ""),
        "query": request.GET.get("q", ""),
        "steps": MOST_AT_ONCE,
        "go_on": before is not None,
        "before": as_ranges(before or []),
        "place": urlencode(place_in(request.GET)),
        "back": urlencode(place_in(request.GET) | undo),
    }
    return render(request, "dialogues/desk/bulk.html", page)


def _problem(verb: str, numbers: Collection[int], reason: str, reasons: Mapping[str, str]) -> str:
    if verb not in ON_THIS_PAGE:
        return _("Choose what to do.")
    if not numbers:
        return _("Choose at least one.")
    if verb in {"reject", "remove"} and reason not in reasons:
        return _no_reason()
    return ""


def _no_reason() -> str:
    return _("Choose a reason: the author will read it.")


def _ask_to_remove(
    request: HttpRequest, dialogue: Dialogue, statements: list[ModeratedText], reason: str
) -> HttpResponse:
    """Explain what removing texts from a final result means, before it is done."""
    page = {
        **dialogue_frame(request, dialogue),
        "statements": [(each, request.POST.get(f"seen-{each.number}", "")) for each in statements],
        "reason": reason,
        "reason_label": dict(reason_choices(dialogue))[reason],
        "back": urlencode(place_in(request.GET)),
    }
    return render(request, "dialogues/desk/remove.html", page)


def _decide(
    request: HttpRequest,
    kind: TextKind,
    dialogue: Dialogue,
    verb: str,
    chosen: Chosen,
    reason: str,
) -> list[int]:
    """Decide about each text separately, report it, and return the decided numbers."""
    staff = staff_user(request)
    done, shown_again = [], 0
    refusals: list[str] = []
    texts = list(kind.ready_of(dialogue).filter(number__in=chosen).order_by("number"))
    for text in texts:
        try:
            decided = _apply(staff, text, verb, chosen[text.number], reason)
            shown_again += verb == "take_back" and decided.state is TextState.SHOWN
            done.append(text.number)
        except actions.DecisionRefused as refused:
            refusals.append(str(refused.message))
    gone = sorted(set(chosen) - {text.number for text in texts})
    _warn(request, refusals, gone)
    if done:
        messages.success(request, _told(kind, "approve" if shown_again else verb, len(done)))
    return done


def _warn(request: HttpRequest, refusals: list[str], gone: list[int]) -> None:
    """Say what was not decided: the first refusals in full, and how many more there were."""
    for message in refusals[:MOST_WARNINGS]:
        messages.warning(request, message)
    more = len(refusals) - MOST_WARNINGS
    if more > 0:
        text = ngettext(
            "%(n)d more is unchanged, for the same kind of reason.",
            "%(n)d more are unchanged, for the same kinds of reasons.",
            more,
        )
        messages.warning(request, text % {"n": more})
    if gone:
        text = _("Not there any more: %(numbers)s.")
        messages.warning(request, text % {"numbers": as_ranges(gone)[:200]})


def _apply(staff: User, text: Text, verb: str, seen: str, reason: str) -> Text:
    if verb == "approve":
        return actions.approve(staff, text, seen)
    if verb == "reject":
        return actions.reject(staff, text, seen, reason)
    if verb == "remove":
        return actions.remove(staff, text, seen, reason)
    return actions.take_back(staff, text, seen)


def _told(kind: TextKind, verb: str, count: int) -> str:
    if kind.collection != STATEMENTS:
        told = {
            "approve": _("Shown: %(n)d."),
            "reject": _("Not shown: %(n)d."),
            "remove": _("Not shown: %(n)d."),
            "take_back": _("Waits again: %(n)d."),
        }
        return told[verb] % {"n": count}
    if verb == "approve":
        text = ngettext("%(n)d statement is shown.", "%(n)d statements are shown.", count)
    elif verb == "remove":
        text = ngettext(
            "The words of %(n)d statement are removed from the result.",
            "The words of %(n)d statements are removed from the result.",
            count,
        )
    elif verb == "reject":
        text = ngettext("%(n)d statement is not shown.", "%(n)d statements are not shown.", count)
    else:
        text = ngettext("%(n)d statement waits again.", "%(n)d statements wait again.", count)
    return text % {"n": count}
