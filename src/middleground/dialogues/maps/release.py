"""When a map of an open dialogue may be published, and whose votes are in it.

Somebody who controls many participants must not learn from two maps how one other person voted in
between, even if nobody else voted. Three rules stand against it (docs/decisions/0043):

1. A map is due only when enough participants are newly heard: a third of those behind the last map,
   at most a hundred and the minimum. Nobody can bring about many maps alone, because a participant
   is newly heard once, and again only with four times as many votes.
2. Whoever is newly heard was already there when the votes were last looked at, a beat earlier.
   So nobody can answer at once to somebody's coming.
3. Unless more participants are newly heard than one attacker may control, a map is of the votes of
   a secret random sample. From map to map it changes, so that a difference between two maps may
   come from anybody.

If the host changes whose votes count, a map is due at the next look, because that is for the host
to say and not for an attacker.

Figures by tier follow the second part of this module: they are published anew only if in each tier
either nobody or at least the minimum changed their votes, because one of the newcomers may be the
only one of their tier. The final map counts everybody and shows all tiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from middleground.dialogues.maps.eligibility import EligibleVotes, hash_rules
from middleground.dialogues.maps.live import Baseline, LiveMap, TierBaseline
from middleground.dialogues.maps.load_votes import (
    Heard,
    changed_participants,
    fingerprints,
    votes_by_participant,
)
from middleground.dialogues.models import Dialogue
from middleground.engine import Attribute, Votes

# So many participants one attacker may control, all of whom count.
CONTROLLED = 100
# The share of participants who must be newly heard.
GROWTH = 1 / 3
# A participant is heard first with so many votes, or with all statements if there are fewer, and
# again with so many times as many votes.
FIRST_VOTES, AGAIN = 5, 4
# The probability that a participant's being in the sample, or not, stays as it was.
STAYS = 0.5


@dataclass(frozen=True, slots=True)
class Release:
    """A map that is due. ``sampled``: only a random sample's votes are in it."""

    heard: Heard
    sampled: bool


def people_needed(participants: int, minimum: int) -> int:
    """How many must be newly heard after a map of so many participants."""
    return min(max(minimum, ceil(GROWTH * participants)), CONTROLLED + minimum)


def is_small(participants: int, minimum: int) -> bool:
    """Whether maps after one of so many participants may be of a sample."""
    return people_needed(participants, minimum) < CONTROLLED + minimum


def due_release(dialogue: Dialogue, votes: Votes, live: LiveMap) -> Release | None:
    """The map that may be published of these votes, which count; None if it must wait.

    Remembers who is there, for rule 2.
    """
    now, minimum = votes_by_participant(votes), dialogue.minimum_shown
    there_before, live.there = live.there, now.participants
    known = np.ones(len(now.votes), dtype=np.bool_)
    if there_before is not None:
        known = np.isin(now.participants, there_before)
    live.newcomers = not known.all()
    newest = dialogue.maps.only("id", "dialogue", "counted", "rules").first()
    if newest is None:
        new = len(now.participants)
        return _release(now, new, minimum) if new >= minimum else None
    host_decided = newest.rules != hash_rules(dialogue)
    if live.published is None or live.published.map_id != newest.pk:
        # After a restart we do not know who was heard when.
        live.published = Baseline(newest.pk, now)
        new = len(now.participants) - newest.counted
        is_due = host_decided or new >= people_needed(newest.counted, minimum)
        return _release(now, new, minimum) if is_due else None
    before = live.published.heard
    first = min(FIRST_VOTES, dialogue.statements.votable().count())
    is_new = known & before.newly_heard(now, first, AGAIN)
    new = int(is_new.sum())
    if not host_decided and new < people_needed(len(before.participants), minimum):
        return None
    return _release(before.updated(now, is_new), new, minimum)


def _release(heard: Heard, new: int, minimum: int) -> Release:
    return Release(heard, sampled=new < CONTROLLED + minimum)


def draw_sample(
    participants: NDArray[np.int64], live: LiveMap, rng: np.random.Generator
) -> NDArray[np.int64]:
    """A random sample of these participants. Half of those of the last sample's draw stay as drawn.

    Drawn wholly anew each time, the average over some maps would tell what each of them hides.
    """
    inside = rng.random(len(participants)) < settings.MAP_SAMPLE
    if live.sample is not None:
        drawn, was_inside = live.sample
        stays = np.isin(participants, drawn) & (rng.random(len(participants)) < STAYS)
        inside = np.where(stays, np.isin(participants, was_inside), inside)
    live.sample = participants, participants[inside]
    return participants[inside]


def may_show_tiers(dialogue: Dialogue, counted: EligibleVotes, live: LiveMap) -> bool:
    """Whether a map of these votes may show its tiers. ``counted`` is not sampled."""
    shown = dialogue.maps.filter(tiers_apart=True).only("id", "dialogue").first()
    if shown is None:
        return True
    before, votes = live.tiers, fingerprints(counted.everyone)
    if before is None or before.map_id != shown.pk:
        # After a restart we do not know who changed.
        live.tiers = TierBaseline(shown.pk, votes, counted.admitted)
        return False
    changed = changed_participants(before.votes, votes)
    moved = _who_moved(before.admitted, counted.admitted)
    counts = _by_tier(np.union1d(changed, moved), before.admitted, counted.admitted)
    return all(count == 0 or count >= dialogue.minimum_shown for count in counts)


def _who_moved(before: Attribute, after: Attribute) -> np.ndarray:
    """Participants present at both times whose tier changed."""
    both = np.intersect1d(before.participant, after.participant)
    was = np.array(["", *before.names])[before.of(both) + 1]
    now = np.array(["", *after.names])[after.of(both) + 1]
    moved: np.ndarray = both[was != now]
    return moved


def _by_tier(participants: np.ndarray, before: Attribute, after: Attribute) -> list[int]:
    """For each tier, how many of these participants are or were in it."""
    counts = []
    for tier in {*before.names, *after.names}:
        inside = np.zeros(len(participants), dtype=np.bool_)
        for known in (before, after):
            if tier in known.names:
                inside |= known.of(participants) == known.names.index(tier)
        counts.append(int(inside.sum()))
    return counts
