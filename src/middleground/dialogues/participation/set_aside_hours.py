"""Sets aside whoever was admitted in one hour by one way, and undoes it.

The rule is stored; who came in that hour is not. Each server process marks the participants of
whom it knows that they did, within seconds. Whom no process knows any more still counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from middleground.core.dates import beginning_of, hour_of
from middleground.dialogues.maps.eligibility_actions import (
    EligibilityRefused,
    still_open_to_change,
)
from middleground.dialogues.models import (
    Dialogue,
    HourlyAdmission,
    Participant,
    SetAsideHour,
    Verb,
)
from middleground.dialogues.participation.hours import HOURS_KEPT
from middleground.dialogues.participation.known_admissions import (
    KnownAdmissions,
    known_admissions,
)
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.disclosure.rounding import floor_to_step
from middleground.people.models import User

ROWS_AT_ONCE = 5_000
Way = HourlyAdmission.Way
# Whoever used a code after waiting is no longer one of those who waited.
_TIERS = {
    Way.WAITING.value: [Participant.Tier.OPEN.value],
    Way.WORK.value: [Participant.Tier.OPEN.value],
    Way.CODE.value: [tier.value for tier in Participant.ADMITTED_BY_CODE],
}


def set_hour_aside(
    staff: User,
    dialogue: Dialogue,
    hour: int,
    way: str,
    known: KnownAdmissions = known_admissions,
) -> None:
    """Stop counting those who were admitted by this way in this hour, as far as they are known.

    This process has to know at least ``minimum_shown`` of them, so that the map's change tells of
    no single one. Raises ``EligibilityRefused``.
    """
    now = timezone.now()
    with transaction.atomic():
        dialogue = still_open_to_change(dialogue)
        admitted = _admitted(dialogue, hour, way, now)
        people = known.of(dialogue.pk, hour, way)
        if sum(each.count() for each in _still_there(dialogue, way, people)) < (
            dialogue.minimum_shown
        ):
            raise EligibilityRefused("hour_forgotten", minimum=dialogue.minimum_shown)
        rounded = floor_to_step(admitted, dialogue.minimum_shown)
        _rule, new = SetAsideHour.objects.get_or_create(
            dialogue=dialogue, hour=hour, way=way, defaults={"admitted": rounded, "set_at": now}
        )
        if new:
            _log(staff, dialogue, Verb.EXCLUDE_HOUR, hour, way)
    mark_known(known)


@transaction.atomic
def count_hour_again(staff: User, dialogue: Dialogue, hour: int, way: str) -> bool:
    """Undo ``set_hour_aside``; returns whether there was anything to undo.

    Raises ``EligibilityRefused``.
    """
    dialogue = still_open_to_change(dialogue)
    rules = SetAsideHour.objects.filter(dialogue=dialogue, hour=hour, way=way)
    if not rules.exists():
        return False
    rules.delete()
    _log(staff, dialogue, Verb.INCLUDE_HOUR, hour, way)
    return True


def mark_known(known: KnownAdmissions = known_admissions) -> None:
    """Mark those of the hours set aside whom this process knows; called every few seconds."""
    for rule in SetAsideHour.objects.order_by("pk"):
        people = known.of(rule.dialogue_id, rule.hour, rule.way)
        there = _still_there(rule.dialogue, rule.way, people)
        # A look first, because on SQLite a transaction that may write stops all others that do.
        if any(each.filter(set_aside_hour=None).exists() for each in there):
            _mark(rule, people)


def forget_admissions(now: datetime, known: KnownAdmissions = known_admissions) -> None:
    """Forget old hours, and the dialogues whose key is destroyed."""
    known.forget_old(now)
    gone = Dialogue.objects.filter(pk__in=known.dialogues()).exclude(key_destroyed_on=None)
    known.forget_dialogues(set(gone.values_list("pk", flat=True)))


@transaction.atomic
def _mark(rule: SetAsideHour, people: NDArray[np.int64]) -> None:
    # The lock orders this after the rule's deletion or the final map, or before them. Inserting
    # rows that refer to the dialogue does not wait for it.
    locked = Dialogue.objects.select_for_update(no_key=True).filter(pk=rule.dialogue_id).first()
    if locked is None or locked.key_destroyed_on or locked.maps.filter(final=True).exists():
        return
    if SetAsideHour.objects.filter(pk=rule.pk).exists():
        for each in _still_there(locked, rule.way, people):
            each.filter(set_aside_hour=None).update(set_aside_hour=rule)


def _admitted(dialogue: Dialogue, hour: int, way: str, now: datetime) -> int:
    """How many came; at least the minimum. Raises ``EligibilityRefused``."""
    if hour >= hour_of(now):
        raise EligibilityRefused("hour_not_over")
    rows = HourlyAdmission.objects.filter(dialogue=dialogue, hour=hour, way=way)
    admitted = rows.values_list("admitted", flat=True).first() or 0
    if hour <= hour_of(now) - HOURS_KEPT or admitted < dialogue.minimum_shown:
        raise EligibilityRefused("too_few")
    return admitted


def _still_there(
    dialogue: Dialogue, way: str, people: NDArray[np.int64]
) -> Iterator[QuerySet[Participant]]:
    """Those of these people who have a row and were admitted last by such a way, in parts."""
    rows = Participant.objects.filter(dialogue=dialogue, tier__in=_TIERS[way])
    for start in range(0, len(people), ROWS_AT_ONCE):
        yield rows.filter(pk__in=people[start : start + ROWS_AT_ONCE].tolist())


def _log(staff: User, dialogue: Dialogue, verb: Verb, hour: int, way: str) -> None:
    began = f"{beginning_of(hour):%Y-%m-%d %H:%M} UTC"
    log_staff_action(staff, dialogue, verb, hour=began, way=str(Way(way).label))
