"""The votes behind a published map: a hash of each participant's votes, in memory only."""

from __future__ import annotations

from dataclasses import dataclass

from middleground.dialogues.maps.load_votes import Fingerprints, changed_people
from middleground.engine import Attribute


@dataclass(frozen=True, slots=True)
class Baseline:
    """The votes behind a published map or, after a restart, the votes as first read since."""

    map_id: int
    votes: Fingerprints

    def changed(self, now: Fingerprints) -> int:
        """How many participants came, went or voted otherwise."""
        return changed_people(self.votes, now)


@dataclass(frozen=True, slots=True)
class TierBaseline:
    """The votes behind the map whose tiers are shown, and how the participants were admitted."""

    map_id: int
    votes: Fingerprints
    admitted: Attribute
