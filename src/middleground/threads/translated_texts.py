"""Registers comments as texts that are translated."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.kinds import (
    ONE,
    OriginalKind,
    OriginalPart,
    register_original,
)
from middleground.threads.models import Comment, CommentTranslation


def _shown(dialogue: Dialogue) -> QuerySet[Comment]:
    return Comment.objects.visible().filter(dialogue=dialogue).order_by("number")


register_original(
    OriginalKind(
        name="comment",
        label=gettext_lazy("Comments"),
        table=CommentTranslation,
        parts={ONE: OriginalPart("text", 2_000, is_one_line=True)},
        of=_shown,
        numbers=("number",),
        named=lambda number: _("Comment %(number)d") % {"number": number},
        language=lambda comment: comment.language,
        follows_words=True,
    )
)
