"""Why somebody said so in a resident check: one sentence, which staff review before it is shown."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from middleground.answers.models.check import CheckAnswer, ResidentCheck
from middleground.dialogues.models import (
    AppealAgainst,
    ModeratedText,
    SimilarText,
    StaffAction,
    TextMark,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.disclosure.resident_checks import shares_of

SENTENCES = "sentences"  # their collection in the public log


class CheckSentence(ModeratedText):
    """Why one person said so in one check.

    ``author`` stays empty: only the mark leads to who wrote it, as the dialogue's key may be
    destroyed. Its number is drawn by lot. It does not tell of which kind the person is.
    """

    check_of = models.ForeignKey(ResidentCheck, models.CASCADE, related_name="sentences")
    said = models.CharField(max_length=6, choices=CheckAnswer.Said.choices)

    objects = ModeratedTextQuerySet.as_manager()

    class Meta(ModeratedText.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two people may say the same.
            *(each for each in ModeratedText.Meta.constraints if "text_once" not in each.name),
            models.CheckConstraint(
                condition=Q(author=None) & ~Q(status="merged"), name="sentence_has_no_participant"
            ),
        ]

    def get_absolute_url(self) -> str:
        return self.check_of.get_absolute_url()

    @property
    def shown_later(self) -> bool:
        """Whether it is not public yet, also when staff have reviewed it."""
        return self.check_of.is_open

    @property
    def is_untold(self) -> bool:
        """Whether it stays hidden for good, because too few answered the check."""
        shares = shares_of(self.check_of.published, self.check_of.step)
        return not self.check_of.is_open and not shares.is_told

    @property
    def context(self) -> str:
        values = {"said": self.get_said_display(), "about": self.check_of.about}
        return _("Why “%(said)s”: %(about)s") % values

    def same_words(self) -> ModeratedTextQuerySet[CheckSentence]:
        """No two that may not both be shown."""
        return CheckSentence.objects.none()


class SentenceAppeal(AppealAgainst):
    """An appeal against the decision about a sentence."""

    sentence = models.OneToOneField(CheckSentence, models.CASCADE, related_name="appeal")


class SentenceMark(TextMark):
    """The mark of a sentence's author."""

    sentence = models.OneToOneField(
        CheckSentence, models.CASCADE, primary_key=True, related_name="mark"
    )


class SentenceAction(StaffAction):
    """What staff did about a sentence. It is part of the dialogue's one history."""

    sentence = models.ForeignKey(
        CheckSentence, models.SET_NULL, null=True, blank=True, related_name="staff_actions"
    )


class SimilarSentence(SimilarText):
    """That a sentence is similar to another."""

    text = models.ForeignKey(CheckSentence, models.CASCADE, related_name="similar")
    other = models.ForeignKey(CheckSentence, models.CASCADE, null=True, related_name="similar_to")

    class Meta(SimilarText.Meta):
        pass
