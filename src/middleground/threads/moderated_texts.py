"""Registers comments as a kind of moderated text, and reactions as rows of participants."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.texts.text_kinds import TextKind, register_text_kind
from middleground.dialogues.privacy.own_rows import register_own_rows
from middleground.threads.models import (
    COMMENTS,
    Comment,
    CommentAction,
    CommentAppeal,
    CommentMark,
    Reaction,
    SimilarComment,
)

register_text_kind(
    TextKind(
        model=Comment,
        collection=COMMENTS,
        appeals=CommentAppeal,
        actions=CommentAction,
        marks=CommentMark,
        similar=SimilarComment,
        key="comment",
        label=_("Comments"),
        related=(
            "appeal",
            "signature",
            "dialogue",
            "thread__dialogue",
            "thread__statement_link__statement",
        ),
        untouched=Q(replies=None),
        by_participants=~Q(tier=""),
        in_result=False,
        withdrawable=True,
    )
)
register_own_rows(Reaction)
