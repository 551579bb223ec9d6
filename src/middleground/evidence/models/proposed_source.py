"""Sources that participants propose, as a kind of moderated text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.dialogues.models import (
    AppealAgainst,
    ModeratedText,
    SimilarText,
    StaffAction,
    TextMark,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.evidence.models.source import Source

PROPOSED = "proposed-sources"  # their collection in the public log
LONGEST = 2_000


class ProposedSourceQuerySet(ModeratedTextQuerySet["ProposedSource"]):
    """Those that wait, that staff took up, and that they refused."""


class ProposedSource(ModeratedText):
    """What a participant wrote about a source that staff may list. It is never shown itself.

    ``text`` is all of it in one line, so that seal, search, hints and moderation read it as they
    read any text. ``parts`` is the same by field, for the form in which staff take it up.
    """

    WORDS_ASIDE: ClassVar[Mapping[str, Any]] = {"language": "", "parts": {}}

    text = models.CharField(max_length=LONGEST)
    parts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, editable=False
    )
    # What staff made of it.
    source = models.OneToOneField(
        Source, models.SET_NULL, null=True, blank=True, related_name="proposal"
    )

    objects = ProposedSourceQuerySet.as_manager()

    class Meta(ModeratedText.Meta):
        verbose_name = gettext_lazy("proposed source")
        verbose_name_plural = gettext_lazy("proposed sources")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *(each for each in ModeratedText.Meta.constraints if "text_once" not in each.name),
            models.UniqueConstraint(
                fields=["dialogue", "dedup_hash"],
                # The words of those that are taken up are deleted.
                condition=Q(status__in=["pending", "approved"]) & ~Q(dedup_hash=""),
                name="proposedsource_text_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged"), name="proposedsource_is_never_merged"
            ),
        ]

    @property
    def context(self) -> str:
        if self.source is None:
            return _("a source that somebody proposes")
        return _("taken up as source %(number)d") % {"number": self.source.number}

    def get_absolute_url(self) -> str:
        return self.source.get_absolute_url() if self.source else ""


class ProposedSourceAppeal(AppealAgainst):
    """An appeal against the decision about a proposed source."""

    proposal = models.OneToOneField(ProposedSource, models.CASCADE, related_name="appeal")


class ProposedSourceMark(TextMark):
    """The mark of its author. None is left so far: no question about an answer concerns it."""

    proposal = models.OneToOneField(
        ProposedSource, models.CASCADE, primary_key=True, related_name="mark"
    )


class ProposedSourceAction(StaffAction):
    """What staff did about a proposed source. It is part of the dialogue's one history."""

    proposal = models.ForeignKey(
        ProposedSource, models.SET_NULL, null=True, blank=True, related_name="staff_actions"
    )


class SimilarProposal(SimilarText):
    """That a proposed source is similar to another."""

    text = models.ForeignKey(ProposedSource, models.CASCADE, related_name="similar")
    other = models.ForeignKey(ProposedSource, models.CASCADE, null=True, related_name="similar_to")

    class Meta(SimilarText.Meta):
        pass
