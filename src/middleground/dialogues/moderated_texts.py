"""Registers the statements of dialogues as a kind of moderated text."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models import (
    Appeal,
    SimilarStatement,
    StaffAction,
    Statement,
    StatementMark,
)
from middleground.dialogues.models.texts.text_kinds import TextKind, register_text_kind
from middleground.ledger.records.entries import STATEMENTS

register_text_kind(
    TextKind(
        model=Statement,
        collection=STATEMENTS,
        appeals=Appeal,
        actions=StaffAction,
        marks=StatementMark,
        similar=SimilarStatement,
        key="statement",
        label=_("Statements"),
        related=("merged_into", "appeal", "became", "corrected_from"),
        untouched=Q(votes=None, merged=None),
        by_participants=Q(origin=Statement.Origin.PARTICIPANT),
        in_result=True,
        withdrawable=False,
    )
)
