"""Registers what is translated of a dialogue: the host's texts, statements and topics."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    StatementTranslation,
    TopicTranslation,
)
from middleground.dialogues.models.texts.topic import LONGEST_NAME
from middleground.dialogues.translations.kinds import (
    ONE,
    OriginalKind,
    OriginalPart,
    register_original,
)

Part = DialogueTranslation.Part

register_original(
    OriginalKind(
        name="",
        label=gettext_lazy("The host’s texts"),
        table=DialogueTranslation,
        parts={
            Part.QUESTION: OriginalPart(
                "question", 300, is_one_line=True, label=Part.QUESTION.label
            ),
            Part.BACKGROUND: OriginalPart("background", 20_000, label=Part.BACKGROUND.label),
            Part.PROMISE: OriginalPart("promise", 20_000, label=Part.PROMISE.label),
        },
        of=lambda dialogue: Dialogue.objects.filter(pk=dialogue.pk),
        numbers=(),
        named=lambda: "",
        language=lambda dialogue: dialogue.language,
        dialogue_of=lambda dialogue: dialogue,
    )
)
register_original(
    OriginalKind(
        name="statement",
        label=gettext_lazy("Statements"),
        table=StatementTranslation,
        parts={ONE: OriginalPart("text", 1_000, is_one_line=True)},
        of=lambda dialogue: dialogue.statements.votable().order_by("number"),
        numbers=("number",),
        named=lambda number: _("Statement %(number)d") % {"number": number},
        language=lambda statement: statement.language,
        follows_words=True,
    )
)
register_original(
    OriginalKind(
        name="topic",
        label=gettext_lazy("Topics"),
        table=TopicTranslation,
        parts={ONE: OriginalPart("name", 2 * LONGEST_NAME, is_one_line=True)},
        of=lambda dialogue: dialogue.topics.order_by("place", "number"),
        numbers=("number",),
        named=lambda number: _("Topic %(number)d") % {"number": number},
        language=lambda topic: topic.dialogue.language,
    )
)
