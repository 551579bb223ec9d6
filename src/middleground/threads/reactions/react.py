"""Storing and removing a participant's reactions."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.identity.keys import WrongKey
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.participation.admission import may_take_part
from middleground.threads.models import Comment, Reaction, Thread

WORTH, NOT_WORTH, NONE = "worth", "not", "none"
_VALUES = {WORTH: 1, NOT_WORTH: -1, NONE: 0}
_NAMES = {value: name for name, value in _VALUES.items()}


class ReactionRefused(Refused):
    """The reaction was not stored."""

    refusals = {
        "not_open": RefusalText(gettext_lazy("The dialogue is not open.")),
        "switched_off": RefusalText(gettext_lazy("The host has turned off reactions here.")),
        "vote_first": RefusalText(
            gettext_lazy("Vote on a statement first. Then you can mark comments."),
            HTTPStatus.FORBIDDEN,
        ),
        "of_a_post": RefusalText(
            gettext_lazy("A body wrote this. Reactions do not order what bodies say.")
        ),
        "own": RefusalText(gettext_lazy("You wrote this comment yourself.")),
        "unknown": RefusalText(
            gettext_lazy("Use one of the buttons below the comment."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    }


@dataclass(frozen=True, slots=True)
class Reader:
    """A participant who may react, and how they reacted to comments of a thread."""

    participant: int
    reactions: dict[int, int]

    def reaction_to(self, comment: Comment) -> str | None:
        """None if it is their own, or a post's."""
        if comment.author_id == self.participant or comment.is_of_post:
            return None
        return _NAMES[self.reactions.get(comment.pk, 0)]


def reader_of(request: HttpRequest, dialogue: Dialogue, thread: Thread | None) -> Reader | None:
    """Who reads the thread, if they may react. One query, none for visitors without a cookie."""
    token = token_of(request)
    if token is None or thread is None or not dialogue.takes_comments:
        return None
    if not dialogue.is_open(timezone.now()):
        return None
    try:
        if not may_take_part(dialogue, token):
            return None
        participant = pseudonym(dialogue.pk, token)
    except WrongKey:  # the thread itself is shown all the same
        return None
    own = Reaction.objects.filter(participant=participant, comment__thread=thread)
    return Reader(participant, dict(own.values_list("comment_id", "value")))


@transaction.atomic
def react_to(comment: Comment, token: bytes, name: str) -> None:
    """Store the reaction in place of an earlier one, or remove it. Raises ``ReactionRefused``."""
    dialogue = Dialogue.objects.get(pk=comment.dialogue_id)
    if name not in _VALUES:
        raise ReactionRefused("unknown")
    if not dialogue.is_open(timezone.now()):
        raise ReactionRefused("not_open")
    if not dialogue.takes_comments:
        raise ReactionRefused("switched_off")
    if comment.is_of_post:
        raise ReactionRefused("of_a_post")
    # Locked, so that none is added while the participant deletes all.
    people = Participant.objects.select_for_update()
    participant = people.filter(pk=pseudonym(dialogue.pk, token)).first()
    if participant is None or not may_take_part(dialogue, token):
        raise ReactionRefused("vote_first")
    if comment.author_id == participant.pk:
        raise ReactionRefused("own")
    Reaction.objects.filter(participant=participant, comment=comment).delete()
    if _VALUES[name]:
        row = Reaction(participant=participant, comment=comment, value=_VALUES[name])
        row.save(force_insert=True)
