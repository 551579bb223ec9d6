"""Why a text is not shown, and its author's appeal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a text is not shown, as told to its author."""

    DUPLICATE = "duplicate", _("says the same as another statement")
    PERSONAL_DATA = "personal_data", _("could identify a person")
    OFF_TOPIC = "off_topic", _("is not about the question")
    SEVERAL = "several", _("says several things at once, so one vote cannot answer it")
    UNCLEAR = "unclear", _("cannot be understood")
    ATTACK = "attack", _("attacks or threatens people")
    UNLAWFUL = "unlawful", _("is unlawful")
    SPAM = "spam", _("is advertising or spam")


class AppealAgainst(models.Model):
    """A request for a second look by the author of a text that is not shown.

    Only the text links an appeal to the author. Only staff see the appeal's ``text``; it is deleted
    when the decision is changed, or else with the text itself (``privacy/retention.py``). Each kind
    of text has its own table that inherits from this, with a one-to-one key to the text whose
    ``related_name`` is "appeal".
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits for a moderator")
        CHANGED = "changed", _("the decision was changed")
        STANDS = "stands", _("the decision stands")

    text = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, default=Outcome.WAITING)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def is_decided(self) -> bool:
        return self.outcome != self.Outcome.WAITING


class Appeal(AppealAgainst):
    """An appeal against the decision about a statement."""

    statement = models.OneToOneField("dialogues.Statement", models.CASCADE, related_name="appeal")

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
