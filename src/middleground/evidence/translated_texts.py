"""Registers claims and the titles of sources as texts that are translated."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.dialogues.translations.kinds import (
    ONE,
    OriginalKind,
    OriginalPart,
    register_original,
)
from middleground.dialogues.translations.languages import as_offered
from middleground.evidence.models import ClaimTranslation, SourceTranslation

register_original(
    OriginalKind(
        name="claim",
        label=gettext_lazy("Claims"),
        table=ClaimTranslation,
        parts={ONE: OriginalPart("text", 800, is_one_line=True)},
        of=lambda dialogue: dialogue.claims.filter(withdrawn="").order_by("number"),
        numbers=("number",),
        named=lambda number: _("Claim %(number)d") % {"number": number},
    )
)
register_original(
    OriginalKind(
        name="source",
        label=gettext_lazy("Titles of sources"),
        table=SourceTranslation,
        parts={ONE: OriginalPart("title", 1_000, is_one_line=True)},
        of=lambda dialogue: dialogue.sources.filter(withdrawn="").order_by("number"),
        numbers=("number",),
        named=lambda number: _("Source %(number)d") % {"number": number},
        language=lambda source: as_offered(source.language),
    )
)
