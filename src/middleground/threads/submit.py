"""Checking and storing comments."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext_lazy

from middleground.core import dates
from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import DailyCount, Dialogue
from middleground.dialogues.models.texts.moderated_text import Status
from middleground.dialogues.statements.who_may_write import (
    MissingToWrite,
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
    number_by_lot,
)
from middleground.dialogues.translations.languages import said_language
from middleground.texts.sameness import dedup_hash
from middleground.threads.models import NUMBERS, Comment, CommentQuerySet, Thread
from middleground.threads.subjects import begin_thread, thread_of

LONGEST = 1000
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class CommentRefused(Refused):
    """The comment was not stored."""

    refusals = {
        "not_open": RefusalText(gettext_lazy("The dialogue is not open.")),
        "switched_off": RefusalText(
            gettext_lazy("The host does not take comments in this dialogue. Nothing was sent.")
        ),
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
        "no_stance": RefusalText(
            gettext_lazy("Say if it speaks for, against, or neither."), _WRONG
        ),
        "said_already": RefusalText(
            gettext_lazy("The same words are already here, or wait for a moderator."), _WRONG
        ),
        "too_many_waiting": RefusalText(
            gettext_lazy(
                "Many of your comments are still waiting for a moderator. Please "
                "send this one after some have been looked at."
            ),
            _WRONG,
        ),
        "no_term": RefusalText(
            gettext_lazy(
                "You do not speak for this post today, or the host has not verified it. Nothing was"
                " sent."
            ),
            HTTPStatus.FORBIDDEN,
        ),
        "no_part": RefusalText(
            gettext_lazy(
                "Your body takes no part in this dialogue. It has no case here, "
                "and the host has not let it speak. Nothing was sent."
            ),
            HTTPStatus.FORBIDDEN,
        ),
        "enough": RefusalText(
            ngettext_lazy(
                "Your body has already said %(limit)d thing here. That is the limit.",
                "Your body has already said %(limit)d things here. That is the limit.",
                "limit",
            ),
        ),
        "answer_gone": RefusalText(
            gettext_lazy("The comment you are answering is no longer shown. Nothing was sent.")
        ),
    }


def missing_to_comment(dialogue: Dialogue, token: bytes) -> MissingToWrite:
    """What the dialogue's rule for comments asks of this participant."""
    return missing_to_write(dialogue, token, dialogue.votes_before_commenting)


def check_comment(text: str, stance: str, thread: Thread | None) -> str:
    """The text as it would be stored. Raises ``CommentRefused``; writes nothing."""
    normalised = check_length(text, LONGEST, CommentRefused)
    if stance not in Comment.Stance.values:
        raise CommentRefused("no_stance")
    if thread is not None:
        same = same_words(thread, normalised).exclude(status=Status.REJECTED)
        if same.exists():
            raise CommentRefused("said_already")
    return normalised


def comment_on(
    thing: Model, token: bytes, text: str, stance: str, *, marked: bool = False, language: str = ""
) -> Comment:
    """Store a participant's comment. Raises ``CommentRefused``.

    ``thing``: a statement, or something of a kind that an app above registered (``subjects.py``).

    ``marked``: leave a mark with it (``texts/marks.py``). ``language``: as they said it.
    """
    looked = look_ahead_in(thread_of(thing), text)
    with transaction.atomic():
        dialogue = _open_dialogue(thing.dialogue, token)  # type: ignore[attr-defined]
        thread = thread_of(thing)
        text = check_comment(text, stance, thread)
        if thread is None:
            thread = begin_thread(dialogue, thing)
        said = {"stance": Comment.Stance(stance), "language": said_language(dialogue, language)}
        stored = _store(dialogue, thread, token, text, looked, said)
        if marked:
            leave_mark(stored, token)
        return stored


def reply_to(
    comment: Comment, token: bytes, text: str, *, marked: bool = False, language: str = ""
) -> Comment:
    """Store a participant's answer to a comment. Raises ``CommentRefused``.

    An answer to an answer stands beside it, below the same comment.
    """
    looked = look_ahead_in(comment.thread, text)
    with transaction.atomic():
        dialogue = _open_dialogue(comment.dialogue, token)
        text = check_comment(text, Comment.Stance.NEITHER, comment.thread)
        rows = Comment.objects.visible().select_for_update(of=("self",))
        answered = rows.filter(pk=comment.parent_id or comment.pk).first()
        if answered is None:
            raise CommentRefused("answer_gone")
        said = {"parent": answered, "language": said_language(dialogue, language)}
        stored = _store(dialogue, answered.thread, token, text, looked, said)
        if marked:
            leave_mark(stored, token)
        return stored


def _open_dialogue(dialogue: Dialogue, token: bytes) -> Dialogue:
    """The dialogue as stored now, locked, if this participant may comment in it."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if not dialogue.is_open(timezone.now()):
        raise CommentRefused("not_open")
    if not dialogue.takes_comments:
        raise CommentRefused("switched_off")
    if missing_to_comment(dialogue, token):
        raise CommentRefused("not_yet")
    return dialogue


def _store(
    dialogue: Dialogue,
    thread: Thread,
    token: bytes,
    text: str,
    looked: Looked,
    said: dict[str, Any],
) -> Comment:
    """``said``: the fields of a comment that its author chose."""
    author, new_here = author_of(dialogue, token, Comment, CommentRefused)
    now = timezone.now()
    count_written(dialogue, now)
    status = first_status(dialogue, author, text, others_in(thread), looked)
    today = timezone.localdate(now)
    comment = insert_comment(
        dialogue,
        thread,
        text,
        Status.PENDING if is_beyond_pace(dialogue, now) else status,
        **said,
        author=author,
        tier=author.tier,
    )
    if new_here:
        day, _new = DailyCount.objects.get_or_create(dialogue=dialogue, day=today, part=0)
        DailyCount.objects.filter(pk=day.pk).update(participants=F("participants") + 1)
    return comment


def insert_comment(
    dialogue: Dialogue, thread: Thread, text: str, status: Status, **fields: Any
) -> Comment:
    """The caller has locked the dialogue's row."""
    return Comment.objects.create(
        dialogue=dialogue,
        thread=thread,
        number=number_by_lot(dialogue, Comment, NUMBERS),
        text=text,
        dedup_hash=dedup_hash(text),
        status=status,
        received_on=dates.today(),
        **fields,
    )


def same_words(thread: Thread, text: str) -> CommentQuerySet:
    return others_in(thread).filter(dedup_hash=dedup_hash(text))


def look_ahead_in(thread: Thread | None, text: str) -> Looked:
    """What ``first_status`` asks for; nothing before the thread's first comment."""
    return look_ahead(thread.dialogue, text, others_in(thread)) if thread else Looked()


def others_in(thread: Thread) -> CommentQuerySet:
    return Comment.objects.filter(thread=thread)
