"""The mark that an author may leave beside a text, to be asked later whether it was answered."""

from __future__ import annotations

from django.db import models

MARK_BYTES = 16


class TextMark(models.Model):
    """What only the author's token leads to (see ``texts/marks.py``). It says nothing else.

    It outlives the dialogue's key. Each kind of text has its own table that inherits from this,
    with a one-to-one key to the text whose ``related_name`` is "mark".
    """

    mark = models.BinaryField(max_length=MARK_BYTES, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return "mark"


class StatementMark(TextMark):
    """The mark of a statement's author."""

    statement = models.OneToOneField(
        "dialogues.Statement", models.CASCADE, primary_key=True, related_name="mark"
    )
