"""When the figures of each tier may be updated.

A new map is published when at least the host's minimum of participants (five, say) changed their
votes. Figures by tier would tell these participants apart: one of them may be the only invited one.
So tiers are updated only when in each tier either nobody or at least the minimum has changed. Until
then the pages by tier show an earlier map. The final map always shows them.
"""

from __future__ import annotations

import numpy as np

from middleground.dialogues.maps.eligibility import EligibleVotes
from middleground.dialogues.maps.live import TierBaseline
from middleground.dialogues.maps.load_votes import changed_participants, fingerprints, tiers_of
from middleground.dialogues.models import Dialogue
from middleground.engine import Attribute


def may_release(dialogue: Dialogue, counted: EligibleVotes, before: TierBaseline | None) -> bool:
    """Whether a map of these votes may show its tiers. ``before``: votes behind the tiers shown."""
    shown = dialogue.maps.filter(tiers_apart=True).only("id", "dialogue", "tiers").first()
    if shown is None:
        return True
    least = dialogue.minimum_shown
    if before is None or before.map_id != shown.pk:
        # After a restart we do not know who changed, but newcomers are certainly new.
        now = tiers_of(counted.admitted, counted.everyone)
        return all(count - shown.tiers.get(tier, 0) >= least for tier, count in now.items())
    changed = changed_participants(before.votes, fingerprints(counted.everyone))
    moved = _who_moved(before.admitted, counted.admitted)
    counts = _by_tier(np.union1d(changed, moved), before.admitted, counted.admitted)
    return all(count == 0 or count >= least for count in counts)


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
