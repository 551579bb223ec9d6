"""How far the translation of a dialogue into a language is, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    StatementTranslation,
    TextTranslation,
)
from middleground.dialogues.translations.languages import languages_of
from middleground.dialogues.translations.originals import (
    Original,
    find_original,
    originals_for,
)

State = TextTranslation.State


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """An original with the translation that is shown and the one that waits, if any."""

    original: Original
    shown: TextTranslation | None = None
    waiting: TextTranslation | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the original has changed since, and nothing newer waits."""
        newest = self.waiting or self.shown
        return newest is not None and not newest.is_of(self.original.words)

    @property
    def is_shown(self) -> bool:
        return self.shown is not None and self.shown.is_of(self.original.words)

    @property
    def is_to_do(self) -> bool:
        return self.shown is None and self.waiting is None

    @property
    def is_doubted(self) -> bool:
        return self.shown is not None and self.shown.doubts > 0


# In the order of the tabs. A text may be in several.
FILTERS: dict[str, Callable[[TranslatedText], bool]] = {
    "to-do": lambda text: text.is_to_do,
    "waiting": lambda text: text.waiting is not None,
    "shown": lambda text: text.is_shown,
    "stale": lambda text: text.is_stale,
    "doubted": lambda text: text.is_doubted,
}


def texts_into(dialogue: Dialogue, language: str) -> list[TranslatedText]:
    """All that is to be translated into the language, with what there is of it."""
    found: dict[tuple[str, str], TextTranslation] = {}
    for of_part in DialogueTranslation.objects.filter(dialogue=dialogue, language=language):
        found[of_part.part, of_part.state] = of_part
    of_statements = StatementTranslation.objects.filter(
        statement__dialogue=dialogue, language=language
    ).select_related("statement")
    for each in of_statements:
        found[f"statement-{each.statement.number}", each.state] = each
    return [
        TranslatedText(
            original,
            found.get((original.key, State.SHOWN)),
            found.get((original.key, State.PROPOSED)),
        )
        for original in originals_for(dialogue, language)
    ]


def text_into(dialogue: Dialogue, language: str, key: str) -> TranslatedText | None:
    """One of them, or None if there is no such text to translate."""
    original = find_original(dialogue, language, key)
    if original is None:
        return None
    by_state = {each.state: each for each in translations_of(dialogue, original, language)}
    return TranslatedText(original, by_state.get(State.SHOWN), by_state.get(State.PROPOSED))


def translations_of(
    dialogue: Dialogue, original: Original, language: str
) -> Iterable[TextTranslation]:
    """Of one original into one language: at most one of each state, with who made it."""
    people = ("translator", "checker")
    if original.statement:
        of_statement = StatementTranslation.objects.filter(statement=original.statement)
        return of_statement.filter(language=language).select_related(*people)
    of_part = DialogueTranslation.objects.filter(dialogue=dialogue, part=original.key)
    return of_part.filter(language=language).select_related(*people)


def next_to_do(dialogue: Dialogue, language: str, after: str) -> str:
    """The key of the next text that lacks a translation of its present words, or an empty one.

    The one ``after`` it comes last, so that whoever goes on meets each text once.
    """
    texts = texts_into(dialogue, language)
    at = next((n for n, text in enumerate(texts) if text.original.key == after), -1)
    ordered = [*texts[at + 1 :], *texts[:at]] if at >= 0 else texts
    lacking = (text.original.key for text in ordered if text.is_to_do or text.is_stale)
    return next(lacking, "")


def count_waiting(dialogue: Dialogue) -> int:
    """How many translations wait for a second person, in the languages that the dialogue has."""
    languages = languages_of(dialogue)
    waiting = {"language__in": languages, "state": State.PROPOSED}
    parts = DialogueTranslation.objects.filter(dialogue=dialogue, **waiting)
    statements = StatementTranslation.objects.filter(
        statement__in=dialogue.statements.votable(), **waiting
    )
    return parts.count() + statements.count()
