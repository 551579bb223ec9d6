"""Texts as their reader sees them: translated, if somebody translated them and another checked.

What is kept of a dialogue's translations lies on the object that was read from the database, so it
is as old as that object, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    Statement,
    StatementTranslation,
    TextTranslation,
)


@dataclass(frozen=True, slots=True)
class ShownText:
    """The words for a reader, and what they should know of them.

    ``language``: of the words; empty if nobody said it. ``how``: how the translation came; empty
    for an original. ``stale``: whether the original has changed since it was translated.
    ``said``: the language of the original, as its writer said it.
    """

    words: str
    language: str = ""
    how: str = ""
    original: str = ""
    stale: bool = False
    said: str = ""

    def __str__(self) -> str:
        return self.words

    @property
    def translated(self) -> bool:
        return bool(self.how)

    @property
    def as_original(self) -> ShownText:
        """What was translated; the text itself if it is an original."""
        return ShownText(self.original, self.said) if self.translated else self


def shown_part(dialogue: Dialogue, part: str) -> ShownText:
    """A text of the host's about the dialogue, in the reader's language if there is one."""
    words = str(getattr(dialogue, DialogueTranslation.Part(part).value))
    return _shown(words, _in_readers_language(dialogue, _parts_in).get(part), _said(dialogue))


def _said(dialogue: Dialogue) -> str:
    """In which language the host writes; nothing is known of it where nobody was asked."""
    return dialogue.language if dialogue.other_languages else ""


def shown_statement(statement: Statement) -> ShownText:
    return shown_words(statement.dialogue, statement.number, statement.text, statement.language)


def shown_words(dialogue: Dialogue, number: int, words: str, said: str = "") -> ShownText:
    """The words of the statement with this number, in the reader's language if there are some.

    Other words than those that were translated stand in place of a statement that was removed.
    """
    translation = _in_readers_language(dialogue, _statements_in).get(number)
    if translation is not None and not translation.is_of(words):
        return ShownText(words, said)
    return _shown(words, translation, said)


def of_dialogue(dialogue: Dialogue, statements: Iterable[Statement]) -> list[Statement]:
    """Let statements know the same object for their dialogue, so that its translations are read
    once."""
    found = list(statements)
    for each in found:
        each.dialogue = dialogue
        if Statement.merged_into.is_cached(each) and each.merged_into:
            each.merged_into.dialogue = dialogue
    return found


def keep_translations(dialogue: Dialogue, before: Dialogue | None = None) -> None:
    """Read the translations into all languages now, so that showing them needs no database.

    ``before``: the dialogue as read earlier; of the same revision, it has the same translations.
    """
    if before is not None and before.revision == dialogue.revision:
        dialogue.__dict__[_KEPT] = before.__dict__.get(_KEPT, {})
    for language in _languages(dialogue):
        _kept(dialogue, language, _parts_in)
        _kept(dialogue, language, _statements_in)


_KEPT = "_shown_translations"
_Found = Mapping[Any, TextTranslation]
_Read = Callable[[Dialogue, str], _Found]


def _languages(dialogue: Dialogue) -> list[str]:
    """Those into which something may be translated: the first, too, if others are written."""
    return [dialogue.language, *dialogue.other_languages] if dialogue.other_languages else []


def _in_readers_language(dialogue: Dialogue, read: _Read) -> _Found:
    language = get_language() or ""
    return _kept(dialogue, language, read) if language in _languages(dialogue) else {}


def _kept(dialogue: Dialogue, language: str, read: _Read) -> _Found:
    kept: dict[tuple[str, _Read], _Found] = dialogue.__dict__.setdefault(_KEPT, {})
    if (language, read) not in kept:
        kept[language, read] = read(dialogue, language)
    return kept[language, read]


def _parts_in(dialogue: Dialogue, language: str) -> _Found:
    """By part. Read apart from statements, since a list of dialogues shows questions only."""
    shown = DialogueTranslation.objects.filter(
        dialogue=dialogue, language=language, state=TextTranslation.State.SHOWN
    )
    return {each.part: each for each in shown}


def _statements_in(dialogue: Dialogue, language: str) -> _Found:
    """By the number of the statement."""
    shown = StatementTranslation.objects.filter(
        statement__dialogue=dialogue, language=language, state=TextTranslation.State.SHOWN
    )
    with_number = shown.select_related("statement").only(
        "language", "words", "of_digest", "source", "statement__number"
    )
    return {each.statement.number: each for each in with_number}


def _shown(words: str, translation: TextTranslation | None, said: str) -> ShownText:
    if translation is None:
        return ShownText(words, said)
    return ShownText(
        translation.words,
        translation.language,
        str(TextTranslation.Source(translation.source).label),
        words,
        not translation.is_of(words),
        said,
    )
