"""The tables of the log on its way: what waits, what has a place, how much is signed.

The leaves that are signed are in the log's folder alone. No row holds a time.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PendingRecord(models.Model):
    """An entry that goes into the log with the next batch, and the document that it names, if any.

    ``replaces`` names what the document describes, such as ``map:harbour``. A later record with the
    same name takes the document of an earlier one that still waits: its hash is logged all the
    same, and its file is never published.
    """

    entry = models.BinaryField()
    document = models.BinaryField(null=True)
    replaces = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return "pending record"


class LogEntry(models.Model):
    """An entry whose place is decided, until the signed log has it."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.BinaryField()
    document = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("entry of the log")
        ordering: ClassVar[list[str]] = ["index"]

    def __str__(self) -> str:
        return f"entry {self.index}"


class LogState(models.Model):
    """One row: how many entries have a place, and how many of these are signed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    placed = models.PositiveBigIntegerField(default=0)
    signed = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="one_log"),
            models.CheckConstraint(
                condition=Q(signed__lte=models.F("placed")), name="signed_after_placed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed} of {self.placed} entries signed"
