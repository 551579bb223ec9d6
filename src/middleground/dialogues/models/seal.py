"""What the database keeps about a dialogue's leaves: what opens them, and what was erased.

The leaves are in the log's folder (see ``publiclog``). No row holds the time of a vote or the order
in which participants voted: the two tables of votes have no hidden row order on SQLite.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class VoteSeal(models.Model):
    """What opens the leaf of one vote: written with the vote, deleted with it.

    A changed vote gets a new leaf, so ``revision`` counts a participant's votes on a statement.
    ``leaf`` is the index in the log, or None while the vote waits for its batch.
    """

    pk = models.CompositePrimaryKey("participant_id", "statement_id", "revision")
    participant = models.ForeignKey(
        "dialogues.Participant", models.CASCADE, related_name="seals", db_index=False
    )
    statement = models.ForeignKey(
        "dialogues.Statement", models.CASCADE, related_name="seals", db_index=False
    )
    revision = models.PositiveIntegerField()
    value = models.SmallIntegerField()
    client_nonce = models.BinaryField(max_length=16)
    server_nonce = models.BinaryField(max_length=16)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["participant", "statement", "revision"],
                condition=Q(leaf=None),
                name="seals_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return "seal"


class ErasedSeal(models.Model):
    """The seal of a vote that was deleted before its batch: its leaf was promised.

    Nothing opens it any more, and the row does not say whose vote it was.
    """

    seal = models.CharField(max_length=64, primary_key=True)
    dialogue = models.ForeignKey("dialogues.Dialogue", models.CASCADE, related_name="erased_seals")

    def __str__(self) -> str:
        return "erased seal"


class DialogueLog(models.Model):
    """A dialogue's state in the log."""

    dialogue = models.OneToOneField(
        "dialogues.Dialogue", models.CASCADE, primary_key=True, related_name="log"
    )
    erased_votes = models.PositiveBigIntegerField(default=0)
    erased_statements = models.PositiveBigIntegerField(default=0)
    # The earliest time by which a leaf that still waits was promised.
    promised_by = models.DateTimeField(null=True)
    # The final openings are published, so the dialogue's seals are now public.
    opened = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"log of {self.dialogue_id}"
