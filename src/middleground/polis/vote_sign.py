"""Decides which number means agree in an export: older ones have -1, newer ones +1.

Newer ones of Polis say so themselves. Otherwise it is told by columns whose names say what they
count, never by which answer is more frequent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from middleground.polis.csv_file import Sheet, parse_integers
from middleground.polis.export import ASSUMED_SIGN, Sign, SignEvidence

SignChoice = Literal["auto", "agree_is_plus", "agree_is_minus"]
IntArray = NDArray[np.int64]
ValueArray = NDArray[np.int8]

_LEAST_LEANINGS = 5


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a file says of the sign; ``flipped`` is None if it cannot be understood."""

    file: str
    flipped: bool | None


def declared(file: str, said: str) -> Declaration:
    """Read "agree=+1;disagree=-1;pass=0;format=polis-export/1"; the order does not matter."""
    pairs = dict(part.strip().partition("=")[::2] for part in said.split(";"))
    signs = (pairs.get("agree", "").lstrip("+"), pairs.get("disagree", "").lstrip("+"))
    known = {("1", "-1"): False, ("-1", "1"): True}
    return Declaration(file, known.get(signs))


def declared_in(file: str, content: bytes) -> Declaration:
    """Read the same from format.json."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return Declaration(file, None)
    said = found.get("vote-convention") if isinstance(found, dict) else None
    return declared(file, said if isinstance(said, str) else "")


def decide_sign(
    choice: SignChoice,
    votes: tuple[IntArray, IntArray, ValueArray],
    participants: Sheet | None,
    comments: Sheet,
    declaration: Declaration | None = None,
) -> Sign:
    """The sign of ``votes`` (participant, statement, value; each pair once).

    What the export declares is believed; counts that contradict it are told. Without that, each
    participant's counts come first, because they match the votes exactly. Those of comments.csv
    are stale in some real exports, so they come second: first the statements that match exactly,
    then, with more doubt, those that only lean one way.
    """
    if choice != "auto":
        flipped = choice == "agree_is_minus"
        return Sign(flipped, "caller", f"told that {'-1' if flipped else '+1'} means agree")
    counted = _counted_sign(votes, participants, comments)
    if declaration is None:
        return counted
    if declaration.flipped is None:
        return replace(
            counted,
            doubt=f"What {declaration.file} says of the sign of votes cannot be understood;"
            f" {counted.reason}.",
        )
    means = "-1" if declaration.flipped else "+1"
    found = Sign(declaration.flipped, declaration.file, f"{declaration.file} says {means} is agree")
    if counted.evidence != "none" and counted.flipped != declaration.flipped:
        return replace(
            found,
            doubt=f"{declaration.file} says that {means} is agree, but by the counts"
            f" {counted.reason}. It was believed; if it is wrong, say so with --agree-is.",
        )
    return found


def _counted_sign(
    votes: tuple[IntArray, IntArray, ValueArray], participants: Sheet | None, comments: Sheet
) -> Sign:
    if participants is not None:
        own = _counts(participants, "participant", "n-agree", "n-disagree")
        what = "participants' own counts"
        found = _verdict(_exact(own, votes[0], votes[2]), participants.name, what)
        if found is not None:
            return found
    given = _counts(comments, "comment-id", "agrees", "disagrees")
    exact = _exact(given, votes[1], votes[2])
    what = "statements' agrees and disagrees"
    found = _verdict(exact, comments.name, what)
    if found is None:
        leaning = _leaning(given, votes[1], votes[2])
        found = _verdict(leaning, comments.name, f"leanings of {what}")
    return found or ASSUMED_SIGN


def _counts(sheet: Sheet, key: str, agree: str, disagree: str) -> dict[int, tuple[int, int]]:
    columns = [sheet.column(name) for name in (key, agree, disagree)]
    if any(column is None for column in columns):
        return {}
    parsed = [parse_integers(column or []) for column in columns]
    return {
        k: (a, d)
        for k, a, d in zip(*parsed, strict=True)
        if k is not None and a is not None and d is not None
    }


def _tallies(keys: IntArray, values: ValueArray) -> dict[int, tuple[int, int]]:
    """For each key, how many votes are +1 and how many -1."""
    distinct, index = np.unique(keys, return_inverse=True)
    plus = np.bincount(index, weights=values == 1, minlength=len(distinct)).astype(int)
    minus = np.bincount(index, weights=values == -1, minlength=len(distinct)).astype(int)
    return {int(k): (int(a), int(d)) for k, a, d in zip(distinct, plus, minus, strict=True)}


def _exact(
    counts: dict[int, tuple[int, int]], keys: IntArray, values: ValueArray
) -> tuple[int, int]:
    """How many counts match in one direction only: as given, and flipped."""
    tallies = _tallies(keys, values)
    both = [(tallies[k], given) for k, given in counts.items() if k in tallies]
    straight = sum(mine == given != mine[::-1] for mine, given in both)
    turned = sum(mine[::-1] == given != mine for mine, given in both)
    return straight, turned


def _leaning(
    counts: dict[int, tuple[int, int]], keys: IntArray, values: ValueArray
) -> tuple[int, int]:
    """How many lean the same way in both places, and how many the opposite way.

    (0, 0) unless there are enough of them and two thirds agree: stale counts lean at random.
    """
    tallies = _tallies(keys, values)
    leanings = [
        (tallies[k][0] - tallies[k][1]) * (given[0] - given[1])
        for k, given in counts.items()
        if k in tallies
    ]
    straight, turned = sum(x > 0 for x in leanings), sum(x < 0 for x in leanings)
    more, fewer = max(straight, turned), min(straight, turned)
    return (straight, turned) if more >= _LEAST_LEANINGS and more >= 2 * fewer else (0, 0)


def _verdict(found: tuple[int, int], evidence: SignEvidence, what: str) -> Sign | None:
    straight, turned = found
    if straight == turned:
        return None
    flipped = turned > straight
    means = "-1" if flipped else "+1"
    return Sign(flipped, evidence, f"{means} means agree by {max(found)} of {sum(found)} {what}")
