"""The moderation queue: tabs, search, one page of texts of a kind, and the URL after a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from middleground.dialogues.models import Dialogue, ModeratedText, RetentionHold, in_state
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.dialogues.models.texts.text_kinds import TextKind
from middleground.dialogues.privacy.retention import is_held
from middleground.dialogues.queries import has_final_map
from middleground.dialogues.texts.decisions import SHOWN
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.dialogues.texts.search import containing, similar_to_each
from middleground.ledger.records.entries import STATEMENTS
from middleground.texts import personal_data
from middleground.texts.moderation import Decision, TextState, possible_decisions
from middleground.texts.similarity import Similar

PAGE = 20
MOST_AT_ONCE = 200

TABS = {
    "waiting": (gettext_lazy("Waiting"), (TextState.WAITING,)),
    "unseen": (gettext_lazy("Shown, not looked at"), (TextState.UNSEEN,)),
    "shown": (gettext_lazy("Shown"), (TextState.UNSEEN, TextState.SHOWN)),
    "rejected": (gettext_lazy("Not shown"), (TextState.REJECTED,)),
    "merged": (gettext_lazy("Merged"), (TextState.MERGED,)),
}
TO_DECIDE = ("waiting", "unseen")
# Statements in these states are compared with each other for similarity.
UNDECIDED = (TextState.WAITING, TextState.UNSEEN, TextState.SHOWN)
UNDOES = {Decision.TAKE_BACK.value, Decision.RESTORE.value}
HIDES = {Decision.REJECT.value, Decision.REMOVE.value}


@dataclass(frozen=True, slots=True)
class Item:
    """A text in the list, with findings for the moderator."""

    text: ModeratedText
    state: str
    possible: frozenset[str]
    chosen: bool
    pieces: list[personal_data.Piece]
    personal: list[str]
    similar: list[Similar[Any]]


def queue_of(
    kind: TextKind, dialogue: Dialogue, place: Mapping[str, str], chosen: frozenset[int]
) -> dict[str, object]:
    """The queue's template context at ``place`` (tab, search, page); ``chosen`` are ticked."""
    tab, query = _tab_and_words(place)
    found = _found(kind, dialogue, tab, query).select_related(*kind.related)
    page = Paginator(found, PAGE).get_page(place.get("page", "1"))
    final = kind.in_result and has_final_map(dialogue)
    possible = _possible(kind, *TABS[tab][1], final=final)
    done = numbers_in(place.get("done", "").split(","))
    undo = kind.ready_of(dialogue).filter(number__in=done, reviewed=True).exclude(text="")
    return {
        "tab": tab,
        "tabs": _tabs(kind, dialogue),
        "query": query,
        "page": page,
        "items": _items(kind, dialogue, list(page.object_list), chosen, final=final),
        "reasons": ModeratedText.Reason.choices,
        "texts_held": tab == "rejected" and is_held(dialogue, RetentionHold.What.TEXTS),
        "possible": possible,
        "to_decide": bool(possible & HIDES),
        "may_undo": bool(possible & UNDOES),
        "final": final,
        "place": urlencode(place_in(place)),
        "undo": [(each.number, each.state.value) for each in undo] if done else [],
    }


def _possible(kind: TextKind, *states: TextState, final: bool) -> frozenset[str]:
    if kind.taken_up_at:
        still = [state for state in states if state not in SHOWN]
        found = possible_decisions(*still, final=final) - {Decision.APPROVE, Decision.MERGE}
    else:
        found = possible_decisions(*states, final=final)
    return frozenset(decision.value for decision in found)


