"""What the database keeps to seal votes for the public log.

The log itself is in a folder (see ``publiclog``). No row holds the time of a vote or the order in
which participants voted: the two tables of votes have no hidden row order on SQLite.
"""

from __future__ import annotations

from django.db import models


class VoteSeal(models.Model):
    """The random bytes that seal one vote: written with the vote, deleted with it.

    Both nonces stay when the vote changes, because its tag follows from them; the salt is new
    (``ledger/records/vote_opening.py``).
    """

    pk = models.CompositePrimaryKey("participant_id", "statement_id")
    participant = models.ForeignKey(
        "dialogues.Participant", models.CASCADE, related_name="seals", db_index=False
    )
    statement = models.ForeignKey(
        "dialogues.Statement", models.CASCADE, related_name="seals", db_index=False
    )
    client_nonce = models.BinaryField(max_length=16)
    server_nonce = models.BinaryField(max_length=16)
    salt = models.BinaryField(max_length=16)
    # Whether a promise or receipt was given, so that the list must hold the tag, come what may.
    promised = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "seal"


class WithdrawnTag(models.Model):
    """The tag of a vote that was taken back after a promise: the final list must hold it.

    The row does not say whose vote it was. It stays when the statement is deleted.
    """

    tag = models.CharField(max_length=64, primary_key=True)
    dialogue = models.ForeignKey(
        "dialogues.Dialogue", models.CASCADE, related_name="withdrawn_tags"
    )
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return "tag of a vote that was taken back"


class DialogueLog(models.Model):
    """A dialogue's state in the log."""

    dialogue = models.OneToOneField(
        "dialogues.Dialogue", models.CASCADE, primary_key=True, related_name="log"
    )
    erased_statements = models.PositiveBigIntegerField(default=0)
    # The vote lists and totals are in the log, which says no more of this dialogue's votes.
    closed = models.BooleanField(default=False)
    totals_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"log of {self.dialogue_id}"
