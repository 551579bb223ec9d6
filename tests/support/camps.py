"""Votes of made-up participants in two camps, for tests of the map."""

from __future__ import annotations

import random

from middleground.dialogues.maps import publish
from middleground.dialogues.maps.live import LiveMaps, live_maps
from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap, Vote


def add_voters(dialogue: Dialogue, participants: int, first: int = 1, seed: int = 0) -> list[int]:
    """Add participants with ids from ``first`` on, who vote on every approved statement.

    Odd ids agree with odd statements and disagree with even ones; even ids do the opposite. All
    agree with every fourth statement. One vote in twelve is a pass.
    """
    rng = random.Random(seed + first)
    ids = list(
        range(dialogue.pk * 1_000_000 + first, dialogue.pk * 1_000_000 + first + participants)
    )
    Participant.objects.bulk_create(Participant(id=n, dialogue=dialogue) for n in ids)
    statements = list(Statement.objects.votable().filter(dialogue=dialogue))
    Vote.objects.bulk_create(
        Vote(participant_id=person, statement=statement, value=_value(person, statement, rng))
        for person in ids
        for statement in statements
    )
    return ids


def publish_after_newcomers(dialogue: Dialogue, maps: LiveMaps = live_maps) -> StoredMap | None:
    """Look at the votes twice: who is new at the first look brings a map about at the second."""
    first = publish.refresh_map(dialogue.pk, maps)
    return first or publish.refresh_map(dialogue.pk, maps)


def _value(person: int, statement: Statement, rng: random.Random) -> int:
    if rng.random() < 1 / 12:
        return 0
    if statement.number % 4 == 0:
        return 1
    return 1 if (person + statement.number) % 2 == 0 else -1
