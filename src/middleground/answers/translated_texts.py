"""Registers cases and the answers to them as texts that are translated."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.answers.models import CaseTranslation, Response, ResponseTranslation
from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.kinds import OriginalKind, OriginalPart, register_original

OfCase, OfResponse = CaseTranslation.Part, ResponseTranslation.Part


def _responses(dialogue: Dialogue) -> QuerySet[Response]:
    found = Response.objects.filter(case__dialogue=dialogue).select_related("case__dialogue")
    return found.order_by("case__number", "version")


register_original(
    OriginalKind(
        name="case",
        label=gettext_lazy("Cases"),
        table=CaseTranslation,
        parts={
            OfCase.TITLE: OriginalPart("title", 300, is_one_line=True, label=OfCase.TITLE.label),
            OfCase.SUMMARY: OriginalPart(
                "summary", 1_200, is_one_line=True, label=OfCase.SUMMARY.label
            ),
        },
        of=lambda dialogue: dialogue.cases.order_by("number"),
        numbers=("number",),
        named=lambda number: _("Case %(number)d") % {"number": number},
    )
)
register_original(
    OriginalKind(
        name="answer",
        label=gettext_lazy("Answers of officials"),
        table=ResponseTranslation,
        parts={
            OfResponse.SUMMARY: OriginalPart(
                "summary", 400, is_one_line=True, label=OfResponse.SUMMARY.label
            ),
            OfResponse.DETAILS: OriginalPart("details", 40_000, label=OfResponse.DETAILS.label),
            OfResponse.CORRECTION: OriginalPart(
                "correction", 600, is_one_line=True, label=OfResponse.CORRECTION.label
            ),
        },
        of=_responses,
        numbers=("case__number", "version"),
        named=lambda case, version: (
            _("Answer to case %(case)d, version %(version)d") % {"case": case, "version": version}
        ),
        language=lambda response: response.language,
        dialogue_of=lambda response: response.case.dialogue,
    )
)