def address_after(
    kind: TextKind,
    dialogue: Dialogue,
    place: Mapping[str, str],
    done: list[int],
    *,
    taken_back: bool = False,
) -> str:
    """The URL of the same list, at the next text after the decided ones.

    After an undo it points to the first of them, if that is in the list again.
    """
    query = place_in(place)
    if done and not taken_back:
        query["done"] = ",".join(str(number) for number in done)
    tab, words = _tab_and_words(place)
    numbers = list(_found(kind, dialogue, tab, words).values_list("number", flat=True))
    goal = _next_of(numbers, done, rising=tab in TO_DECIDE, again=taken_back) if done else None
    if goal is not None:
        page = numbers.index(goal) // PAGE + 1
        query |= {"page": str(page)} if page > 1 or "page" in query else {}
    address = queue_address(kind, dialogue)
    address = f"{address}?{urlencode(query)}" if query else address
    return f"{address}#statement-{goal}" if goal is not None else address


def queue_address(kind: TextKind, dialogue: Dialogue) -> str:
    if kind.collection == STATEMENTS:
        return reverse("desk_moderation", args=[dialogue.slug])
    return reverse("desk_texts", args=[dialogue.slug, kind.collection])


def place_in(query: Mapping[str, str]) -> dict[str, str]:
    """The query parameters that give the position in the list."""
    return {name: query[name] for name in ("tab", "q", "page") if name in query}


def _next_of(numbers: list[int], done: list[int], *, rising: bool, again: bool) -> int | None:
    """The number that follows all decided ones in the list, or else the last that remains."""
    if again and done[0] in numbers:
        return done[0]
    left = [number for number in numbers if number not in done]
    behind = [n for n in left if (n > max(done) if rising else n < min(done))]
    return next(iter(behind or left[-1:]), None)


def numbers_in(values: Sequence[str]) -> list[int]:
    """The numbers of texts among a request's values; anything else is ignored."""
    plain = [value for value in values if value.isascii() and value.isdigit() and len(value) < 9]
    return [int(value) for value in plain[:MOST_AT_ONCE]]


def _tab_and_words(place: Mapping[str, str]) -> tuple[str, str]:
    tab = place.get("tab", "waiting")
    words = place.get("q", "").replace("\0", "")[:200].strip()
    return tab if tab in TABS else "waiting", words


def _found(kind: TextKind, dialogue: Dialogue, tab: str, query: str) -> ModeratedTextQuerySet[Any]:
    # Oldest first in tabs to decide, newest first in tabs to look things up.
    order = "number" if tab in TO_DECIDE else "-number"
    found = kind.ready_of(dialogue).in_state(*TABS[tab][1])
    if query:
        by_number = Q(number=int(query)) if numbers_in([query]) else Q()
        found = found.filter(containing(query, found) | by_number)
    return found.order_by(order)


def _tabs(kind: TextKind, dialogue: Dialogue) -> list[tuple[str, str, int]]:
    counts = kind.ready_of(dialogue).aggregate(
        **{name: Count("pk", filter=in_state(*states)) for name, (_label, states) in TABS.items()}
    )
    always = {"waiting", "shown", "rejected"}
    return [
        (name, str(label), counts[name])
        for name, (label, _states) in TABS.items()
        if counts[name] or name in always
    ]


def _items(
    kind: TextKind,
    dialogue: Dialogue,
    texts: Sequence[ModeratedText],
    chosen: frozenset[int],
    *,
    final: bool,
) -> list[Item]:
    undecided = [each for each in texts if each.state in UNDECIDED]
    others = kind.ready_of(dialogue).in_state(*UNDECIDED).order_by("number")
    others = others.only("id", "number", "text", "status", "dialogue_id")
    similar = similar_to_each(undecided, dialogue, others, 2)
    return [_item(kind, text, similar.get(text.pk, []), chosen, final=final) for text in texts]


def _item(
    kind: TextKind,
    text: ModeratedText,
    similar: list[Similar[Any]],
    chosen: frozenset[int],
    *,
    final: bool,
) -> Item:
    findings = personal_data.find(text.text)
    return Item(
        text=text,
        state=text.state.value,
        possible=_possible(kind, text.state, final=final),
        chosen=text.number in chosen,
        pieces=personal_data.pieces(text.text, findings),
        personal=sorted({label_of(finding.kind) for finding in findings}),
        similar=similar,
    )
