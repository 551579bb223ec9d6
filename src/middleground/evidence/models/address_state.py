"""What the machine found when it looked at a source's address."""

from __future__ import annotations

from django.db import models

from middleground.evidence.models.source import LONGEST_ADDRESS, Source


class AddressState(models.Model):
    """Whether the address of a source answers. A row of its own: a look changes no source.

    Days are those of looks by the server, not of people. Nothing is known while ``answered_on`` and
    ``dead_since`` are empty.
    """

    source = models.OneToOneField(
        Source, models.CASCADE, primary_key=True, related_name="address_state"
    )
    # What was looked at: a source whose address is changed is looked at anew.
    address = models.CharField(max_length=LONGEST_ADDRESS)
    looked_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    # Looks that failed one after the other, and the day of the first of them.
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateField(null=True, blank=True)
    # That day, once it failed often enough to say so (``addresses/rounds.py``).
    dead_since = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.address}: {self.dead_since or self.answered_on}"
