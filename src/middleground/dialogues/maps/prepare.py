"""Prepares a map for publication, without a lock or a transaction.

All slow work is done here: computing in the child process, disclosure control, and writing the
log's document and the final map's file of votes.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from middleground.dialogues.maps import anomalies, worker
from middleground.dialogues.maps.eligibility import EligibleVotes, hash_rules, marked_participants
from middleground.dialogues.maps.live import LiveMap
from middleground.dialogues.maps.load_votes import tiers_of
from middleground.dialogues.maps.log_record import (
    MapRecord,
    map_record,
    seal_final_map,
    seal_live_map,
    write_votes,
)
from middleground.dialogues.maps.release import Release, draw_sample, may_show_tiers
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.dialogues.results.published import Content, preview
from middleground.engine import MapFacts, Options

# More votes than there can be. Options are published, so they must not reveal the real number.
EVERY_VOTE = 10**12


@dataclass(frozen=True, slots=True)
class ReadState:
    """What a map depends on besides votes, read before the votes are."""

    dialogue: Dialogue
    newest_map: int | None
    rules: tuple[str, int]
    statements: frozenset[int]

    @classmethod
    def of(cls, dialogue: Dialogue) -> ReadState:
        return cls(dialogue, _newest_map(dialogue), _rules(dialogue), _statements_of(dialogue))

    def still_holds(self, now: Dialogue, *, allow_new_statements: bool) -> bool:
        """Whether a map made from this state is still right for the dialogue as stored now."""
        if (_newest_map(now), _rules(now)) != (self.newest_map, self.rules):
            return False
        if _fields(now) == _fields(self.dialogue):
            return True
        only_revision = _fields(now, but="revision") == _fields(self.dialogue, but="revision")
        return allow_new_statements and only_revision and self.statements <= _statements_of(now)


def _newest_map(dialogue: Dialogue) -> int | None:
    return dialogue.maps.values_list("pk", flat=True).first()


def _rules(dialogue: Dialogue) -> tuple[str, int]:
    """The host's rules as stored, and how many participants are marked by those about hours."""
    return hash_rules(dialogue, at_once=True), marked_participants(dialogue).count()


def _statements_of(dialogue: Dialogue) -> frozenset[int]:
    return frozenset(dialogue.statements.published().values_list("pk", flat=True))


def _fields(dialogue: Dialogue, but: str = "") -> dict[str, Any]:
    names = (field.attname for field in dialogue._meta.concrete_fields)
    return {name: getattr(dialogue, name) for name in names if name != but}


@dataclass(frozen=True, slots=True)
class PreparedMap:
    """A map that only has to be stored.

    ``row`` is not stored yet; ``data`` is its JSON. ``votes_file`` is the final map's file of
    votes, kept under a temporary name until the map is stored. ``members`` is never stored.
    """

    read: ReadState
    row: StoredMap
    data: str
    facts: MapFacts
    content: Content
    record: MapRecord | None
    votes_file: Path | None
    members: worker.Members


def prepare(
    read: ReadState,
    counted: EligibleVotes,
    live: LiveMap,
    made_at: datetime,
    release: Release | None,
) -> PreparedMap:
    """Compute the map of these votes and everything that is published with it.

    Without a ``release`` it is the final map.
    """
    dialogue, final = read.dialogue, release is None
    newest = dialogue.maps.filter(pk=read.newest_map or 0).first()
    previous = newest.facts if newest else None
    shown = counted
    if release is not None and release.sampled:
        shown = counted.of(draw_sample(np.unique(counted.everyone.participant), live, _secret()))
    options, seed = options_of(dialogue, final=final), dialogue.pk % 2**31
    found = worker.compute(shown.votes, options, seed, previous, shown.admitted, shown.uncounted)
    data = found.data
    facts = MapFacts.from_dict(data)
    row = _row(dialogue, data, shown, made_at)
    row.patterns = anomalies.find_anomalies(counted.everyone)
    row.counted = len(np.unique(counted.votes.counted().participant))
    row.sampled = release is not None and release.sampled
    row.rules = hash_rules(dialogue)
    row.final, row.tiers_apart = final, final or may_show_tiers(dialogue, counted, live)
    votes_file = None
    if final:
        votes_file = write_votes(row, seal_final_map(row, facts, counted, previous))
    else:
        seal_live_map(row)
    published, content = preview(row, facts)
    record = map_record(row, published)
    text = json.dumps(data)
    return PreparedMap(read, row, text, facts, content, record, votes_file, found.members)


def _secret() -> np.random.Generator:
    """Nobody may guess a sample, so its seed comes from the system and is not kept."""
    return np.random.default_rng(secrets.randbits(128))


def options_of(dialogue: Dialogue, *, final: bool) -> Options:
    """The engine's options for a map.

    A final map of any size is computed to the same byte on any processor, because an auditor
    computes it again.
    """
    usual = Options()
    return Options(
        min_group=max(usual.min_group, dialogue.minimum_shown),
        merge_near_duplicates=dialogue.copies_count_once,
        double_votes=EVERY_VOTE if final else usual.double_votes,
    )


def _row(
    dialogue: Dialogue, data: dict[str, Any], counted: EligibleVotes, made_at: datetime
) -> StoredMap:
    return StoredMap(
        dialogue=dialogue,
        made_at=made_at,
        participants=data["diagnostics"]["participants"],
        tiers=tiers_of(counted.admitted, counted.everyone),
        set_aside=counted.set_aside,
        data=data,
    )
