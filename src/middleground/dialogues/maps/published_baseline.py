"""What stood behind a published map: a hash of each participant's votes, in memory only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from middleground.dialogues.maps.load_votes import Fingerprints, changed_people
from middleground.engine.votes import IntArray


@dataclass(slots=True)
class Baseline:
    """The votes behind a published map (or, after a restart, as first seen since).

    ``votes`` are of all when they were last read, ``since`` of those whose votes have been
    published otherwise after that: a hash, or None for nobody's.
    """

    map_id: int
    votes: Fingerprints
    since: dict[int, int | None] = field(default_factory=dict)

    def changed(self, everyone: Fingerprints) -> int:
        """How many participants came, went or voted otherwise, of all."""
        return changed_people(self._now(), everyone)

    def changed_of(self, people: IntArray, theirs: Fingerprints) -> int:
        """The same of some people only; ``theirs`` has those of them who have votes."""
        now = dict(zip(theirs.people.tolist(), theirs.hashes.tolist(), strict=True))
        before = self._before(people)
        return sum(now.get(person) != before[person] for person in people.tolist())

    def publish(self, map_id: int, people: IntArray, theirs: Fingerprints) -> None:
        """These people's votes are behind the map that is published now."""
        now = dict(zip(theirs.people.tolist(), theirs.hashes.tolist(), strict=True))
        self.since.update({person: now.get(person) for person in people.tolist()})
        self.map_id = map_id

    def _before(self, people: IntArray) -> dict[int, int | None]:
        at = np.minimum(np.searchsorted(self.votes.people, people), len(self.votes.people) - 1)
        known = self.votes.people[at] == people if len(self.votes.people) else at < 0
        found = {
            person: int(self.votes.hashes[place]) if is_known else None
            for person, place, is_known in zip(
                people.tolist(), at.tolist(), known.tolist(), strict=True
            )
        }
        return found | {person: self.since[person] for person in found if person in self.since}

    def _now(self) -> Fingerprints:
        if not self.since:
            return self.votes
        later = {person: told for person, told in self.since.items() if told is not None}
        kept = ~np.isin(self.votes.people, np.fromiter(self.since, dtype=np.int64))
        people = np.concatenate([self.votes.people[kept], np.fromiter(later, dtype=np.int64)])
        hashes = np.concatenate(
            [self.votes.hashes[kept], np.fromiter(later.values(), dtype=np.uint64)]
        )
        order = np.argsort(people)
        return Fingerprints(people[order], hashes[order])
