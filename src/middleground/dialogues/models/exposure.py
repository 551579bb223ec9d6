"""How often statements were put before people: sums alone."""

from __future__ import annotations

from django.db import models


class StatementExposure(models.Model):
    """How often the server put a statement before people, and how often chance would have it.

    Sums alone: with the probability of each single choice, whoever holds the database could work
    out in which order somebody voted.
    """

    statement = models.OneToOneField(
        "dialogues.Statement", models.CASCADE, primary_key=True, related_name="exposure"
    )
    dealt = models.PositiveBigIntegerField(default=0)
    expected = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"dealt {self.dealt} times, {self.expected:.1f} expected"
