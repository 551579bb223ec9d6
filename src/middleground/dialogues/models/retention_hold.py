"""A hold keeps something longer than promised, for a stated reason."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# How long a rejected text is kept, so that its author may ask and a moderator may undo it.
REJECTED_DAYS = 7
# How long it is kept while its author waits for a second look.
APPEALED_DAYS = 30


class RetentionHold(models.Model):
    """Delays a deletion in one dialogue until it is lifted.

    The public sees how many holds there are and since when, but not the reason: it may name
    somebody.
    """

    class What(models.TextChoices):
        TEXTS = "texts", _("texts of statements that are not shown")
        KEY = "key", _("the key of the dialogue")

    dialogue = models.ForeignKey("dialogues.Dialogue", models.CASCADE, related_name="holds")
    what = models.CharField(_("what is kept"), max_length=5, choices=What.choices)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-set_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "what"], condition=Q(lifted_at=None), name="one_hold_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} since {self.set_at:%Y-%m-%d}"
