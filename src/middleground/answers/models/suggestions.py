"""Which statements of a dialogue say nearly the same, as staff are told at triage."""

from __future__ import annotations

from django.db import models

from middleground.dialogues.models import Dialogue


class Suggestions(models.Model):
    """The newest comparison of all shown statements of a dialogue.

    Of when it was made only the day is kept: it is made when a statement came, and nothing stored
    tells at what time that was.
    """

    dialogue = models.OneToOneField(
        Dialogue, models.CASCADE, primary_key=True, related_name="suggestions"
    )
    compared = models.CharField(max_length=64)  # SHA-256 of all numbers and texts
    compared_on = models.DateField()
    statements = models.PositiveIntegerField()
    # By the number of a statement: numbers of others, each with the score.
    similar = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.dialogue_id}: {self.statements}"
