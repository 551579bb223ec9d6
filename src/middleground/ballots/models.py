"""Print orders of forms on paper, and where everything lies on each form."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from middleground.dialogues.models import CodeBatch, Dialogue


class Edition(models.Model):
    """One print order: so many sheets in one language, of one or more forms.

    Of the sheets only hashes of their numbers are stored, with their form's codes.
    """

    class Paper(models.TextChoices):
        LETTER = "letter", "Letter"
        A4 = "a4", "A4"

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    paper = models.CharField(max_length=6, choices=Paper.choices)
    large = models.BooleanField(default=False)
    own_statement = models.BooleanField(default=True)
    sheets = models.PositiveIntegerField()
    made_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="edition_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class PrintedForm(models.Model):
    """A form of an edition. Its statements and the numbers of its sheets are those of ``codes``.

    ``digest`` is of everything printed on it, and ``layout`` says where it lies
    (``paper.layout.Layout.to_dict``), so that a scan is read as it was printed.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="forms")
    number = models.PositiveSmallIntegerField()
    codes = models.OneToOneField(CodeBatch, models.CASCADE, related_name="printed_form")
    digest = models.CharField(max_length=64)
    layout: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="form_number"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}-{self.number}"
