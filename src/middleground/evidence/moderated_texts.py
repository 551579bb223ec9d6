"""Registers proposed sources as a kind of moderated text."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.texts.text_kinds import TextKind, register_text_kind
from middleground.evidence.models import (
    PROPOSED,
    ProposedSource,
    ProposedSourceAction,
    ProposedSourceAppeal,
    ProposedSourceMark,
    SimilarProposal,
)

register_text_kind(
    TextKind(
        model=ProposedSource,
        collection=PROPOSED,
        appeals=ProposedSourceAppeal,
        actions=ProposedSourceAction,
        marks=ProposedSourceMark,
        similar=SimilarProposal,
        key="proposal",
        label=_("Proposed sources"),
        related=("appeal", "dialogue", "source__dialogue"),
        untouched=Q(),
        by_participants=Q(),
        in_result=False,
        withdrawable=False,
        taken_up_at="desk_take_up_source",
    )
)
