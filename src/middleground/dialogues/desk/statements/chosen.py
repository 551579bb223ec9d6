"""The texts that a decision is about: one, those that are ticked, or all that matched a search.

Of thousands, numbers travel in ranges ("waiting:1-2980,2990"), each with the state in which the
moderator saw the text. So exactly those are decided that were counted and confirmed, and none that
came or changed meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.db.models import Q
from django.http import QueryDict

from middleground.texts.moderation import TextState

MOST_AT_ONCE = 500  # decided in one request; the rest goes on with the next
MOST_LISTED = 100_000
MOST_RANGES = 900  # in one question to the database, which takes conditions 1,000 deep

Chosen = dict[int, str]  # numbers, and in which state each was seen


def chosen_in(sent: QueryDict, single: str) -> Chosen:
    """What a form names. ``single``: the number of the button that was pressed, or ""."""
    numbers = numbers_in([single] if single else sent.getlist("chosen"))
    found = {number: sent.get(f"seen-{number}", "") for number in numbers}
    return found if single else {**unpacked(sent.getlist("of")), **found}


def numbers_in(values: Iterable[str]) -> list[int]:
    """The numbers of texts among a request's values; anything else is ignored."""
    return [int(value) for value in values if is_number(value)]


def is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 9


def packed(chosen: Mapping[int, str]) -> list[str]:
    """One value for each state, for hidden fields of a form."""
    by_state: dict[str, list[int]] = defaultdict(list)
    for number in sorted(chosen):
        by_state[chosen[number]].append(number)
    return [f"{state}:{as_ranges(numbers)}" for state, numbers in sorted(by_state.items())]


def unpacked(values: Sequence[str]) -> Chosen:
    """The reverse; what is not of this form is ignored, and so is what is beyond all reason."""
    found: Chosen = {}
    for value in values:
        state, _colon, ranges = value.partition(":")
        found |= dict.fromkeys(from_ranges(ranges), state)
    return found


def as_ranges(numbers: Sequence[int]) -> str:
    """Rising numbers as "1-3,7"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    return ",".join("-".join(map(str, part)) for part in parts)


def from_ranges(ranges: str) -> list[int]:
    found: list[int] = []
    for part in ranges.split(","):
        first, _dash, last = part.partition("-")
        if is_number(first) and is_number(last or first):
            span = range(int(first), int(last or first) + 1)
            found += islice(span, max(0, MOST_LISTED - len(found)))
    return found


def within(ranges: str) -> Q:
    """The texts of these ranges, without a number for each; empty if there is none."""
    found = Q()
    for part in ranges.split(",")[:MOST_RANGES]:
        first, _dash, last = part.partition("-")
        if is_number(first) and is_number(last or first):
            found |= Q(number__range=(int(first), int(last or first)))
    return found


def not_yet_shown(chosen: Chosen) -> Chosen:
    """Without those that are shown already and were looked at, about which nothing is decided."""
    return {n: seen for n, seen in chosen.items() if seen != TextState.SHOWN.value}


def first_and_rest(chosen: Chosen) -> tuple[Chosen, Chosen]:
    """Those to decide in this request, lowest numbers first, and what is left."""
    rising = sorted(chosen.items())
    return dict(rising[:MOST_AT_ONCE]), dict(rising[MOST_AT_ONCE:])
