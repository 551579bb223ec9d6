"""Translations of what the host and participants wrote. An original is never changed by one.

Each kind of original has a table of its own. A language has one translation that is shown, and one
that waits for a second person; a newer one takes the place of an older one.
"""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import LONGEST_LANGUAGE, Dialogue
from middleground.dialogues.models.statement import Statement


def digest_of(words: str) -> str:
    """By which a translation knows the words that it was made from."""
    return sha256(words.encode()).hexdigest()


class TextTranslation(models.Model):
    """A text in another language, the words that it was made from, and who made and checked it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        SHOWN = "shown", _("shown")

    class Source(models.TextChoices):
        STAFF = "staff", _("translated by the host’s staff")
        VOLUNTEER = "volunteer", _("translated by a volunteer")

    language = models.CharField(max_length=LONGEST_LANGUAGE)
    words = models.TextField(max_length=20_000)
    of_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    source = models.CharField(max_length=9, choices=Source.choices)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # How many times a reader said that it is wrong.
    doubts = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.language}: {self.words[:40]}"

    def is_of(self, words: str) -> bool:
        """Whether the original still has the words that were translated."""
        return self.of_digest == digest_of(words)


class DialogueTranslation(TextTranslation):
    """A translation of one of the host's texts about a dialogue."""

    class Part(models.TextChoices):
        QUESTION = "question", _("Question")
        BACKGROUND = "background", _("Background")
        PROMISE = "promise", _("What happens with the answers")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="translations")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "part", "language", "state"],
                name="one_translation_of_a_part",
            ),
            models.CheckConstraint(
                condition=~Q(state="shown", checker=models.F("translator")),
                name="a_second_person_checks_a_part",
            ),
        ]


class StatementTranslation(TextTranslation):
    """A translation of a statement. It goes when the statement's words go."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="translations")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["statement", "language", "state"], name="one_translation_of_a_statement"
            ),
            models.CheckConstraint(
                condition=~Q(state="shown", checker=models.F("translator")),
                name="a_second_person_checks_a_statement",
            ),
        ]
