"""Which texts of a kind say nearly the same, compared once, when a text has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SimilarText(models.Model):
    """That a text is similar to another of its kind and dialogue, and how much, out of 100.

    A row without ``other`` says that ``text`` was compared. Both are texts of the same kind, so the
    rows go when either goes (see ``dialogues/texts/similar.py``). A score follows from the two
    texts alone: no row says anything of who wrote them. Each kind of text has its own table that
    inherits from this.
    """

    score = models.FloatField(default=0)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "other"], name="%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.score:.0f}"


class SimilarStatement(SimilarText):
    """That a statement is similar to another."""

    text = models.ForeignKey("dialogues.Statement", models.CASCADE, related_name="similar")
    other = models.ForeignKey(
        "dialogues.Statement", models.CASCADE, null=True, related_name="similar_to"
    )

    class Meta(SimilarText.Meta):
        pass
