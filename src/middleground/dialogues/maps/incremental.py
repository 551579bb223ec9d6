"""Maps of large dialogues between two that are computed from all votes.

To read all votes and to fit them anew takes longer with every vote that was ever given. So the map
of a large dialogue is carried on from its last whole one: who has voted since is known
(``changed_voters.py``), only their votes are read, and the process that computes maps has kept
what the whole map left behind (``state.py``). What that costs does not depend on the history.

It is done only where nothing but single people's votes can have changed, and only where this
process writes all of them. Else, and at least once a day, and for the final map, all is computed
from all votes. Whether a map is due, and what of it is shown, follows the same rules for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from django.db import connection

from middleground.dialogues.maps import worker
from middleground.dialogues.maps.eligibility import Counted
from middleground.dialogues.maps.load_votes import (
    Fingerprints,
    admissions_of,
    fingerprints,
    load_votes_of,
)
from middleground.dialogues.maps.published_baseline import Baseline
from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap
from middleground.dialogues.voting import changed_voters
from middleground.engine.votes import IntArray

# Below so many votes a whole map takes a fraction of a second, and has nothing to wait for.
CARRY_FROM = 50_000
LONGEST = timedelta(days=1)

Statuses = dict[str, frozenset[int]]


@dataclass(slots=True)
class _Course:
    """A whole map that is carried on.

    rules : what decides whose votes count. tier : how all who count were admitted. shown, shut :
    statements that are voted on, and those that no longer are.
    """

    whole_at: datetime
    rules: tuple[Any, ...]
    tier: str
    shown: frozenset[int]
    shut: frozenset[int]


@dataclass(frozen=True, slots=True)
class Carried:
    """A map's facts, and whose votes are in it that were not in the one before."""

    data: dict[str, Any]
    whole_at: datetime
    people: IntArray
    prints: Fingerprints


Outcome = Carried | Literal["not due", "whole"]

_courses: dict[int, _Course] = {}


def forget() -> None:
    """Be as after a restart (for tests)."""
    for dialogue_id in list(_courses):
        end(dialogue_id)


def is_on(dialogue_id: int) -> bool:
    return dialogue_id in _courses


def may_be_due(dialogue: Dialogue) -> bool:
    """Whether so many people have voted that a map may be due: no votes are read for it."""
    return changed_voters.count(dialogue.pk) >= dialogue.minimum_shown


def tier_to_carry(counted: Counted) -> str | None:
    """Where the map of these votes is to be carried on: how all who count were admitted."""
    alone = connection.vendor == "sqlite"  # of several servers none knows all who voted
    return _only_tier(counted) if alone and len(counted.votes) >= CARRY_FROM else None


def begin(dialogue: Dialogue, stored: StoredMap, tier: str) -> None:
    """The whole map that was just published is to be carried on."""
    statuses = _statuses(dialogue)
    _courses[dialogue.pk] = _Course(
        stored.made_at, _rules(dialogue), tier, statuses["shown"], statuses["shut"]
    )


def end(dialogue_id: int) -> None:
    """The next map is computed from all votes."""
    _courses.pop(dialogue_id, None)
    changed_voters.leave(dialogue_id)
    worker.drop(dialogue_id)


def next_map(dialogue: Dialogue, newest: StoredMap, baseline: Baseline, now: datetime) -> Outcome:
    """The map after ``newest``, which ``baseline`` is of; or what is to be done instead.

    Whose votes have changed is taken, and put back where no map is due yet.
    """
    course, taken = _courses[dialogue.pk], changed_voters.take(dialogue.pk)
    if taken is None or not _goes_on(course, dialogue, now) or baseline.map_id != newest.pk:
        return "whole"
    people = np.array(sorted(taken), dtype=np.int64)
    admitted = admissions_of(people.tolist())
    if not set(admitted.values()) <= {course.tier, Participant.Tier.WAITING}:
        return "whole"
    waiting = [key for key, tier in admitted.items() if tier == Participant.Tier.WAITING]
    votes = load_votes_of(dialogue.pk, people.tolist())
    votes = votes.where(~np.isin(votes.participant, np.array(waiting, dtype=np.int64)))
    prints = fingerprints(votes)
    if baseline.changed_of(people, prints) < dialogue.minimum_shown:
        changed_voters.put_back(dialogue.pk, taken)
        return "not due"
    data = worker.carry_on(dialogue.pk, newest.input_hash, people, votes)
    return "whole" if data is None else Carried(data, course.whole_at, people, prints)


def _goes_on(course: _Course, dialogue: Dialogue, now: datetime) -> bool:
    """Whether nothing but votes has changed. Statements may have come; none may have come back."""
    if now - course.whole_at > LONGEST or course.rules != _rules(dialogue):
        return False
    statuses = _statuses(dialogue)
    kept = course.shown <= statuses["shown"] and not statuses["shown"] & course.shut
    course.shown, course.shut = statuses["shown"], statuses["shut"]
    return kept


def _rules(dialogue: Dialogue) -> tuple[Any, ...]:
    return (
        tuple(dialogue.uncounted_tiers),
        dialogue.copies_count_once,
        dialogue.minimum_shown,
        dialogue.imported,
        tuple(dialogue.set_asides.order_by("pk").values_list("pk", flat=True)),
    )


def _only_tier(counted: Counted) -> str | None:
    """How all who count were admitted; None for several ways, or where some do not count."""
    if counted.beside is not None or counted.set_aside:
        return None
    codes = np.unique(counted.admitted.of(np.unique(counted.votes.participant)))
    return counted.admitted.names[int(codes[0])] if len(codes) == 1 and codes[0] >= 0 else None


def _statuses(dialogue: Dialogue) -> Statuses:
    rows = list(dialogue.statements.values_list("pk", "status"))
    status = Statement.Status
    return {
        "shown": frozenset(key for key, told in rows if told == status.APPROVED),
        "shut": frozenset(k for k, told in rows if told not in (status.APPROVED, status.PENDING)),
    }
