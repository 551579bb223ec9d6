"""Categories of participants that a host knows: how they were admitted, or what they stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from middleground.engine.votes import IntArray, InvalidVotes, as_ints


@dataclass(frozen=True, slots=True)
class Attribute:
    """One category per participant, such as the tier in which they were admitted.

    Parameters
    ----------
    participant : integer array-like, shape (n,)
        Ids as in ``Votes``, each once. Participants who are not listed have no category.
    category : sequence of str, length n
    """

    participant: IntArray
    names: tuple[str, ...]
    code: IntArray

    def __init__(self, participant: ArrayLike, category: Sequence[str]) -> None:
        participants = as_ints("participant", participant)
        if len(participants) != len(category):
            raise InvalidVotes(f"{len(participants)} participants have {len(category)} categories.")
        order = np.argsort(participants, kind="stable")
        if np.any(np.diff(participants[order]) == 0):
            raise InvalidVotes("A participant is listed twice.")
        names = tuple(sorted(set(category)))
        place = {name: at for at, name in enumerate(names)}
        codes = np.array([place[name] for name in category], dtype=np.int64)
        object.__setattr__(self, "participant", participants[order])
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "code", codes[order])

    def of(self, participants: IntArray) -> IntArray:
        """The code of each participant, an index into ``names``, or -1 if unknown."""
        if not len(self.participant):
            return np.full(len(participants), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.participant, participants), len(self.participant) - 1)
        return np.where(self.participant[at] == participants, self.code[at], -1)
