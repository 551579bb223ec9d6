"""Registers the sentences that say why in resident checks as a kind of moderated text."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.answers.checks.why import public_sentences, ready_sentences
from middleground.answers.models import (
    SENTENCES,
    CheckSentence,
    SentenceAction,
    SentenceAppeal,
    SentenceMark,
    SimilarSentence,
)
from middleground.dialogues.models.texts.text_kinds import TextKind, register_text_kind

register_text_kind(
    TextKind(
        model=CheckSentence,
        collection=SENTENCES,
        appeals=SentenceAppeal,
        actions=SentenceAction,
        marks=SentenceMark,
        similar=SimilarSentence,
        key="sentence",
        label=_("Sentences in resident checks"),
        related=(
            "appeal",
            "dialogue",
            "check_of__case__dialogue",
            "check_of__said_done__commitment__dialogue",
        ),
        untouched=Q(),
        by_participants=Q(),
        in_result=False,
        withdrawable=True,
        by_mark=True,
        public=public_sentences,
        ready=ready_sentences,
    )
)
