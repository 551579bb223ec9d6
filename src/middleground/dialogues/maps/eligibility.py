"""Which votes count, by tier and by the patterns that the host set aside. Uses arrays only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from middleground.dialogues.maps.load_votes import load_votes, tiers_by_participant
from middleground.dialogues.models import Dialogue, Participant
from middleground.engine import Attribute, Votes

# Within this time each server process has marked the people of an hour set aside.
MARKED_WITHIN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class EligibleVotes:
    """The votes of a dialogue, split by whether they count.

    votes: votes that count. uncounted: votes of tiers that are shown but do not count, or None.
    everyone: votes of all tiers, as stored. set_aside: number of participants the host set aside.
    """

    votes: Votes
    uncounted: Votes | None
    everyone: Votes
    admitted: Attribute
    set_aside: int

    def shown(self) -> Votes:
        """Votes of all tiers that are shown; a map is made from these."""
        if self.uncounted is None:
            return self.votes
        participants = np.concatenate([self.votes.participant, self.uncounted.participant])
        return self.everyone.where(np.isin(self.everyone.participant, participants))

    def of(self, participants: NDArray[np.int64]) -> EligibleVotes:
        """The votes of these participants only."""

        def theirs(votes: Votes) -> Votes:
            return votes.where(np.isin(votes.participant, participants))

        return replace(
            self,
            votes=theirs(self.votes),
            uncounted=None if self.uncounted is None else theirs(self.uncounted),
            everyone=theirs(self.everyone),
        )


def counted_votes(dialogue: Dialogue) -> EligibleVotes:
    everyone, admitted = load_votes(dialogue.pk), tiers_by_participant(dialogue.pk)
    aside = _excluded_participants(dialogue, everyone)
    kept = ~np.isin(everyone.participant, aside) if len(aside) else np.ones(len(everyone), np.bool_)
    tier = admitted.of(everyone.participant)
    uncounted = [
        admitted.names.index(name) for name in _not_counted(dialogue) if name in admitted.names
    ]
    shown = np.isin(
        tier, [k for k in uncounted if admitted.names[k] != Participant.Tier.UNCONFIRMED]
    )
    counts = kept & ~np.isin(tier, uncounted)
    return EligibleVotes(
        everyone.where(counts),
        everyone.where(kept & shown) if shown.any() else None,
        everyone,
        admitted,
        len(aside),
    )


def counted_by_statement(dialogue: Dialogue) -> dict[int, NDArray[np.int64]]:
    """For each statement, the participants whose votes on it count, ascending."""
    votes = counted_votes(dialogue).votes.counted()
    order = np.lexsort((votes.participant, votes.statement))
    statements, starts = np.unique(votes.statement[order], return_index=True)
    parts = np.split(votes.participant[order], starts[1:])
    return dict(zip(statements.tolist(), parts, strict=True)) if len(statements) else {}


def hash_rules(dialogue: Dialogue, *, at_once: bool = False) -> str:
    """A hash of the host's decisions about whose votes count.

    An hour set aside is in it once all processes have marked its people, so that a map made before
    that is not the last; with ``at_once``, from the beginning.
    """
    hours = dialogue.hours_set_aside.all()
    if not at_once:
        hours = hours.filter(set_at__lte=timezone.now() - MARKED_WITHIN)
    rules = [
        sorted(hours.values_list("hour", "way")),
        sorted(dialogue.exclusion_rules.values_list("statement__number", "value")),
        *_batches_set_aside(dialogue),
        sorted(dialogue.uncounted_tiers),
        dialogue.copies_count_once,
    ]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()


def _batches_set_aside(dialogue: Dialogue) -> list[list[int]]:
    """Their numbers, in one more part of the rules; no part, as before, if there is none."""
    aside = dialogue.entry_batches.filter(is_set_aside=True).values_list("number", flat=True)
    return [sorted(aside)] if aside else []


def marked_participants(dialogue: Dialogue) -> QuerySet[Participant]:
    """Those who are marked as admitted in an hour that the host set aside."""
    hours = list(dialogue.hours_set_aside.values_list("pk", flat=True))
    return Participant.objects.filter(set_aside_hour__in=hours)  # asks nothing if there are none


def configurable_tiers(dialogue: Dialogue) -> list[str]:
    """The tiers for which staff decide whether they count."""
    tiers = Participant.Tier
    absent = set() if dialogue.imported else {tiers.IMPORTED}
    absent |= {tiers.PAPER, tiers.HELPED} - {each.tier for each in dialogue.entry_batches.all()}
    return [tier.value for tier in Participant.CONFIGURABLE_TIERS if tier not in absent]


def participants_who_looked_up(votes: Votes, statement: int, value: int) -> np.ndarray:
    """Participants who looked this statement up and gave this vote, shape (n,)."""
    if votes.dealt is None:
        return np.empty(0, dtype=np.int64)
    rows = (votes.statement == statement) & (votes.value == value) & ~votes.dealt
    return np.unique(votes.participant[rows])


def _excluded_participants(dialogue: Dialogue, votes: Votes) -> np.ndarray:
    rules = list(dialogue.exclusion_rules.values_list("statement_id", "value"))
    found = [participants_who_looked_up(votes, statement, value) for statement, value in rules]
    in_batches = Participant.objects.filter(batch__dialogue=dialogue, batch__is_set_aside=True)
    for people in (marked_participants(dialogue), in_batches):
        keys = np.array(list(people.values_list("pk", flat=True)), dtype=np.int64)
        found.append(np.intersect1d(keys, votes.participant))
    return np.unique(np.concatenate(found))


def _not_counted(dialogue: Dialogue) -> tuple[str, ...]:
    return (Participant.Tier.UNCONFIRMED, *dialogue.uncounted_tiers)
