"""Votes: which participant gave which answer, without the time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.participant import Participant
from middleground.dialogues.models.statement import Statement


class Vote(models.Model):
    """A participant's answer to a statement, without a time or row order.

    On SQLite the table is WITHOUT ROWID (see the first migration), because a hidden row number
    would keep the order of the votes.
    """

    pk = models.CompositePrimaryKey("participant_id", "statement_id")
    # The primary key already finds a participant's votes, and the hot path never filters by
    # statement.
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="votes", db_index=False
    )
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes", db_index=False)
    value = models.SmallIntegerField(choices=[(1, _("agree")), (0, _("pass")), (-1, _("disagree"))])
    # Whether the server dealt the statement; otherwise the participant looked it up.
    dealt = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="vote_is_a_vote"),
        ]

    def __str__(self) -> str:
        return "vote"
