"""Which votes count, by tier and by the patterns that the host set aside. Uses arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from middleground.dialogues.maps.load_votes import admissions, load_votes
from middleground.dialogues.models import Dialogue, Participant
from middleground.engine import Attribute, Votes


@dataclass(frozen=True, slots=True)
class EligibleVotes:
    """The votes of a dialogue, split by whether they count.

    votes: votes that count. beside: votes of tiers that are shown but do not count, or None.
    everyone: votes of all tiers, as stored. set_aside: number of participants the host set aside.
    """

    votes: Votes
    beside: Votes | None
    everyone: Votes
    admitted: Attribute
    set_aside: int

    def shown(self) -> Votes:
        """Votes of all tiers that are shown; a map is made from these."""
        if self.beside is None:
            return self.votes
        people = np.concatenate([self.votes.participant, self.beside.participant])
        return self.everyone.where(np.isin(self.everyone.participant, people))


def counted_votes(dialogue: Dialogue) -> EligibleVotes:
    everyone, admitted = load_votes(dialogue.pk), admissions(dialogue.pk)
    aside = _people_set_aside(dialogue, everyone)
    kept = ~np.isin(everyone.participant, aside) if len(aside) else np.ones(len(everyone), np.bool_)
    tier = admitted.of(everyone.participant)
    shut = [admitted.names.index(name) for name in _not_counted(dialogue) if name in admitted.names]
    beside = np.isin(tier, [k for k in shut if admitted.names[k] != Participant.Tier.WAITING])
    counts = kept & ~np.isin(tier, shut)
    return EligibleVotes(
        everyone.where(counts),
        everyone.where(kept & beside) if beside.any() else None,
        everyone,
        admitted,
        len(aside),
    )


def choosable(dialogue: Dialogue) -> list[str]:
    """The tiers for which staff decide whether they count."""
    return [
        tier.value
        for tier in Participant.CONFIGURABLE_TIERS
        if dialogue.imported or tier != Participant.Tier.IMPORTED
    ]


def people_who_looked_up(votes: Votes, statement: int, value: int) -> np.ndarray:
    """Participants who looked this statement up and gave this vote, shape (n,)."""
    if votes.dealt is None:
        return np.empty(0, dtype=np.int64)
    rows = (votes.statement == statement) & (votes.value == value) & ~votes.dealt
    return np.unique(votes.participant[rows])


def _people_set_aside(dialogue: Dialogue, votes: Votes) -> np.ndarray:
    rules = list(dialogue.set_asides.values_list("statement_id", "value"))
    found = [people_who_looked_up(votes, statement, value) for statement, value in rules]
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _not_counted(dialogue: Dialogue) -> tuple[str, ...]:
    return (Participant.Tier.WAITING, *dialogue.uncounted_tiers)
