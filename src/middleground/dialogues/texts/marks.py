"""Marks: how the author of a text is found again after the dialogue's key is destroyed.

A mark is 128 bits of HMAC-SHA256 with the author's token as its key, over the dialogue and the
text's kind and number. Whoever has no token can neither try it, as it has 128 random bits, nor see
which marks are one person's: no two are alike (docs/decisions/0052).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from middleground.dialogues.models import Dialogue, ModeratedText
from middleground.dialogues.models.texts.mark import MARK_BYTES
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds, kind_of


def mark_of(token: bytes, kind: TextKind, dialogue_id: int, number: int) -> bytes:
    message = f"raised\0{dialogue_id}\0{kind.collection}\0{number}".encode()
    return hmac.digest(token, message, "sha256")[:MARK_BYTES]


def leave_mark(text: ModeratedText, token: bytes) -> None:
    """Let the text's author be found by their token alone."""
    kind = kind_of(type(text))
    mark = mark_of(token, kind, text.dialogue_id, text.number)
    kind.marks._default_manager.create(**{kind.key: text}, mark=mark)


def marked_by(token: bytes, texts: ModeratedTextQuerySet[Any], field: str = "pk") -> list[Any]:
    """The ``field`` of each of the texts, which are of one kind, that this token wrote and marked.

    Reads one row for each mark, so give it few texts.
    """
    kind = kind_of(texts.model)
    rows = texts.filter(mark__isnull=False).order_by()
    return [
        found
        for dialogue_id, number, mark, found in rows.values_list(
            "dialogue_id", "number", "mark__mark", F(field)
        )
        if hmac.compare_digest(mark_of(token, kind, dialogue_id, number), bytes(mark))
    ]


def count_marks(token: bytes, dialogues: Iterable[Dialogue]) -> int:
    """How many texts of these dialogues have a mark of this token."""
    among = [dialogue.pk for dialogue in dialogues]
    return sum(len(marked_by(token, _marked(kind, among))) for kind in find_text_kinds())


def forget_marks(token: bytes) -> int:
    """Remove all marks of this token, in all dialogues; return how many there were."""
    found = 0
    for kind in find_text_kinds():
        own = marked_by(token, kind.texts)
        mine = kind.texts.filter(pk__in=own)
        if kind.ready:  # else one person could write any number of them
            mine.exclude(pk__in=kind.ready(mine).values("pk")).delete()
        remove_marks(mine)
        found += len(own)
    return found


def remove_marks(texts: ModeratedTextQuerySet[Any]) -> None:
    """Remove the marks of these texts, which are of one kind."""
    kind = kind_of(texts.model)
    kind.marks._default_manager.filter(**{f"{kind.key}__in": texts.values("pk")}).delete()


def _marked(kind: TextKind, among: list[int]) -> ModeratedTextQuerySet[Any]:
    return kind.texts.filter(dialogue__in=among)
