"""Loads all votes of a dialogue as arrays, and compares the participants' votes of two loads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray

from middleground.dialogues.models import Participant, Statement
from middleground.engine import Attribute, Votes
from middleground.engine.arrays.canonical_order import splitmix64

_PARTICIPANTS_AT_ONCE = 2_000
_NOBODY = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
# One row per participant, with all votes in one text of numbers. One row per vote would create
# Python objects for each vote while request threads wait. The inner SELECT uses the votes' primary
# key, so it reads no other dialogue's rows.
_VOTES = (
    "SELECT p.id, (SELECT {join}(CAST("
    " v.statement_id * 8 + (v.value + 1) * 2 + CAST(v.dealt AS integer) AS text), ' ')"
    " FROM dialogues_vote v WHERE v.participant_id = p.id)"
    " FROM dialogues_participant p WHERE p.dialogue_id = %s"
)
_JOIN = {"sqlite": "group_concat", "postgresql": "string_agg"}


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """A hash of each participant's votes. ``participants`` is ascending; ``hashes`` matches it."""

    participants: NDArray[np.int64]
    hashes: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Heard:
    """How many votes each participant had given. ``participants`` is ascending."""

    participants: NDArray[np.int64]
    votes: NDArray[np.int64]

    def newly_heard(self, now: Heard, first: int, again: int) -> NDArray[np.bool_]:
        """Which participants of ``now`` are newly heard, shape of ``now.participants``.

        They have ``first`` votes and were not known, or ``again`` times as many as were known.
        """
        before = self._of(now.participants)
        new: NDArray[np.bool_] = (before == 0) | (now.votes >= again * before)
        return new & (now.votes >= first)

    def updated(self, now: Heard, new: NDArray[np.bool_]) -> Heard:
        """With the present votes of those who are ``new``. Nobody is forgotten.

        Otherwise somebody who takes all votes back and votes again would be new each time.
        """
        fresh = now.participants[new]
        stays = ~np.isin(self.participants, fresh)
        participants = np.concatenate([self.participants[stays], fresh])
        order = np.argsort(participants)
        votes = np.concatenate([self.votes[stays], now.votes[new]])
        return Heard(participants[order], votes[order])

    def _of(self, participants: NDArray[np.int64]) -> NDArray[np.int64]:
        """The votes of these participants; 0 for those who are not known."""
        if not len(self.participants):
            return np.zeros(len(participants), dtype=np.int64)
        place = np.minimum(
            np.searchsorted(self.participants, participants), len(self.participants) - 1
        )
        return np.where(self.participants[place] == participants, self.votes[place], 0)


def load_votes(dialogue_id: int) -> Votes:
    """Load the votes on approved statements as arrays, without one object per vote.

    ``dealt`` tells whether the server dealt the statement or the participant looked it up.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VOTES.format(join=_JOIN[connection.vendor]), [dialogue_id])
        return _on_approved(dialogue_id, _columns(cursor))


def _columns(cursor: CursorWrapper) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Participants, and each of their votes encoded as one number."""
    participants, codes = [_NOBODY[0]], [_NOBODY[1]]
    while rows := cursor.fetchmany(_PARTICIPANTS_AT_ONCE):
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        texts = [row[1] or "" for row in rows]
        counts = [text.count(" ") + 1 if text else 0 for text in texts]
        participants.append(np.repeat(ids, counts))
        codes.append(np.fromstring(" ".join(filter(None, texts)), dtype=np.int64, sep=" "))
    return np.concatenate(participants), np.concatenate(codes)


def _on_approved(dialogue_id: int, rows: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Votes:
    participant, code = rows
    statement, value, dealt = code // 8, code % 8 // 2 - 1, code % 2 == 1
    approved = Statement.objects.votable().filter(dialogue_id=dialogue_id)
    kept = np.isin(statement, np.fromiter(approved.values_list("pk", flat=True), dtype=np.int64))
    return Votes(participant[kept], statement[kept], value[kept], dealt[kept])


def tiers_by_participant(dialogue_id: int) -> Attribute:
    """The tier of each participant."""
    rows = list(Participant.objects.filter(dialogue_id=dialogue_id).values_list("id", "tier"))
    return Attribute([row[0] for row in rows], [row[1] for row in rows])


def tiers_of(admitted: Attribute, votes: Votes) -> dict[str, int]:
    """The number of participants with counted votes, by tier."""
    codes = admitted.of(np.unique(votes.counted().participant))
    counts = np.bincount(codes[codes >= 0], minlength=len(admitted.names)).tolist()
    return {name: n for name, n in zip(admitted.names, counts, strict=True) if n}


def votes_by_participant(votes: Votes) -> Heard:
    """How many counted votes each participant has given."""
    participants, counts = np.unique(votes.counted().participant, return_counts=True)
    return Heard(participants, counts.astype(np.int64))


def fingerprints(votes: Votes) -> Fingerprints:
    """Hash each participant's counted votes, independent of row order.

    Votes that do not count change no map. If they were included, someone who sends five of them
    could trigger a map that differs from the last one by a single other participant's votes.
    """
    votes = votes.counted()
    if not len(votes):
        return Fingerprints(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64))
    order = np.argsort(votes.participant, kind="stable")
    person = votes.participant[order]
    mixed = splitmix64((votes.statement[order] * 3 + votes.value[order] + 1).astype(np.uint64))
    starts = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))
    return Fingerprints(person[starts], np.bitwise_xor.reduceat(mixed, starts))


def changed_participants(before: Fingerprints, after: Fingerprints) -> NDArray[np.int64]:
    """Participants who joined, left or changed a vote, ascending."""
    _, was, now = np.intersect1d(
        before.participants, after.participants, assume_unique=True, return_indices=True
    )
    same = before.participants[was[before.hashes[was] == after.hashes[now]]]
    return np.setdiff1d(
        np.union1d(before.participants, after.participants), same, assume_unique=True
    )
