"""Looking through the stored log, a part at a time: a disk may alter what was written once.

The elected process does it, slowly enough that votes do not wait. What it finds is told to staff;
``middleground doctor`` verifies the whole log at once.
"""

from __future__ import annotations

from pathlib import Path
from time import sleep

from django.conf import settings

from middleground.ledger.checks.pieces import bundles_of, check_bundles, check_root
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint
from middleground.publiclog.models import LogState
from middleground.publiclog.publisher import newest_checkpoint

RUNS_A_ROUND = 24  # one an hour
LEAST_BUNDLES = 4_000  # so that a log of up to a million entries is looked through in each run
REST_SECONDS = 0.005


class _Round:
    """Where the next run begins, and what this round has found so far."""

    next_bundle = 0
    damage = ""


def look_through_log() -> str:
    """Look at the next part of the stored log; return what was found in this round.

    It is stored once the round is over, and at once if something was found.
    """
    try:
        newest = newest_checkpoint()
    except (BadCheckpoint, OSError):
        return ""  # which ``why_stuck`` tells
    last = bundles_of(newest.size)
    if _Round.next_bundle >= last:
        _Round.next_bundle, _Round.damage = 0, ""
    part = max(LEAST_BUNDLES, -(-last // RUNS_A_ROUND))
    end = min(last, _Round.next_bundle + part)
    found = _look(newest, range(_Round.next_bundle, end))
    _Round.damage = _Round.damage or found
    _Round.next_bundle = end
    if _Round.damage or end >= last:
        LogState.objects.exclude(damage=_Round.damage).update(damage=_Round.damage)
    return _Round.damage


def damage_found() -> str:
    """What the last round found, for staff; empty if the log is sound as far as is known."""
    return LogState.objects.values_list("damage", flat=True).first() or ""


def _look(newest: Checkpoint, bundles: range) -> str:
    folder = Path(settings.LEDGER)
    if problem := check_root(folder, newest):
        return problem
    for problem in check_bundles(folder, newest, bundles):
        if problem:
            return problem
        sleep(REST_SECONDS)
    return ""
