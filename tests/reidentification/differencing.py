"""An attack on the maps of an open dialogue: what one person voted, from the maps before and after.

The attacker is stronger than any outsider. They control a hundred confirmed participants and choose
when these vote. Nobody else but the person takes part meanwhile. They see the exact sums of all
votes in each map, and know how many of these are their own. They weigh the maps as generalised
least squares does for what is known of the draws.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from zlib import crc32

import numpy as np
from django.conf import settings
from django.utils import timezone

from middleground.dialogues.maps import release
from middleground.dialogues.maps.eligibility import counted_votes
from middleground.dialogues.maps.live import Baseline, LiveMaps
from middleground.dialogues.maps.publish import refresh_map
from middleground.dialogues.models import Dialogue, Participant, StoredMap, Vote
from middleground.engine import Votes
from support.cast import make_dialogue

CONTROLLED = 100
STATEMENTS = 40
# The attacker's participants vote on so many statements, and then on so many, to be newly heard.
FIRST, SECOND = 5, 20

# A map of the dialogue if one is due: by statement, how many more agree than disagree in it.
Publish = Callable[[Dialogue, LiveMaps], dict[int, int] | None]


def sums_of_real_map(dialogue: Dialogue, maps: LiveMaps) -> dict[int, int] | None:
    found = refresh_map(dialogue.pk, maps)
    if found is None:
        return None
    tallies = {item.statement: item.everyone.tally for item in found.facts.statements}
    return {key: tally.agree - tally.disagree for key, tally in tallies.items()}


def sums_by_rule(dialogue: Dialogue, maps: LiveMaps) -> dict[int, int] | None:
    """The same without the picture, which takes most of the time."""
    live, counted = maps.of(dialogue.pk), counted_votes(dialogue)
    found = release.due_release(dialogue, counted.votes, live)
    if found is None:
        return None
    people = np.unique(counted.everyone.participant)
    shown = counted
    if found.sampled:
        seed = [crc32(dialogue.slug.encode()), dialogue.maps.count()]  # the same in each run
        shown = counted.of(release.draw_sample(people, live, np.random.default_rng(seed)))
    row = StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now(), participants=0, counted=len(people), data={}
    )
    live.published = Baseline(row.pk, found.heard)
    return _sums(shown.votes)


def _sums(votes: Votes) -> dict[int, int]:
    return {
        key: int(votes.value[votes.statement == key].sum())
        for key in np.unique(votes.statement).tolist()
    }


def share_right(attacks: Sequence[Attack], *, with_maps: bool = True) -> float:
    """The share of the guesses that are right, with the maps or from the totals alone."""
    right = [
        guess == vote
        for attack in attacks
        for guess, vote in zip(
            attack.guesses() if with_maps else attack.guesses_from_totals(),
            attack.person,
            strict=True,
        )
    ]
    return sum(right) / len(right)


@dataclass
class Attack:
    """One dialogue, its maps as the attacker reads them, and the person's true votes."""

    others: int
    seed: int
    publish: Publish = sums_by_rule
    dialogue: Dialogue = field(init=False)
    person: list[int] = field(init=False)
    _maps: LiveMaps = field(default_factory=LiveMaps)
    _sums: list[list[int]] = field(default_factory=list)
    _before: int = 0
    _spare: int = CONTROLLED
    _again: list[int] = field(default_factory=list)
    _people: int = 0

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        self.dialogue = make_dialogue(f"attack-{self.seed}", statements=STATEMENTS)
        self._keys = list(self.dialogue.statements.order_by("number").values_list("pk", flat=True))
        self._lean = [rng.uniform(0.2, 0.8) for _ in self._keys]
        for _ in range(self.others):
            self._add(self._answers(rng))
        self._look()
        # Half of the attacker's participants go before the person, and half after.
        self._push(CONTROLLED // 2)
        self._before = len(self._sums)
        self.person = self._answers(rng)
        self._add(self.person)
        self._push(0)

    def guesses(self) -> list[int]:
        """The attacker's guess at each of the person's votes."""
        return [
            1 if self._evidence(place) + log(lean / (1 - lean)) > 0 else -1
            for place, lean in enumerate(self._lean)
        ]

    def guesses_from_totals(self) -> list[int]:
        """The guess of somebody who knows how people lean, and has no maps."""
        return [1 if lean > 0.5 else -1 for lean in self._lean]

    @property
    def maps(self) -> int:
        return len(self._sums)

    def _answers(self, rng: random.Random) -> list[int]:
        return [1 if rng.random() < lean else -1 for lean in self._lean]

    def _add(self, answers: Iterable[int]) -> int:
        self._people += 1
        person = Participant.objects.create(
            pk=self.dialogue.pk * 10_000 + self._people, dialogue=self.dialogue
        )
        self._vote(person.pk, zip(self._keys, answers, strict=False))
        return person.pk

    def _vote(self, person: int, answers: Iterable[tuple[int, int]]) -> None:
        Vote.objects.bulk_create(
            Vote(participant_id=person, statement_id=key, value=value) for key, value in answers
        )

    def _look(self) -> None:
        """Two beats pass. A map that comes is read."""
        found = self.publish(self.dialogue, self._maps) or self.publish(self.dialogue, self._maps)
        if found is not None:
            self._sums.append([found[key] for key in self._keys])

    def _push(self, spare: int) -> None:
        """Bring as many maps about as can be, with the participants that are not to be spared.

        Those who have voted once go first, because they make the number behind a map no larger.
        """
        while True:
            needed = release.people_needed(self._people, self.dialogue.minimum_shown)
            if len(self._again) >= needed:
                for person in self._again[:needed]:
                    self._vote(person, [(key, 0) for key in self._keys[FIRST:SECOND]])
                del self._again[:needed]
            elif self._spare - needed >= spare:
                self._again += [self._add([0] * FIRST) for _ in range(needed)]
                self._spare -= needed
            else:
                return
            self._look()

    def _evidence(self, place: int) -> float:
        """The logarithm of how much likelier the maps are if the person agrees."""
        sums, share = np.array(self._sums)[:, place].astype(float), settings.MAP_SAMPLE
        after = np.arange(len(sums)) >= self._before
        if after.all() or not after.any():
            return 0.0
        apart = np.abs(np.subtract.outer(np.arange(len(sums)), np.arange(len(sums))))
        inverse = np.linalg.inv(release.STAYS**apart)
        design = np.column_stack([np.ones(len(sums)), after])
        spread = np.linalg.inv(design.T @ inverse @ design)
        change = (spread @ design.T @ inverse @ sums)[1]
        noise = max(share * (1 - share) * (self.others * spread[1, 1] + 0.5), 1e-6)
        return float(2 * share * change / noise)
