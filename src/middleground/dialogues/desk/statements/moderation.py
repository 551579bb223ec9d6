"""The moderation queue: what waits, with warnings, and one decision or many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue, Hold, Statement, StatementQuerySet
from middleground.dialogues.privacy.retention import is_held
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements import moderation as actions
from middleground.dialogues.statements.personal_data_labels import label_of
from middleground.dialogues.statements.redaction import has_final_map
from middleground.people.models import User
from middleground.people.permissions import moderators_only, staff_user
from middleground.texts import personal_data
from middleground.texts.similarity import Similar, find_similar

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
        # Who missed the reason of one statement goes on there, not at the top of the page.
        lacks = (single or "all") if problem == _no_reason() else ""
        return _list(request, dialogue, frozenset(numbers), lacks)
    if verb == "reject" and has_final_map(dialogue):
        in_result = list(dialogue.statements.votable().filter(number__in=numbers))
        if in_result:
            return _ask_to_remove(request, dialogue, in_result, reason)
    done = _decide(request, dialogue, verb, numbers, reason)
    return redirect(address_after(dialogue, request.GET, done, taken_back=verb == "take_back"))


def address_after(
    dialogue: Dialogue, place: Mapping[str, str], done: list[int], *, taken_back: bool = False
) -> str:
    """The list as it was left, at the statement that comes next after those decided.

    Where the decisions were taken back and the first is in the list again, at that one.
    """
    query = _place(place)
    if done and not taken_back:
        query["done"] = ",".join(str(number) for number in done)
    tab, words = _tab_and_words(place)
    numbers = list(_found(dialogue, tab, words).values_list("number", flat=True))
    goal = _next_of(numbers, done, rising=tab in TO_DECIDE, again=taken_back) if done else None
    if goal is not None:
        page = numbers.index(goal) // PAGE + 1
        query |= {"page": str(page)} if page > 1 or "page" in query else {}
    address = reverse("desk_moderation", args=[dialogue.slug])
    address = f"{address}?{urlencode(query)}" if query else address
    return f"{address}#statement-{goal}" if goal is not None else address


def _place(query: Mapping[str, str]) -> dict[str, str]:
    """What of the address says where in the list somebody is."""
    return {name: query[name] for name in ("tab", "q", "page") if name in query}


def _next_of(numbers: list[int], done: list[int], *, rising: bool, again: bool) -> int | None:
    """Of those in the list the one behind all decided ones, or else the last."""
    if again and done[0] in numbers:
        return done[0]
    left = [number for number in numbers if number not in done]
    behind = [n for n in left if (n > max(done) if rising else n < min(done))]
    return next(iter(behind or left[-1:]), None)


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
        return _no_reason()
    return ""


def _no_reason() -> str:
    return _("Choose a reason: the author of the statement will read it.")


def _ask_to_remove(
    request: HttpRequest, dialogue: Dialogue, statements: list[Statement], reason: str
) -> HttpResponse:
    """Say what it does to take words from a final result, before it is done."""
    page = {
        **dialogue_frame(request, dialogue),
        "statements": [(each, request.POST.get(f"seen-{each.number}", "")) for each in statements],
        "reason": reason,
        "reason_label": Statement.Reason(reason).label,
        "back": urlencode(_place(request.GET)),
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
    return WHY_NOT[refused.code] % {"number": refused.other.number if refused.other else 0}


_ANOTHER = gettext_lazy("A statement can only be merged into another one of the same dialogue.")
WHY_NOT = {
    "same": _ANOTHER,
    "elsewhere": _ANOTHER,
    "not_shown": gettext_lazy("Number %(number)d is not shown, so nothing can be merged into it."),
    "twin": gettext_lazy(
        "The same words were sent again and stand as number %(number)d, so this one stays as it is."
    ),
    "text_deleted": gettext_lazy(
        "The text of number %(number)d is deleted, so it cannot be shown again."
    ),
    "in_result": gettext_lazy(
        "The final result is published, and number %(number)d is in it. It can only be removed in"
        " the open: with “Remove from the result”."
    ),
    "too_late": gettext_lazy(
        "The final result is published without number %(number)d, and nobody can vote on it any"
        " more, so it cannot be shown."
    ),
    "no_result": gettext_lazy(
        "There is no final result yet that number %(number)d could be removed from."
    ),
}


def _list(
    request: HttpRequest, dialogue: Dialogue, chosen: frozenset[int], lacks: str = ""
) -> HttpResponse:
    """The list; ``lacks`` is the number whose reason is missing, or "all" for the ticked ones'."""
    tab, query = _tab_and_words(request.GET)
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
            "final": has_final_map(dialogue),
            "lacks": lacks,
            "place": urlencode(_place(request.GET)),
            "undo": [(s.number, actions.state_of(s)) for s in undo]
            if "done" in request.GET
            else [],
        },
    )


def _tab_and_words(place: Mapping[str, str]) -> tuple[str, str]:
    tab = place.get("tab", "waiting")
    words = place.get("q", "").replace("\0", "")[:200].strip()
    return tab if tab in TABS else "waiting", words


def _page_of(dialogue: Dialogue, tab: str, query: str, number: str) -> Page[Statement]:
    found = _found(dialogue, tab, query).select_related("merged_into", "appeal")
    return Paginator(found, PAGE).get_page(number)


def _found(dialogue: Dialogue, tab: str, query: str) -> StatementQuerySet:
    # Oldest first where somebody waits for a decision, newest first where one looks things up.
    order = "number" if tab in TO_DECIDE else "-number"
    found: StatementQuerySet = dialogue.statements.filter(TABS[tab][1])
    if query:
        by_number = Q(number=int(query)) if numbers_in([query]) else Q()
        found = found.filter(Q(text__icontains=query) | by_number)
    return found.order_by(order)


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
        personal=sorted({label_of(finding.kind) for finding in findings}),
        similar=find_similar(statement.text, candidates, 2),
    )
