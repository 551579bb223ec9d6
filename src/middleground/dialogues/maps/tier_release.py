"""When the figures of each tier may be shown anew.

A new map is published when five people or more (the host's minimum) have changed their votes. Shown
by tier, these five would be told apart: one of them may be the only one who was invited. So tiers
are shown anew only when in each of them nobody has changed, or at least the minimum. Until then the
pages by tier show the map before. The final map shows them in any case, like everything else.
"""

from __future__ import annotations

import numpy as np

from middleground.dialogues.maps.eligibility import EligibleVotes
from middleground.dialogues.maps.live import TierBaseline
from middleground.dialogues.maps.load_votes import changed_ids, fingerprints, tiers_of
from middleground.dialogues.models import Dialogue
from middleground.engine import Attribute


def may_release(dialogue: Dialogue, counted: EligibleVotes, before: TierBaseline | None) -> bool:
    """Whether a map of these votes may show its tiers, where ``before`` is behind those shown."""
    shown = dialogue.maps.filter(tiers_apart=True).only("id", "dialogue", "tiers").first()
    if shown is None:
        return True
    least = dialogue.minimum_shown
    if before is None or before.map_id != shown.pk:
        # After a restart it is not known who changed; newcomers are certainly new.
        now = tiers_of(counted.admitted, counted.everyone)
        return all(count - shown.tiers.get(tier, 0) >= least for tier, count in now.items())
    changed = changed_ids(before.votes, fingerprints(counted.everyone))
    moved = _who_moved(before.admitted, counted.admitted)
    counts = _by_tier(np.union1d(changed, moved), before.admitted, counted.admitted)
    return all(count == 0 or count >= least for count in counts)


def _who_moved(before: Attribute, after: Attribute) -> np.ndarray:
    """People of both times who are in another tier now."""
    both = np.intersect1d(before.participant, after.participant)
    was = np.array(["", *before.names])[before.of(both) + 1]
    now = np.array(["", *after.names])[after.of(both) + 1]
    moved: np.ndarray = both[was != now]
    return moved


def _by_tier(people: np.ndarray, before: Attribute, after: Attribute) -> list[int]:
    """How many of these are, or were, in each tier."""
    counts = []
    for tier in {*before.names, *after.names}:
        inside = np.zeros(len(people), dtype=np.bool_)
        for known in (before, after):
            if tier in known.names:
                inside |= known.of(people) == known.names.index(tier)
        counts.append(int(inside.sum()))
    return counts
