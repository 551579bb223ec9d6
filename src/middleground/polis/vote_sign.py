"""Decides which number means agree in an export: older ones have -1, newer ones +1.

It uses columns whose names say what they count, never which answer is more frequent.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from middleground.polis.csv_file import Sheet, parse_integers
from middleground.polis.export import ASSUMED_SIGN, Sign, SignEvidence

SignChoice = Literal["auto", "agree_is_plus", "agree_is_minus"]
IntArray = NDArray[np.int64]
ValueArray = NDArray[np.int8]

_LEAST_LEANINGS = 5


def decide_sign(
    choice: SignChoice,
    votes: tuple[IntArray, IntArray, ValueArray],
    participants: Sheet | None,
    comments: Sheet,
) -> Sign:
    """The sign of ``votes`` (participant, statement, value; each pair once).

    Each participant's counts in participants-votes.csv come first, because they match the votes
    exactly. Those of comments.csv are stale in some real exports, so they come second: first the
    statements that match exactly, then, with more doubt, those that only lean one way.
    """
    if choice != "auto":
        flipped = choice == "agree_is_minus"
        return Sign(flipped, "caller", f"told that {'-1' if flipped else '+1'} means agree")
    if participants is not None:
        own = _counts(participants, "participant", "n-agree", "n-disagree")
        what = "participants' own counts"
        found = _verdict(_exact(own, votes[0], votes[2]), "participants-votes.csv", what)
        if found is not None:
            return found
    given = _counts(comments, "comment-id", "agrees", "disagrees")
    exact = _exact(given, votes[1], votes[2])
    what = "statements' agrees and disagrees"
    found = _verdict(exact, "comments.csv", what)
    if found is None:
        leaning = _leaning(given, votes[1], votes[2])
        found = _verdict(leaning, "comments.csv", f"leanings of {what}")
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
