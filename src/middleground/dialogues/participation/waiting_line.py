"""Being confirmed by waiting, for browsers without scripts: one line for the whole installation.

Whoever joins behind n others that still wait has their turn 1 + n // 10 seconds after the place
before, and never before half a minute is over. So a lone person waits half a minute, the 250th of
a crowd about 55 minutes, and the 1,000th about 14 hours. Waits that run beside each other would
cost a program with a thousand cookies no more than one with a single cookie.

The line is in the database, so that it is one for all server processes.
"""

from __future__ import annotations

from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from middleground.core.processes import locks
from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.keys import keyed_hash
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, HourlyAdmission, WaitingPlace
from middleground.dialogues.participation.admission import confirm
from middleground.dialogues.statements.who_may_write import votes_missing
from middleground.dialogues.voting.changes import note_changes

SHORTEST_SECONDS = 30
WAITING_TO_SLOW_DOWN = 10  # so many who wait make each next turn a second later
MOST_PLACES = 1_000
KEPT_SECONDS = 3_600  # how long a turn may be used
VOTES_BEFORE_WAITING = 3


class WaitingRefused(Refused):
    """The participant is not confirmed, or did not get a place."""

    refusals = {
        "vote_first": RefusalText(_("Vote first, then come back to this page.")),
        "line_is_full": RefusalText(
            _(
                "The line is full right now. Please try again later, or use a "
                "browser with JavaScript, which needs no line."
            ),
            status=503,
        ),
        "no_place": RefusalText(
            _("Your place in line is used or has run out. Please join the line again."),
            status=422,
        ),
        "not_your_turn": RefusalText(_("It is not your turn yet."), status=422),
    }


def votes_before_waiting(dialogue: Dialogue, token: bytes) -> int:
    """How many votes on dealt statements this participant still has to give before waiting."""
    return votes_missing(dialogue, pseudonym(dialogue.pk, token), VOTES_BEFORE_WAITING)


def seconds_between(waiting: int) -> int:
    """How many seconds after the place before a new place's turn comes."""
    return 1 + waiting // WAITING_TO_SLOW_DOWN


def join_line(dialogue: Dialogue, token: bytes, now: datetime) -> int:
    """Take a place, or keep the one that is taken; return its turn. Raises ``WaitingRefused``."""
    if votes_before_waiting(dialogue, token):
        raise WaitingRefused("vote_first")
    seconds, mark = int(now.timestamp()), _mark(dialogue, token)
    with transaction.atomic():
        _one_at_a_time()
        delete_old_places(now)
        taken = turn_of(dialogue, token)
        if taken is not None:
            return taken
        ahead = WaitingPlace.objects.filter(turn__gt=seconds).order_by("-turn")
        waiting = ahead.count()
        if waiting >= MOST_PLACES:
            raise WaitingRefused("line_is_full")
        turn = seconds + SHORTEST_SECONDS
        if waiting:
            turn = max(turn, ahead[0].turn + seconds_between(waiting))
        WaitingPlace.objects.create(mark=mark, turn=turn)
    return turn


def turn_of(dialogue: Dialogue, token: bytes) -> int | None:
    """When this participant's turn is, in seconds since 1970; None without a place."""
    places = WaitingPlace.objects.filter(pk=_mark(dialogue, token))
    return places.values_list("turn", flat=True).first()


def ticket(dialogue: Dialogue, token: bytes, turn: int) -> str:
    """The signed place, which only this participant can use. Only the page contains it."""
    return _signer(dialogue, token).sign(str(turn))


def use_turn(dialogue: Dialogue, token: bytes, given: str, now: datetime) -> None:
    """Confirm the participant whose turn has come. Raises ``WaitingRefused``.

    Turns are in the order of the places. The place is used up with the confirmation.
    """
    try:
        turn = int(_signer(dialogue, token).unsign(given))
    except BadSignature:
        raise WaitingRefused("no_place") from None
    seconds = int(now.timestamp())
    if turn > seconds:
        raise WaitingRefused("not_your_turn")
    with transaction.atomic():
        place = WaitingPlace.objects.filter(pk=_mark(dialogue, token), turn=turn)
        if not place.filter(turn__gte=seconds - KEPT_SECONDS).delete()[0]:
            raise WaitingRefused("no_place")
        if not confirm(
            dialogue, token, HourlyAdmission.Way.WAITING
        ):  # the votes were deleted meanwhile
            raise WaitingRefused("vote_first")
    note_changes([dialogue.pk])


def delete_old_places(now: datetime) -> None:
    """Delete places whose turn was not used in time."""
    WaitingPlace.objects.filter(turn__lt=int(now.timestamp()) - KEPT_SECONDS).delete()


def _one_at_a_time() -> None:
    """Serialise the transactions that join. On SQLite the transaction's beginning does so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", locks.WAITING)


def _mark(dialogue: Dialogue, token: bytes) -> str:
    return keyed_hash(dialogue.pk, b"place", token)[:16].hex()


def _signer(dialogue: Dialogue, token: bytes) -> Signer:
    key = keyed_hash(dialogue.pk, b"wait", token)
    return Signer(key=key.hex(), salt="middleground.wait")
