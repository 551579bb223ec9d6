"""Translations of what the host wrote about evidence."""

from __future__ import annotations

from django.db import models

from middleground.dialogues.models import TextTranslation
from middleground.dialogues.models.texts.translation import one_shown_and_checked
from middleground.evidence.models.claim import Claim
from middleground.evidence.models.source import Source


class SourceTranslation(TextTranslation):
    """A translation of a source's title, which is cited by its own."""

    OF = "of_source"  # ``source`` says how the translation came
    of_source = models.ForeignKey(Source, models.CASCADE, related_name="translations")

    class Meta:
        constraints = one_shown_and_checked("source", "of_source")


class ClaimTranslation(TextTranslation):
    """A translation of a claim. What sources say of it stays in their own words."""

    OF = "claim"
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="translations")

    class Meta:
        constraints = one_shown_and_checked("claim", "claim")
