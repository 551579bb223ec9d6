"""The moderation queue: what waits, with warnings, and one decision or many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from middleground.dialogues import personal_data
from middleground.dialogues.actions import moderation as actions
from middleground.dialogues.actions.retention import is_held
from middleground.dialogues.models import Dialogue, Hold, Statement, StatementQuerySet
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.removed import is_final
from middleground.dialogues.similar import Similar, find_similar
from middleground.dialogues.views.desk import dialogue_frame
from middleground.people.models import User
from middleground.people.permissions import moderators_only, staff_user

PAGE = 20
MOST_AT_ONCE = 200
Status = Statement.Status

TABS = {
    "waiting": (gettext_lazy("Waiting"), Q(status=Status.PENDING)),
    "unseen": (gettext_lazy("Shown, not looked at"), Q(status=Status.APPROVED, reviewed=False)),
    "shown": (gettext_lazy("Shown"), Q(status=Status.APPROVED)),
    "rejected": (gettext_lazy("Not shown"), Q(status=Status.REJECTED)),
    "merged": (gettext_lazy("Merged"), Q(status=Status.MERGED)),
}
TO_DECIDE = ("waiting", "unseen")
_PLACE = ("tab", "q", "page")  # what of the address says where in the list somebody is


@dataclass(frozen=True, slots=True)
class Item:
    """A statement in the list, with what a moderator should look at."""

    statement: Statement
    state: str
    chosen: bool
    pieces: list[personal_data.Piece]
    personal: list[str]
    similar: list[Similar[Statement]]


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    if request.method != "POST":
        return _list(request, dialogue, frozenset())
    verb, _colon, single = request.POST.get("decide", "").partition(":")
    numbers = numbers_in([single] if single else request.POST.getlist("chosen"))
    reason = request.POST.get(f"reason-{single}" if single else "reason", "")
    problem = _problem(verb, numbers, reason)
    if problem:
        messages.error(request, problem)
        return _list(request, dialogue, frozenset(numbers))
    if verb == "reject" and is_final(dialogue):
        in_result = list(dialogue.statements.votable().filter(number__in=numbers))
        if in_result:
            return _ask_to_remove(request, dialogue, in_result, reason)
    done = _decide(request, dialogue, verb, numbers, reason)
    query = {name: request.GET[name] for name in _PLACE if name in request.GET}
    if done and verb != "take_back":
        query["done"] = ",".join(str(number) for number in done)
    address = reverse("desk_moderation", args=[slug])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


def numbers_in(values: Sequence[str]) -> list[int]:
    """Numbers of statements in a request; what is none is left out."""
    plain = [value for value in values if value.isascii() and value.isdigit() and len(value) < 9]
    return [int(value) for value in plain[:MOST_AT_ONCE]]


def _problem(verb: str, numbers: list[int], reason: str) -> str:
    if verb not in {"approve", "reject", "remove", "take_back"}:
        return _("Choose what to do.")
    if not numbers:
        return _("Choose at least one statement.")
    if verb in {"reject", "remove"} and reason not in Statement.Reason.values:
        return _("Choose a reason: the author of the statement will read it.")
    return ""


def _ask_to_remove(
    request: HttpRequest, dialogue: Dialogue, statements: list[Statement], reason: str
) -> HttpResponse:
    """Say what it does to take words from a final result, before it is done."""
    page = {
        **dialogue_frame(request, dialogue),
        "statements": [(each, request.POST.get(f"seen-{each.number}", "")) for each in statements],
        "reason": reason,
        "reason_label": Statement.Reason(reason).label,
        "back": urlencode({name: request.GET[name] for name in _PLACE if name in request.GET}),
    }
    return render(request, "dialogues/desk/remove.html", page)


def _decide(
    request: HttpRequest, dialogue: Dialogue, verb: str, numbers: list[int], reason: str
) -> list[int]:
    """Decide about each on its own, say what came of it, and return the numbers decided."""
    staff = staff_user(request)
    done, shown_again = [], 0
    for statement in dialogue.statements.filter(number__in=numbers).order_by("number"):
        seen = request.POST.get(f"seen-{statement.number}", "")
        try:
            decided = _apply(staff, statement, verb, seen, reason)
            shown_again += verb == "take_back" and decided.status == Status.APPROVED
            done.append(statement.number)
        except actions.DecidedAlready as already:
            messages.warning(request, told_already(already.current))
        except actions.NotPossible as refused:
            messages.warning(request, told_impossible(refused))
    if done:
        messages.success(request, _told("approve" if shown_again else verb, len(done)))
    return done


def _apply(staff: User, statement: Statement, verb: str, seen: str, reason: str) -> Statement:
    if verb == "approve":
        return actions.approve(staff, statement, seen)
    if verb == "reject":
        return actions.reject(staff, statement, seen, reason)
    if verb == "remove":
        return actions.remove(staff, statement, seen, reason)
    return actions.take_back(staff, statement, seen)


def _told(verb: str, count: int) -> str:
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


def told_already(current: Statement) -> str:
    """Who was faster, and what they decided."""
    last = current.staff_actions.select_related("staff").first()
    return _("Number %(number)d was decided meanwhile by %(who)s: %(state)s.") % {
        "number": current.number,
        "who": last.staff if last and last.staff else _("somebody else"),
        "state": current.get_status_display(),
    }


def told_impossible(refused: actions.NotPossible) -> str:
    number = refused.other.number if refused.other else 0
    if refused.code == "twin":
        return _(
            "The same words were sent again and stand as number %(number)d, so this one stays as"
            " it is."
        ) % {"number": number}
    if refused.code == "text_deleted":
        return _("The text of number %(number)d is deleted, so it cannot be shown again.") % {
            "number": number
        }
    if refused.code == "in_result":
        return _(
            "The final result is published, and number %(number)d is in it. It can only be removed"
            " in the open: with “Remove from the result”."
        ) % {"number": number}
    if refused.code == "no_result":
        return _("There is no final result yet that number %(number)d could be removed from.") % {
            "number": number
        }
    if refused.code == "not_shown":
        return _("Number %(number)d is not shown, so nothing can be merged into it.") % {
            "number": number
        }
    return _("A statement can only be merged into another one of the same dialogue.")


def _list(request: HttpRequest, dialogue: Dialogue, chosen: frozenset[int]) -> HttpResponse:
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    query = request.GET.get("q", "").replace("\0", "")[:200].strip()
    page = _page_of(dialogue, tab, query, request.GET.get("page", "1"))
    undo = dialogue.statements.filter(
        number__in=numbers_in(request.GET.get("done", "").split(",")), reviewed=True
    ).exclude(text="")
    return render(
        request,
        "dialogues/desk/moderation.html",
        {
            **dialogue_frame(request, dialogue),
            "tab": tab,
            "tabs": _tabs(dialogue),
            "query": query,
            "page": page,
            "items": _items(dialogue, list(page.object_list), chosen),
            "reasons": Statement.Reason.choices,
            "texts_held": tab == "rejected" and is_held(dialogue, Hold.What.TEXTS),
            "to_decide": tab in {"waiting", "unseen", "shown"},
            "final": is_final(dialogue),
            "undo": [(s.number, actions.state_of(s)) for s in undo]
            if "done" in request.GET
            else [],
        },
    )


def _page_of(dialogue: Dialogue, tab: str, query: str, number: str) -> Page[Statement]:
    # Oldest first where somebody waits for a decision, newest first where one looks things up.
    order = "number" if tab in TO_DECIDE else "-number"
    found: StatementQuerySet = dialogue.statements.filter(TABS[tab][1])
    if query:
        by_number = Q(number=int(query)) if numbers_in([query]) else Q()
        found = found.filter(Q(text__icontains=query) | by_number)
    found = found.select_related("merged_into", "appeal").order_by(order)
    return Paginator(found, PAGE).get_page(number)


def _tabs(dialogue: Dialogue) -> list[tuple[str, str, int]]:
    counts = dialogue.statements.aggregate(
        **{name: Count("pk", filter=which) for name, (_label, which) in TABS.items()}
    )
    always = {"waiting", "shown", "rejected"}
    return [
        (name, str(label), counts[name])
        for name, (label, _which) in TABS.items()
        if counts[name] or name in always
    ]


def _items(
    dialogue: Dialogue, statements: Sequence[Statement], chosen: frozenset[int]
) -> list[Item]:
    shown = [Status.PENDING, Status.APPROVED]
    others = list(
        dialogue.statements.filter(status__in=shown)
        .order_by("number")
        .only("id", "number", "text", "status", "dialogue_id")
    )
    return [_item(statement, others, chosen) for statement in statements]


def _item(statement: Statement, others: list[Statement], chosen: frozenset[int]) -> Item:
    findings = personal_data.find(statement.text)
    undecided = statement.status in {Status.PENDING, Status.APPROVED}
    candidates = [other for other in others if other.pk != statement.pk] if undecided else []
    return Item(
        statement=statement,
        state=actions.state_of(statement),
        chosen=statement.number in chosen,
        pieces=personal_data.pieces(statement.text, findings),
        personal=sorted({str(finding.kind.label) for finding in findings}),
        similar=find_similar(statement.text, candidates, 2),
    )
