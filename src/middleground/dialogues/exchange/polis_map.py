"""The map in an exported dialogue: who is in which group, and how the map is made.

With it, ``middleground analyse`` computes from the folder the map that is on the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils import timezone

from middleground import __version__
from middleground.dialogues.maps import worker
from middleground.dialogues.maps.eligibility import counted_votes
from middleground.dialogues.maps.prepare import options_of
from middleground.dialogues.models import Dialogue
from middleground.engine import Attribute, MapFacts, Options
from middleground.polis import MapSetup, PolisExport
from middleground.polis.export import BESIDE, NO, YES


@dataclass(frozen=True, slots=True)
class ExportNumbers:
    """The numbers in the export, by primary key."""

    participants: Mapping[int, int]
    statements: Mapping[int, int]


def with_map(export: PolisExport, dialogue: Dialogue, numbers: ExportNumbers) -> PolisExport:
    """The export with the groups of the dialogue's map as it is now, and with its setup."""
    setup = _setup(dialogue, numbers)
    votes = export.votes_of(setup, YES)
    options = Options(**setup.options)
    previous = MapFacts.from_dict(dict(setup.previous)) if setup.previous else None
    tiers = Attribute(list(setup.tiers), list(setup.tiers.values()))
    found = worker.compute(votes, options, setup.seed, previous, tiers)
    people, given = np.unique(votes.counted().participant, return_counts=True)
    enough = people[given >= options.min_votes]
    groups = {
        person: group
        for person, group in zip(
            enough.tolist(), found.members.group_of(enough).tolist(), strict=True
        )
        if group >= 0
    }
    in_map = len(enough) if found.data["groups"] else 0
    return replace(export, setup=setup, groups=groups, in_map=in_map)


def _setup(dialogue: Dialogue, numbers: ExportNumbers) -> MapSetup:
    counted = counted_votes(dialogue)
    final = dialogue.phase(timezone.now()) == "closed"
    maps = dialogue.maps.filter(final=False) if final else dialogue.maps
    newest = maps.first()
    names, people = counted.admitted.names, np.array(list(numbers.participants), dtype=np.int64)
    tiers = dict(zip(people.tolist(), counted.admitted.of(people).tolist(), strict=True))
    inside = set(counted.votes.participant.tolist())
    beside = set(counted.uncounted.participant.tolist()) if counted.uncounted else set()
    voters = set(counted.everyone.participant.tolist()) & tiers.keys()
    return MapSetup(
        tiers={numbers.participants[key]: names[tiers[key]] for key in voters},
        counts={
            numbers.participants[key]: YES if key in inside else BESIDE if key in beside else NO
            for key in voters
        },
        statements=frozenset(
            numbers.statements[key]
            for key in dialogue.statements.votable().values_list("pk", flat=True)
            if key in numbers.statements
        ),
        seed=dialogue.pk % 2**31,
        options=options_of(dialogue, final=final).to_dict(),
        engine=__version__,
        previous=_renumbered(newest.data, numbers.statements) if newest else None,
    )


def _renumbered(facts: Any, numbers: Mapping[int, int]) -> Any:
    """A map's facts with statements named by their numbers instead of primary keys.

    A statement that is no longer there gets a negative number, which no statement has.
    """
    if isinstance(facts, list):
        return [_renumbered(each, numbers) for each in facts]
    if not isinstance(facts, dict):
        return facts
    renumbered = {key: _renumbered(value, numbers) for key, value in facts.items()}
    if isinstance(facts.get("statement"), int):
        renumbered["statement"] = numbers.get(facts["statement"], -facts["statement"])
    if "shared" in facts:
        renumbered["shared"] = [numbers.get(key, -key) for key in facts["shared"]]
    return renumbered
