"""Translations of cases, and of what bodies answer to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from middleground.answers.models.case import Case
from middleground.answers.models.response import Response
from middleground.dialogues.models import TextTranslation
from middleground.dialogues.models.texts.translation import one_shown_and_checked


class CaseTranslation(TextTranslation):
    """A translation of a case's title or summary."""

    class Part(models.TextChoices):
        TITLE = "title", _("title")
        SUMMARY = "summary", _("summary")

    OF = "case"
    case = models.ForeignKey(Case, models.CASCADE, related_name="translations")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints = one_shown_and_checked("case", "case", "part")


class ResponseTranslation(TextTranslation):
    """A translation of a version of an answer. What the body signed is the original."""

    class Part(models.TextChoices):
        SUMMARY = "summary", _("in one sentence")
        DETAILS = "details", _("details")
        CORRECTION = "correction", _("what was corrected")

    OF = "response"
    response = models.ForeignKey(Response, models.CASCADE, related_name="translations")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints = one_shown_and_checked("response", "response", "part")
