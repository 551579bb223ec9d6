"""What every text that a participant sends goes through, before its app stores it."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from middleground.core.refusals import Refused
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, ModeratedText, Participant
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, Status
from middleground.texts import personal_data
from middleground.texts.normalise import dedup_hash, normalise

# Per participant and kind of text, so that nobody fills a moderation queue alone.
MOST_WAITING = 20
EMPTY = dedup_hash("")


def check_length(text: str, limit: int, refused: type[Refused]) -> str:
    """The text in its normal form. Raises ``refused`` with "too_long" or "no_words"."""
    # Before normalising, which reads every character of what may be megabytes.
    if len(text) > 50 * limit:
        raise _too_long(len(text), limit, refused)
    normalised = normalise(text)
    if dedup_hash(normalised) == EMPTY:
        raise refused("no_words")
    if len(normalised) > limit:
        raise _too_long(len(normalised), limit, refused)
    return normalised


def _too_long(length: int, limit: int, refused: type[Refused]) -> Refused:
    return refused("too_long", length=length, limit=limit, over=length - limit)


def author_of(
    dialogue: Dialogue, token: bytes, kind: type[ModeratedText], refused: type[Refused]
) -> tuple[Participant, bool]:
    """The participant who writes, and whether they are new to the dialogue.

    The caller has locked the dialogue's row. Raises ``refused`` with "too_many_waiting".
    """
    author, new_here = Participant.objects.get_or_create(
        id=pseudonym(dialogue.pk, token),
        defaults={"dialogue": dialogue, "tier": Participant.Tier.UNCONFIRMED},
    )
    waiting = kind._default_manager.filter(author=author, status=Status.PENDING)
    if waiting.count() >= MOST_WAITING:
        raise refused("too_many_waiting")
    return author, new_here


def first_status(
    dialogue: Dialogue,
    author: Participant | None,
    text: str,
    same_words: ModeratedTextQuerySet[Any],
) -> Status:
    """Approved at once only if the host chose so and nothing calls for moderation first.

    ``author``: None for a post's. ``same_words``: other texts with these words.
    """
    if (
        dialogue.moderation == Dialogue.Moderation.BEFORE
        or personal_data.find(text)
        or same_words.filter(status=Status.REJECTED).exists()
        or (author is not None and author.tier == Participant.Tier.UNCONFIRMED)
    ):
        return Status.PENDING
    return Status.APPROVED


def next_number(dialogue: Dialogue, kind: type[ModeratedText]) -> int:
    """The caller has locked the dialogue's row, which serialises the numbering."""
    rows = kind._default_manager.filter(dialogue=dialogue)
    highest: int | None = rows.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
