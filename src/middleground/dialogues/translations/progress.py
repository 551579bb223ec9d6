"""How far the translation of a dialogue into a language is, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from middleground.dialogues.models import Dialogue, StatementTranslation, TextTranslation
from middleground.dialogues.translations.kinds import ONE, find_original_kinds
from middleground.dialogues.translations.languages import languages_of
from middleground.dialogues.translations.originals import (
    Original,
    find_original,
    originals_of,
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
    def is_unchecked(self) -> bool:
        """Whether readers see what a program wrote and no person has looked at."""
        program = TextTranslation.Source.PROGRAM
        return self.is_shown and self.shown.source == program and self.shown.checker_id is None  # type: ignore[union-attr]

    @property
    def reads_apart(self) -> bool:
        """Whether readers of the translation answer otherwise than they do elsewhere."""
        return getattr(self.shown, "reading", "") == StatementTranslation.Reading.APART

    @property
    def is_doubted(self) -> bool:
        return self.shown is not None and self.shown.doubts > 0


# In the order of the tabs. A text may be in several.
FILTERS: dict[str, Callable[[TranslatedText], bool]] = {
    "to-do": lambda text: text.is_to_do,
    "waiting": lambda text: text.waiting is not None,
    "unchecked": lambda text: text.is_unchecked,
    "shown": lambda text: text.is_shown,
    "stale": lambda text: text.is_stale,
    "doubted": lambda text: text.is_doubted,
    "apart": lambda text: text.reads_apart,
}


def texts_into(dialogue: Dialogue, language: str) -> list[TranslatedText]:
    """All that is to be translated into the language, with what there is of it."""
    return texts_by_language(dialogue, [language])[language]


def texts_by_language(
    dialogue: Dialogue, languages: Sequence[str]
) -> dict[str, list[TranslatedText]]:
    """The same for several languages, in two queries for each kind of text."""
    found: dict[tuple[object, ...], TextTranslation] = {}
    for kind in find_original_kinds():
        for each in kind.rows_in(dialogue).filter(language__in=languages):
            found[kind.name, each.of_id, getattr(each, "part", ONE), each.language, each.state] = (
                each
            )
    originals = originals_of(dialogue)

    def text(original: Original, language: str) -> TranslatedText:
        of = (original.kind.name, original.pk, original.part, language)
        return TranslatedText(
            original, found.get((*of, State.SHOWN)), found.get((*of, State.PROPOSED))
        )

    return {
        code: [text(each, code) for each in originals if each.language != code]
        for code in languages
    }


def text_into(dialogue: Dialogue, language: str, key: str) -> TranslatedText | None:
    """One of them, or None if there is no such text to translate."""
    original = find_original(dialogue, language, key)
    if original is None:
        return None
    by_state = {each.state: each for each in translations_of(original, language)}
    return TranslatedText(original, by_state.get(State.SHOWN), by_state.get(State.PROPOSED))


def translations_of(original: Original, language: str) -> Iterable[TextTranslation]:
    """Of one original into one language: at most one of each state, with who made it."""
    rows = original.kind.rows(**original.of, language=language)
    return rows.select_related("translator", "checker")


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
    return _counted(dialogue, Q(state=State.PROPOSED))


def count_doubted(dialogue: Dialogue) -> int:
    """How many shown translations some reader found wrong."""
    return _counted(dialogue, Q(state=State.SHOWN, doubts__gt=0))


def count_apart(dialogue: Dialogue) -> int:
    """How many shown translations have readers who answer otherwise."""
    return StatementTranslation.objects.filter(
        statement__in=dialogue.statements.votable(),
        language__in=languages_of(dialogue),
        state=State.SHOWN,
        reading=StatementTranslation.Reading.APART,
    ).count()


def _counted(dialogue: Dialogue, condition: Q) -> int:
    """One query, whatever the number of kinds."""
    condition &= Q(language__in=languages_of(dialogue))
    first, *others = (
        kind.rows_in(dialogue).filter(condition).values_list("pk") for kind in find_original_kinds()
    )
    return first.union(*others, all=True).count()
