"""What every text that a participant sends goes through, before its app stores it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from secrets import choice
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, GoneNumber, ModeratedText, Participant
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, Status
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.texts.search import candidates
from middleground.texts import personal_data
from middleground.texts.normalise import (
    code_points,
    deceptive_in,
    normalise,
    without_deceptive,
)
from middleground.texts.sameness import dedup_hash, has_words, signs_hash

# Per participant and kind of text, so that nobody fills a moderation queue alone.
MOST_WAITING = 20
# Characters as typed; a longer text is refused, whatever its kind.
MOST_LOOKED_AT = 50_000
# A refusal of every kind of text; ``values["cleaned"]`` is what was typed, without them.
DECEPTIVE = RefusalText(
    gettext_lazy(
        "It has invisible characters that can make a text look like another one: "
        "%(names)s. We took them out below. Nothing else is changed. Please "
        "check it and send it again."
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def check_length(text: str, limit: int, refused: type[Refused]) -> str:
    """The text as stored. Raises ``refused`` with "too_long", "no_words" or "deceptive"."""
    # Before normalising, which reads every character of what may be megabytes.
    if len(text) > 50 * limit:
        raise _too_long(len(text), limit, refused)
    normalised = normalise(text)
    if not has_words(normalised):
        raise refused("no_words")
    if deceptive := deceptive_in(text):
        names, cleaned = code_points(deceptive), without_deceptive(text)
        raise refused("deceptive", names=names, cleaned=cleaned)
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


@dataclass(frozen=True, slots=True)
class Looked:
    """Whether one of the texts up to the primary key ``newest`` differs in signs from a new one."""

    differs: bool = False
    newest: int = 0


def look_ahead(dialogue: Dialogue, text: str, others: ModeratedTextQuerySet[Any]) -> Looked:
    """Compare a text as typed with the others, for ``first_status``, before anything is locked.

    That takes a quarter of a second among two thousand, during which SQLite could store nothing
    else. Nothing is looked at that would wait in any case.
    """
    if dialogue.moderation == Dialogue.Moderation.BEFORE or len(text) > MOST_LOOKED_AT:
        return Looked()
    # The newest first: what comes while the others are read is looked at once more.
    newest: int = others.aggregate(newest=Max("pk"))["newest"] or 0
    return Looked(_differs_in_signs_only(normalise(text), dialogue, others), newest)


def first_status(
    dialogue: Dialogue,
    author: Participant | None,
    text: str,
    others: ModeratedTextQuerySet[Any],
    looked: Looked,
) -> Status:
    """Approved at once only if the host chose so and nothing calls for moderation first.

    ``author``: None for a post's. ``others``: the texts among which this one would stand. If one
    of them is rejected and the same, or differs only in signs or capitals, whether shown, waiting
    or rejected, this one waits: otherwise one rejected text, or many of the same, could appear by
    changing a comma. ``looked``: what ``look_ahead`` found; the caller has locked the dialogue's
    row since, so the keys of the texts that came meanwhile are greater.
    """
    if (
        dialogue.moderation == Dialogue.Moderation.BEFORE
        or personal_data.find(text)
        or (author is not None and author.tier == Participant.Tier.UNCONFIRMED)
        or _is_rejected(text, others)
        or looked.differs
        or _differs_in_signs_only(text, dialogue, others.filter(pk__gt=looked.newest))
    ):
        return Status.PENDING
    return Status.APPROVED


def _is_rejected(text: str, others: ModeratedTextQuerySet[Any]) -> bool:
    """Asked of all of them: the comparison of signs leaves some out where there are many."""
    return others.filter(dedup_hash=dedup_hash(text), status=Status.REJECTED).exists()


def _differs_in_signs_only(
    text: str, dialogue: Dialogue, others: ModeratedTextQuerySet[Any]
) -> bool:
    mark = signs_hash(text)
    among = candidates(text, dialogue, others.exclude(text="").only("text", "dialogue_id"))
    return any(signs_hash(other.text) == mark for other in among)


def next_number(dialogue: Dialogue, kind: type[ModeratedText]) -> int:
    """One more than any that was given, also to texts whose row is deleted.

    The public log names each text by its number, so a second one under it would break the log. The
    caller has locked the dialogue's row.
    """
    collection = kind_of(kind).collection
    return GoneNumber.objects.next(dialogue, collection, _rows(dialogue, kind))


def number_by_lot(dialogue: Dialogue, kind: type[ModeratedText], among: Sequence[int]) -> int:
    """A number that no text of this kind in the dialogue has or had.

    It does not tell in which order texts came. The caller has locked the dialogue's row.
    """
    while True:
        number = choice(among)
        taken = (
            rows.filter(number=number) for rows in (_rows(dialogue, kind), _gone(dialogue, kind))
        )
        if not any(rows.exists() for rows in taken):
            return number


def _rows(dialogue: Dialogue, kind: type[ModeratedText]) -> QuerySet[Any]:
    return kind._default_manager.filter(dialogue=dialogue)


def _gone(dialogue: Dialogue, kind: type[ModeratedText]) -> QuerySet[Any]:
    return GoneNumber.objects.filter(dialogue=dialogue, collection=kind_of(kind).collection)
