"""Simulated readers of comments: a large and a small opinion group, each with its favourites."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from middleground.dialogues.maps.worker import Members
from middleground.engine import Votes

LARGE, SMALL, BOTH = "favourite of the large", "favourite of the small", "of both"
# Of each kind of comment: the chance that somebody of the large or the small group likes it.
LIKED = {LARGE: (0.95, 0.1), SMALL: (0.1, 0.95), BOTH: (0.65, 0.65)}
EACH = 20  # comments of each kind


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is in which group, what they said, and the kind of each comment. All simulated."""

    members: Members
    reactions: Votes
    kinds: dict[int, str]

    def by_popularity(self) -> list[int]:
        """Raw popularity, as other software sorts: the known-bad control."""
        liked = self.reactions.statement[self.reactions.value > 0]
        return sorted(self.kinds, key=lambda comment: -int((liked == comment).sum()))

    def kinds_at_the_top(self, order: list[int], places: int = 10) -> list[str]:
        return [self.kinds[comment] for comment in order[:places]]


def make_crowd_of_readers(
    people: int = 1_000, large: float = 0.8, reads: float = 0.4, seed: int = 1, *, storm: bool
) -> Crowd:
    """``reads``: the share of comments that each person reacts to.

    With ``storm`` the whole large group praises its favourites and nothing else.
    """
    rng = random.Random(seed)
    kinds = dict(enumerate([LARGE, SMALL, BOTH] * EACH, 1))
    group = np.array([0 if n < large * people else 1 for n in range(people)])
    rows = []
    for person in range(people):
        for comment, kind in kinds.items():
            stormy = storm and group[person] == 0
            if rng.random() < (1.0 if stormy else reads):
                chance = float(kind == LARGE) if stormy else LIKED[kind][group[person]]
                rows.append((person, comment, 1 if rng.random() < chance else -1))
    who, what, value = zip(*rows, strict=True)
    members = Members(("A", "B"), np.arange(people), group)
    return Crowd(members, Votes(who, what, value), kinds)
