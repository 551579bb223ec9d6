"""Claims: sentences that rest on sources, and what cites them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.dialogues.models import Dialogue, Statement
from middleground.evidence.models.source import Source


class Claim(models.Model):
    """A plain sentence, and where sources support, dispute or qualify it."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="claims")
    number = models.PositiveIntegerField()
    text = models.CharField(_("claim"), max_length=400)
    in_background = models.BooleanField(_("the background cites it"), default=False)
    withdrawn = models.CharField(max_length=300, blank=True)
    added_on = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    # SHA-256 of the document by which the public log has it (actions/public_log.py).
    logged = models.CharField(max_length=64, blank=True)
    logged_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering: ClassVar[list[str]] = ["dialogue", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="claim_number_once"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.dialogue.slug, self.number])


class Passage(models.Model):
    """What a source says about a claim, in its own words and where."""

    class Side(models.TextChoices):
        """The order in which pages show the sides, of every claim alike."""

        SUPPORTS = "supports", _("supports it")
        DISPUTES = "disputes", _("disputes it")
        QUALIFIES = "qualifies", _("qualifies it")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="passages")
    source = models.ForeignKey(Source, models.PROTECT, related_name="passages")
    number = models.PositiveIntegerField()
    side = models.CharField(
        pgettext_lazy("for or against", "side"), max_length=9, choices=Side.choices
    )
    quote = models.TextField(_("quote"), max_length=1_500)
    place = models.CharField(_("page or place"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering: ClassVar[list[str]] = ["claim", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["claim", "number"], name="passage_number_once"),
            models.CheckConstraint(
                condition=models.Q(side__in=["supports", "disputes", "qualifies"]),
                name="passage_side_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.quote


class StatementCitation(models.Model):
    """A statement cites a claim."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="citations")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="citations")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["statement", "claim"], name="claim_cited_once"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} → {self.claim_id}"


class ClaimData(models.Model):
    """Figures behind a claim, drawn as a chart: rows of a period and a value."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="data")
    source = models.ForeignKey(Source, models.PROTECT, related_name="data")
    what = models.CharField(_("what was measured"), max_length=120)
    place = models.CharField(
        pgettext_lazy("where it was measured", "place"), max_length=120, blank=True
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    # [period, value, low, high]; the last two are null where no range is given.
    rows: models.JSONField[list[list[Any]], list[list[Any]]] = models.JSONField()

    class Meta:
        verbose_name = _("data behind a claim")
        verbose_name_plural = _("data behind claims")

    def __str__(self) -> str:
        return self.what
