"""Unusual voting patterns, as aggregates for the host that name no participant.

Three patterns can be detected without storing when anyone voted: days with many more participants
than usual, statements that unusually many participants looked up themselves, and near-identical
voters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from middleground.engine import Votes

# A day stands out if it has this many times, and this many more than, the other days' median.
BURST_TIMES, BURST_MORE = 4, 20
# The same two thresholds for a statement, compared with the other statements.
FOLLOWED_TIMES, FOLLOWED_MORE = 4, 10


@dataclass(frozen=True, slots=True)
class Burst:
    """A day on which many more participants came than on the other days."""

    day: date
    participants: int
    usual: int


def find_bursts(days: Sequence[tuple[date, int]]) -> list[Burst]:
    """``days``: first-time participants by day. Days without any must be left out."""
    found = []
    for place, (day, participants) in enumerate(days):
        others = [count for at, (_, count) in enumerate(days) if at != place]
        usual = int(median(others)) if others else participants
        if participants >= BURST_TIMES * usual and participants - usual >= BURST_MORE:
            found.append(Burst(day, participants, usual))
    return found


def looked_up_outliers(votes: Votes) -> list[dict[str, int]]:
    """Statements that unusually many participants looked up, with their votes by value.

    These aggregates may be stored with a map; pages show them in steps.
    """
    if votes.dealt is None or votes.dealt.all():
        return []
    rows = ~votes.dealt
    statements, at = np.unique(votes.statement, return_inverse=True)
    counts = {
        value: np.bincount(at[rows & (votes.value == value)], minlength=len(statements))
        for value in (1, 0, -1)
    }
    total = sum(counts.values(), np.zeros(len(statements), dtype=np.int64))
    usual = int(np.median(total))
    stands_out = (total >= FOLLOWED_TIMES * usual) & (total - usual >= FOLLOWED_MORE)
    return [
        {
            "statement": int(statements[k]),
            "agree": int(counts[1][k]),
            "pass": int(counts[0][k]),
            "disagree": int(counts[-1][k]),
            "usual": usual,
        }
        for k in np.flatnonzero(stands_out)[np.argsort(-total[stands_out], kind="stable")]
    ]


def find_anomalies(votes: Votes) -> dict[str, Any]:
    """The anomalies that are stored with a map."""
    return {"looked_up": looked_up_outliers(votes)}
