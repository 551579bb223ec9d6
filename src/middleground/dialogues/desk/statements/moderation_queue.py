"""The moderation queue: tabs, search, one page of texts of a kind, and the URL after a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from middleground.dialogues.desk.statements.chosen import (
    Chosen,
    as_ranges,
    numbers_in,
    packed,
    within,
)
from middleground.dialogues.desk.statements.tallies import MapTally, map_tallies
from middleground.dialogues.models import (
    Dialogue,
    ModeratedText,
    RetentionHold,
    Statement,
    in_state,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.dialogues.models.texts.own_reason import reason_choices
from middleground.dialogues.models.texts.text_kinds import TextKind
from middleground.dialogues.privacy.retention import is_held
from middleground.dialogues.queries import has_final_map
from middleground.dialogues.texts.decisions import SHOWN
from middleground.dialogues.texts.personal_data_labels import label_of
from middleground.dialogues.texts.search import containing
from middleground.dialogues.texts.similar import (
    COMPARED,
    Compared,
    has_similar,
    similar_texts,
)
from middleground.ledger.records.entries import STATEMENTS
from middleground.texts import personal_data
from middleground.texts.moderation import Decision, TextState, possible_decisions
from middleground.texts.similarity import Similar

PAGE = 20
LONGEST_UNDO = 4_000  # characters of an address, of which web servers take 8,000

TABS = {
    "waiting": (gettext_lazy("Waiting"), (TextState.WAITING,)),
    "unseen": (gettext_lazy("Shown, not looked at"), (TextState.UNSEEN,)),
    "shown": (gettext_lazy("Shown"), (TextState.UNSEEN, TextState.SHOWN)),
    "rejected": (gettext_lazy("Not shown"), (TextState.REJECTED,)),
    "merged": (gettext_lazy("Merged"), (TextState.MERGED,)),
    # Those of which another says nearly the same.
    "alike": (gettext_lazy("Alike"), COMPARED),
}
TO_DECIDE = ("waiting", "unseen")
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
    compared: bool
    tally: MapTally | None


def queue_of(
    kind: TextKind, dialogue: Dialogue, place: Mapping[str, str], chosen: frozenset[int]
) -> dict[str, object]:
    """The queue's template context at ``place`` (tab, search, page); ``chosen`` are ticked."""
    tab, query = _tab_and_words(place)
    found = _found(kind, dialogue, tab, query).select_related(*kind.related)
    page = Paginator(found, PAGE).get_page(place.get("page", "1"))
    final = kind.in_result and has_final_map(dialogue)
    ticked = place.get("tick") == "page"
    if ticked:
        chosen = frozenset(text.number for text in page.object_list)
    possible = _possible(kind, *TABS[tab][1], final=final)
    done = within(place.get("done", ""))
    undo = (
        kind.ready_of(dialogue).filter(done, reviewed=True).exclude(text="")
        if done
        else kind.texts.none()
    )
    items = _items(kind, dialogue, list(page.object_list), chosen, final=final)
    return {
        "tab": tab,
        "tabs": _tabs(kind, dialogue),
        "query": query,
        "page": page,
        "items": items,
        "map_made_at": next((each.tally.made_at for each in items if each.tally), None),
        "reasons": reason_choices(dialogue),
        "texts_held": tab == "rejected" and is_held(dialogue, RetentionHold.What.TEXTS),
        "possible": possible,
        "to_decide": bool(possible & HIDES),
        "all_of": _all_of(kind, found, tab, final=final) if page.has_other_pages() else {},
        "may_undo": bool(possible & UNDOES),
        "final": final,
        "place": urlencode(place_in(place)),
        "undo": packed({each.number: each.state.value for each in undo}),
        "undo_count": len(undo),
        "ticked": ticked,
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
        query |= undoable(done)
    goal = _next_of(kind, dialogue, place, done, again=taken_back) if done else None
    if goal is not None:
        number, page = goal
        query |= {"page": str(page)} if page > 1 or "page" in query else {}
    address = queue_address(kind, dialogue)
    address = f"{address}?{urlencode(query)}" if query else address
    return f"{address}#statement-{number}" if goal is not None else address


def undoable(done: Sequence[int]) -> dict[str, str]:
    """What an address tells, so that its page offers to take all these decisions back."""
    ranges = as_ranges(sorted(done))
    # Beyond that, what was decided is undone in its own tab.
    return {"done": ranges} if len(ranges) <= LONGEST_UNDO else {}


def queue_address(kind: TextKind, dialogue: Dialogue) -> str:
    if kind.collection == STATEMENTS:
        return reverse("desk_moderation", args=[dialogue.slug])
    return reverse("desk_texts", args=[dialogue.slug, kind.collection])


def place_in(query: Mapping[str, str]) -> dict[str, str]:
    """The query parameters that give the position in the list."""
    return {name: query[name] for name in ("tab", "q", "page") if name in query}


def matching(kind: TextKind, dialogue: Dialogue, place: Mapping[str, str], verb: str) -> Chosen:
    """All texts of the list at ``place`` about which this can be decided, not only of one page."""
    tab, words = _tab_and_words(place)
    final = kind.in_result and has_final_map(dialogue)
    found = _found(kind, dialogue, tab, words).only("number", "status", "reviewed")
    states = _open_to(verb, kind, tab, final=final)
    return {each.number: each.state.value for each in found if each.state in states}


def _open_to(verb: str, kind: TextKind, tab: str, *, final: bool) -> list[TextState]:
    """The states of a tab in which this decision changes something."""
    unchanged = (Decision.APPROVE.value, TextState.SHOWN)  # shown, and looked at by a moderator
    return [
        state
        for state in TABS[tab][1]
        if verb in _possible(kind, state, final=final) and (verb, state) != unchanged
    ]


def _next_of(
    kind: TextKind, dialogue: Dialogue, place: Mapping[str, str], done: list[int], *, again: bool
) -> tuple[int, int] | None:
    """The number that follows all decided ones in the list, or the last that remains; its page."""
    tab, words = _tab_and_words(place)
    found = _found(kind, dialogue, tab, words)
    rising = tab in TO_DECIDE
    goal = found.filter(number=done[0]).first() if again else None
    left = found.exclude(within(as_ranges(sorted(done))))
    behind = Q(number__gt=max(done)) if rising else Q(number__lt=min(done))
    goal = goal or left.filter(behind).first() or left.last()
    if goal is None:
        return None
    before = Q(number__lt=goal.number) if rising else Q(number__gt=goal.number)
    return goal.number, found.filter(before).count() // PAGE + 1


def _all_of(
    kind: TextKind, found: ModeratedTextQuerySet[Any], tab: str, *, final: bool
) -> dict[str, int]:
    """How many of the whole list each decision is about."""
    verbs = (Decision.APPROVE.value, Decision.REJECT.value, Decision.TAKE_BACK.value)
    asked = {verb: _open_to(verb, kind, tab, final=final) for verb in verbs}
    counts = {verb: Count("pk", filter=in_state(*of)) for verb, of in asked.items() if of}
    return found.order_by().aggregate(**counts)


def _tab_and_words(place: Mapping[str, str]) -> tuple[str, str]:
    tab = place.get("tab", "waiting")
    words = place.get("q", "").replace("\0", "")[:200].strip()
    return tab if tab in TABS else "waiting", words


def _found(kind: TextKind, dialogue: Dialogue, tab: str, query: str) -> ModeratedTextQuerySet[Any]:
    # Oldest first in tabs to decide, newest first in tabs to look things up.
    order = "number" if tab in TO_DECIDE else "-number"
    found = kind.ready_of(dialogue).in_state(*TABS[tab][1])
    if tab == "alike":
        found = found.filter(has_similar(kind, dialogue))
    if query:
        by_number = Q(number=int(query)) if numbers_in([query]) else Q()
        found = found.filter(containing(query, found) | by_number)
    return found.order_by(order)


def _tabs(kind: TextKind, dialogue: Dialogue) -> list[tuple[str, str, int | None]]:
    counts: dict[str, int | None] = kind.ready_of(dialogue).aggregate(
        **{
            name: Count("pk", filter=in_state(*states))
            for name, (_label, states) in TABS.items()
            if name != "alike"  # which would be counted text by text
        }
    )
    always = {"waiting", "shown", "rejected", "alike"}
    asks = kind.is_waited_for(dialogue.phase(timezone.now()))
    labels = {} if asks else {"waiting": gettext("Not decided")}
    return [
        (name, labels.get(name) or str(label), counts.get(name))
        for name, (label, _states) in TABS.items()
        if name in always or counts[name]
    ]


def _items(
    kind: TextKind,
    dialogue: Dialogue,
    texts: Sequence[ModeratedText],
    chosen: frozenset[int],
    *,
    final: bool,
) -> list[Item]:
    shown = [each for each in texts if isinstance(each, Statement) and each.state in SHOWN]
    tallies = map_tallies(dialogue, shown) if shown else {}
    found = similar_texts(kind, dialogue, [each for each in texts if each.state in COMPARED], 2)
    return [
        _item(kind, text, found, chosen, final=final, tally=tallies.get(text.pk)) for text in texts
    ]


def _item(
    kind: TextKind,
    text: ModeratedText,
    found: Compared,
    chosen: frozenset[int],
    *,
    final: bool,
    tally: MapTally | None,
) -> Item:
    findings = personal_data.find(text.text)
    return Item(
        text=text,
        state=text.state.value,
        possible=_possible(kind, text.state, final=final),
        chosen=text.number in chosen,
        pieces=personal_data.pieces(text.text, findings),
        personal=sorted({label_of(finding.kind) for finding in findings}),
        similar=found.similar.get(text.pk, []),
        tally=tally,
        compared=text.pk in found.done or text.state not in COMPARED,
    )
