"""Which texts somebody wrote, and whether they can still do something with them.

An author is a participant, whom the dialogue's key leads to while it is open; of some kinds of
texts it is whoever can make the mark beside the text, with or without the key.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.dialogues.models.texts.text_kinds import TextKind
from middleground.dialogues.texts.marks import marked_by


def written_by(token: bytes, dialogue: Dialogue, kind: TextKind) -> ModeratedTextQuerySet[Any]:
    """The dialogue's texts of this kind that this token wrote."""
    texts = kind.of(dialogue)
    if kind.by_mark:
        return texts.filter(pk__in=marked_by(token, texts))
    if dialogue.key_destroyed_on:
        return texts.none()
    return texts.filter(author_id=pseudonym(dialogue.pk, token))


def authors_may_act(dialogue: Dialogue, kind: TextKind) -> bool:
    """Whether authors can take texts back and ask for a second look now."""
    return kind.by_mark or dialogue.is_open(timezone.now())
