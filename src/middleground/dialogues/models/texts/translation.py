"""Translations of what the host and participants wrote. An original is never changed by one.

Each kind of original has a table of its own. A language has one translation that is shown, and one
that waits for a second person; a newer one takes the place of an older one.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import LONGEST_LANGUAGE, Dialogue
from middleground.dialogues.models.statement import Statement
from middleground.dialogues.models.texts.topic import Topic

# After so many failures a program is not given a text again.
ENOUGH_TRIES = 3


def digest_of(words: str) -> str:
    """By which a translation knows the words that it was made from."""
    return sha256(words.encode()).hexdigest()


class TextTranslation(models.Model):
    """A text in another language, the words that it was made from, and who made and checked it.

    A table of its own for each kind of original: ``OF`` is its key to it. Where an original has
    several texts, such as a title and a summary, a column ``part`` says which.
    """

    OF: ClassVar[str] = ""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        SHOWN = "shown", _("shown")

    class Source(models.TextChoices):
        STAFF = "staff", _("translated by the host’s staff")
        VOLUNTEER = "volunteer", _("translated by a volunteer")
        PROGRAM = "program", _("translated by a program, checked by a person")

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

    @property
    def how(self) -> str:
        """How it came, for readers."""
        if self.source == self.Source.PROGRAM and self.checker_id is None:
            return str(_("translated by a program, not checked"))
        return str(self.Source(self.source).label)

    @property
    def of_id(self) -> int:
        """The primary key of the original."""
        found: int = getattr(self, f"{self.OF}_id")
        return found

    def is_of(self, words: str) -> bool:
        """Whether the original still has the words that were translated."""
        return self.of_digest == digest_of(words)


def one_shown_and_checked(name: str, *of: str) -> list[models.BaseConstraint]:
    """At most one of each state in a language, and none that its translator alone has seen.

    ``of``: the columns that say which text it is.
    """
    return [
        models.UniqueConstraint(
            fields=[*of, "language", "state"], name=f"one_translation_of_a_{name}"
        ),
        models.CheckConstraint(
            condition=~Q(state="shown", checker=models.F("translator")),
            name=f"a_second_person_checks_a_{name}",
        ),
    ]


def translation_tables(of: type[models.Model]) -> list[type[TextTranslation]]:
    """The tables of translations of this kind of original, in whatever app they are."""
    return [
        table
        for table in apps.get_models()
        if issubclass(table, TextTranslation)
        and table._meta.get_field(table.OF).related_model is of
    ]


def delete_translations(of: models.QuerySet[Any]) -> None:
    """Those of these originals, whose words go."""
    for table in translation_tables(of.model):
        table._default_manager.filter(**{f"{table.OF}__in": of.values("pk")}).delete()


class TranslationTry(models.Model):
    """That a program failed to translate a text into a language, so that it ends at some time."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    language = models.CharField(max_length=LONGEST_LANGUAGE)
    of_digest = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "key", "language"], name="one_try_of_a_text_and_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.language}: {self.error}"

    def is_of(self, words: str) -> bool:
        return self.of_digest == digest_of(words)


class DialogueTranslation(TextTranslation):
    """A translation of one of the host's texts about a dialogue."""

    class Part(models.TextChoices):
        QUESTION = "question", _("Question")
        BACKGROUND = "background", _("Background")
        PROMISE = "promise", _("What happens with the answers")

    OF = "dialogue"
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="translations")
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        constraints = one_shown_and_checked("part", "dialogue", "part")


class StatementTranslation(TextTranslation):
    """A translation of a statement. It goes when the statement's words go."""

    class Reading(models.TextChoices):
        UNKNOWN = "", _("nothing noticed")
        APART = "apart", _("its readers answer otherwise")
        CHECKED = "checked", _("its readers answer otherwise, and a person found it right")

    OF = "statement"
    # See ``voting/reading.py``.
    reading = models.CharField(max_length=7, choices=Reading.choices, blank=True, default="")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="translations")

    class Meta:
        constraints = one_shown_and_checked("statement", "statement")


class TopicTranslation(TextTranslation):
    """A translation of a topic's name."""

    OF = "topic"
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="translations")

    class Meta:
        constraints = one_shown_and_checked("topic", "topic")
