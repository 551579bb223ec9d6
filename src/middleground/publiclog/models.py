"""The tables of entries before publication: pending records, placed entries, signed size.

Signed leaves are stored in the log's folder only. No row holds a time.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PendingRecord(models.Model):
    """An entry that waits for the next batch, and the document that it names, if any.

    ``replaces`` names the subject of the document, such as ``map:harbour``. A later record with the
    same name deletes the document of an earlier pending record: the hash of that document is still
    logged, but its file is never published.
    """

    entry = models.BinaryField()
    document = models.BinaryField(null=True)
    replaces = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return "pending record"


class LogEntry(models.Model):
    """An entry that has a place; the row is deleted once the signed log includes the entry."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.BinaryField()
    document = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("entry of the log")
        ordering: ClassVar[list[str]] = ["index"]

    def __str__(self) -> str:
        return f"entry {self.index}"


class LogState(models.Model):
    """A single row: the number of entries that have a place, and of those that are signed.

    ``verifier``: the public key of the first signature, so that a lost key is never made anew.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    placed = models.PositiveBigIntegerField(default=0)
    signed = models.PositiveBigIntegerField(default=0)
    verifier = models.CharField(max_length=400, blank=True, default="")
    # What the last look through the stored files found wrong (soundness.py); mostly nothing.
    damage = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="one_log"),
            models.CheckConstraint(
                condition=Q(signed__lte=models.F("placed")), name="signed_after_placed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed} of {self.placed} entries signed"
