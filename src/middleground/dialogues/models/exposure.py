"""How often statements were dealt, as sums only."""

from __future__ import annotations

from django.db import models


class StatementExposureCount(models.Model):
    """How often the server dealt a statement, and the expected number under its probabilities.

    Only sums are kept: with the probability of each single choice, anyone with the database could
    work out the order in which a participant voted.
    """

    statement = models.OneToOneField(
        "dialogues.Statement", models.CASCADE, primary_key=True, related_name="exposure"
    )
    dealt = models.PositiveBigIntegerField(default=0)
    expected = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"dealt {self.dealt} times, {self.expected:.1f} expected"
