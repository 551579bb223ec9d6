"""Checking and storing participants' statements."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import DailyCount, Dialogue, Statement, StatementQuerySet
from middleground.dialogues.statements.who_may_write import (
    count_written,
    is_beyond_pace,
    missing_to_write,
)
from middleground.dialogues.texts.marks import leave_mark
from middleground.dialogues.texts.submission import (
    DECEPTIVE,
    Looked,
    author_of,
    check_length,
    first_status,
    look_ahead,
    next_number,
)
from middleground.dialogues.translations.languages import said_language
from middleground.texts.sameness import dedup_hash

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class StatementRefused(Refused):
    """The statement was not stored. ``values["existing"]`` is the one with the same words."""

    refusals = {
        "not_open": RefusalText(gettext_lazy("The dialogue is not open.")),
        "not_yet": RefusalText(
            gettext_lazy("Nothing was sent yet. You need one more thing before you can write."),
            HTTPStatus.FORBIDDEN,
        ),
        "no_words": RefusalText(gettext_lazy("You have not written anything yet."), _WRONG),
        "deceptive": DECEPTIVE,
        "too_long": RefusalText(
            ngettext_lazy(
                "Its length is %(length)d. The limit is %(limit)d. Please cut %(over)d character.",
                "Its length is %(length)d. The limit is %(limit)d. Please cut %(over)d characters.",
                "over",
            ),
            _WRONG,
        ),
        "said_already": RefusalText(
            gettext_lazy("Somebody already said this. You can vote on it."), _WRONG
        ),
        "sent_already": RefusalText(
            gettext_lazy("The same words are already waiting for a moderator."), _WRONG
        ),
        "too_many_waiting": RefusalText(
            gettext_lazy(
                "Many of your statements are still waiting for a moderator. "
                "Please send this one after some have been looked at."
            ),
            _WRONG,
        ),
    }


def check_statement(dialogue: Dialogue, text: str, instead_of: Statement | None = None) -> str:
    """The text as it would be stored. Raises ``StatementRefused``; writes nothing.

    ``instead_of``: the statement whose place it takes, with which it may have words in common.
    """
    normalised = check_length(text, dialogue.statement_limit, StatementRefused)
    existing = (
        _same_words(dialogue, normalised)
        .exclude(status=Statement.Status.REJECTED)
        .exclude(pk=instead_of.pk if instead_of else 0)
        .select_related("merged_into")
        .first()
    )
    if existing is not None:
        existing = existing.merged_into or existing
        shown = existing.status == Statement.Status.APPROVED
        raise StatementRefused("said_already" if shown else "sent_already", existing=existing)
    return normalised


def _same_words(dialogue: Dialogue, text: str) -> StatementQuerySet:
    return all_of(dialogue).filter(dedup_hash=dedup_hash(text))


def all_of(dialogue: Dialogue) -> StatementQuerySet:
    """The statements among which a new one would stand."""
    return Statement.objects.filter(dialogue=dialogue)


def submit_statement(
    dialogue: Dialogue, token: bytes, text: str, *, marked: bool = False, language: str = ""
) -> Statement:
    """Store a participant's statement under the next number. Raises ``StatementRefused``.

    ``marked``: leave a mark with it (``texts/marks.py``). ``language``: as they said it.
    """
    looked = look_ahead(dialogue, text, all_of(dialogue))
    with transaction.atomic():
        # The lock on the dialogue's row serialises the numbering. SQLite has no row locks, but a
        # write transaction begins by taking the database's only lock.
        dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        now = timezone.now()
        require_may_write(dialogue, token, now)
        text = check_statement(dialogue, text)
        statement, new_here = store_statement(dialogue, token, text, looked, now, language)
        if marked:
            leave_mark(statement, token)
        day, _ = DailyCount.objects.get_or_create(
            dialogue=dialogue, day=statement.received_on, part=0
        )
        DailyCount.objects.filter(pk=day.pk).update(
            statements=F("statements") + 1, participants=F("participants") + int(new_here)
        )
    return statement


def require_may_write(dialogue: Dialogue, token: bytes, now: datetime) -> None:
    """Raises ``StatementRefused``. The caller has locked the dialogue's row."""
    if not dialogue.is_open(now):
        raise StatementRefused("not_open")
    if missing_to_write(dialogue, token):
        raise StatementRefused("not_yet")


def store_statement(
    dialogue: Dialogue, token: bytes, text: str, looked: Looked, now: datetime, language: str = ""
) -> tuple[Statement, bool]:
    """Store a checked text; return the statement, and whether its author is new to the dialogue.

    The caller has locked the dialogue's row. Raises ``StatementRefused``.
    """
    author, new_here = author_of(dialogue, token, Statement, StatementRefused)
    count_written(dialogue, now)
    status = first_status(dialogue, author, text, all_of(dialogue), looked)
    statement = Statement.objects.create(
        dialogue=dialogue,
        number=next_number(dialogue, Statement),
        text=text,
        language=said_language(dialogue, language),
        dedup_hash=dedup_hash(text),
        author=author,
        status=Statement.Status.PENDING if is_beyond_pace(dialogue, now) else status,
        received_on=timezone.localdate(now),
    )
    if statement.status == Statement.Status.APPROVED:
        Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    return statement, new_here
