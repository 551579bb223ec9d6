"""What staff did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from middleground.dialogues.models.dialogue import Dialogue
from middleground.dialogues.models.moderation import Reason


class StaffAction(models.Model):
    """What staff did, to be read by colleagues and, by reason code, by the public."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="staff_actions")
    statement = models.ForeignKey(
        "dialogues.Statement", models.SET_NULL, null=True, blank=True, related_name="staff_actions"
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    verb = models.CharField(max_length=20)
    reason = models.CharField(max_length=13, choices=Reason.choices, blank=True)
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
