"""Numbers of texts and topics whose row is deleted. None is given again.

The public log names one text by its number, and an address one topic.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from middleground.dialogues.models.dialogue import Dialogue


class GoneNumbers(models.Manager["GoneNumber"]):
    """The numbers that are gone, of all dialogues."""

    def next(self, dialogue: Dialogue, collection: str, rows: models.QuerySet[Any]) -> int:
        """One more than any that one of the collection's ``rows`` has, or one now deleted had.

        The caller has locked the dialogue's row, which serialises the numbering.
        """
        gone = self.filter(dialogue=dialogue, collection=collection)
        return max(_highest(rows), _highest(gone)) + 1


class GoneNumber(models.Model):
    """A number of a deleted text or topic. It says neither what it was nor who wrote it."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="gone_numbers")
    # The name of its kind of texts in the public log, or "topics".
    collection = models.CharField(max_length=40)
    number = models.PositiveIntegerField()

    objects = GoneNumbers()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "collection", "number"], name="number_gone_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection} {self.number}"


def _highest(rows: models.QuerySet[Any]) -> int:
    highest: int | None = rows.aggregate(highest=models.Max("number"))["highest"]
    return highest or 0
