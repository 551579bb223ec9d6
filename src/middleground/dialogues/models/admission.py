"""Codes that admit participants, patterns that the host set aside, links that show a draft."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CodeBatch(models.Model):
    """Codes that staff made together: how many, for which tier, and how many were used.

    A printed code admits one participant. A meeting's single code admits up to ``size``
    participants until ``valid_until``. A form's codes are the numbers of its sheets, and admit by a
    helper only; ``statements`` are those on the form, by number and in their order there. Which
    code admitted whom is stored nowhere.
    """

    class Tier(models.TextChoices):
        INVITED = "invited", _("invited")
        IN_PERSON = "in_person", _("in person")
        PAPER = "paper", _("on paper")

    class Kind(models.TextChoices):
        PRINTED = "printed", _("printed, one for each person")
        MEETING = "meeting", _("one code for a meeting")
        FORM = "form", _("forms on paper, one for each person")

    dialogue = models.ForeignKey("dialogues.Dialogue", models.CASCADE, related_name="code_batches")
    tier = models.CharField(max_length=9, choices=Tier.choices)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    size = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    valid_until = models.DateTimeField(null=True, blank=True)
    # The form that requested the batch: if it is sent twice, one batch is made.
    form = models.CharField(max_length=22, unique=True)
    # Whether the public log has the batch's size; a draft's waits until the dialogue is public.
    logged = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField()
    statements = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(used__lte=models.F("size")), name="no_more_used_than_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size} {self.kind}"


class Code(models.Model):
    """A keyed hash of a code, and whether the code was used."""

    mark = models.CharField(max_length=32, primary_key=True)
    batch = models.ForeignKey(CodeBatch, models.CASCADE, related_name="codes")
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "code"


class ExclusionRule(models.Model):
    """A pattern set aside by the host: participants who looked this statement up and voted so.

    It is a rule, not a list: it names nobody, and if it is deleted they all count again.
    """

    dialogue = models.ForeignKey(
        "dialogues.Dialogue", models.CASCADE, related_name="exclusion_rules"
    )
    statement = models.ForeignKey("dialogues.Statement", models.CASCADE, related_name="+")
    value = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "statement", "value"], name="exclude_pattern_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.value}"


class PreviewLink(models.Model):
    """A link by which somebody outside the host may look at a dialogue before it opens.

    Of the address and the password only hashes are stored. Nothing is stored of who looks, or when.
    """

    dialogue = models.ForeignKey("dialogues.Dialogue", models.CASCADE, related_name="preview_links")
    # A word for staff, to tell their links apart.
    label = models.CharField(_("label"), max_length=60)
    address_hash = models.CharField(max_length=64, unique=True)
    password = models.CharField(max_length=128)
    ends_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["ends_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "label"], name="one_preview_link_a_label"),
        ]

    def __str__(self) -> str:
        return self.label
