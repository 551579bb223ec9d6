"""Rounds of invitations by e-mail, and the marks of addresses that were written to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from middleground.dialogues.models import Dialogue

LONGEST_WORDS = 1000


class InvitationRound(models.Model):
    """E-mail to a list of addresses, which is given and never stored.

    ``total`` and ``left``: of the list that was given last. ``sent``, ``refused`` and ``uncertain``
    are of all lists of the round; ``bounced`` is what staff counted in their mailbox.
    ``sender`` and ``beat_at``: which thread sends now, and when it was last seen, or nothing.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation"  # with a code for each
        REMINDER = "reminder"  # without one, to the whole list again

    class Trouble(models.TextChoices):
        NONE = ""
        UNREACHABLE = "unreachable"  # the mail server does not answer
        CLOSED = "closed"  # the dialogue is
        FAILED = "failed"  # something else; the log says what kind

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="invitation_rounds")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    language = models.CharField(max_length=8)
    words = models.TextField(max_length=LONGEST_WORDS)
    per_minute = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=22, unique=True)  # sent twice, it makes one round
    begun_on = models.DateField()
    ended = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    uncertain = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)
    sender = models.CharField(max_length=22, blank=True)
    stopping = models.BooleanField(default=False)
    beat_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=11, blank=True, choices=Trouble.choices)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="invitation_round_once"),
            models.CheckConstraint(
                condition=Q(sender="", beat_at=None) | (~Q(sender="") & Q(beat_at__isnull=False)),
                name="invitations_are_seen_while_sent",
            ),
        )


class SentMark(models.Model):
    """A keyed hash of an address that was written to in a round; the key is a file of the round.

    ``claimed``: it is being written to, or was when the process ended.
    """

    mark = models.CharField(max_length=32, primary_key=True)
    round = models.ForeignKey(InvitationRound, models.CASCADE, related_name="marks")
    claimed = models.BooleanField(default=True)
