"""Texts as their reader sees them: translated, if somebody translated them and another checked.

What is kept of a dialogue's translations lies on the object that was read from the database, so it
is as old as that object, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from middleground.dialogues.models import (
    Dialogue,
    Statement,
    StatementTranslation,
    TextTranslation,
)
from middleground.dialogues.translations.kinds import ONE, OriginalKind, kind_of_original


@dataclass(frozen=True, slots=True)
class ShownText:
    """The words for a reader, and what they should know of them.

    ``language``: of the words; empty if nobody said it. ``how``: how the translation came; empty
    for an original. ``stale``: whether the original has changed since it was translated.
    ``said``: the language of the original, as its writer said it. ``key`` and ``slug``: of the text
    and its dialogue, for the page on which a reader doubts a translation.
    """

    words: str
    language: str = ""
    how: str = ""
    original: str = ""
    stale: bool = False
    said: str = ""
    key: str = ""
    slug: str = ""

    def __str__(self) -> str:
        return self.words

    @property
    def translated(self) -> bool:
        return bool(self.how)

    @property
    def doubt_address(self) -> str:
        """Where a reader says that the translation is wrong; empty for an original."""
        return reverse("doubt-translation", args=[self.slug, self.key]) if self.how else ""

    @property
    def as_original(self) -> ShownText:
        """What was translated; the text itself if it is an original."""
        return ShownText(self.original, self.said) if self.translated else self


def shown_text(original: Any, part: str = ONE) -> ShownText:
    """A text of any kind, in the reader's language if somebody translated it.

    Other words than those that were translated may stand in place of a text that was removed.
    """
    kind = kind_of_original(type(original))
    dialogue = kind.dialogue_of(original)
    words, said = kind.words(original, part), _said(kind, original, dialogue)
    if isinstance(original, Statement):
        return shown_words(dialogue, original.number, words, said)
    found = _in_readers_language(dialogue, kind.name, _reads(kind))
    translation = found.get((original.pk, part))
    if translation is None or (kind.follows_words and not translation.is_of(words)):
        return ShownText(words, said)
    return _shown(words, translation, said, kind.key(original, part), dialogue.slug)


def shown_part(dialogue: Dialogue, part: str) -> ShownText:
    """A text of the host's about the dialogue."""
    return shown_text(dialogue, part)


def shown_statement(statement: Statement) -> ShownText:
    return shown_text(statement)


def shown_words(dialogue: Dialogue, number: int, words: str, said: str = "") -> ShownText:
    """The words of the statement with this number, in the reader's language if there are some."""
    translation = _in_readers_language(dialogue, "statement", _statements_in).get(number)
    if translation is None or not translation.is_of(words):
        return ShownText(words, said)
    return _shown(words, translation, said, f"statement-{number}", dialogue.slug)


def _said(kind: OriginalKind, original: Any, dialogue: Dialogue) -> str:
    """In which language it is; nothing is known where nobody was asked."""
    return kind.language(original) if dialogue.other_languages else ""


def kept_statement(dialogue: Dialogue, number: int, language: str) -> StatementTranslation | None:
    """The translation that cards of this dialogue show; reads nothing where all are kept."""
    if language not in _languages(dialogue):
        return None
    found = _kept(dialogue, language, "statement", _statements_in).get(number)
    return found if isinstance(found, StatementTranslation) else None


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
        _kept(dialogue, language, "", _reads(kind_of_original(Dialogue)))
        _kept(dialogue, language, "statement", _statements_in)


_KEPT = "_shown_translations"
_Found = Mapping[Any, TextTranslation]
_Read = Callable[[Dialogue, str], _Found]


def _languages(dialogue: Dialogue) -> list[str]:
    """Those into which something may be translated: the first, too, if others are written."""
    return [dialogue.language, *dialogue.other_languages] if dialogue.other_languages else []


def _in_readers_language(dialogue: Dialogue, name: str, read: _Read) -> _Found:
    language = get_language() or ""
    return _kept(dialogue, language, name, read) if language in _languages(dialogue) else {}


def _kept(dialogue: Dialogue, language: str, name: str, read: _Read) -> _Found:
    """Each kind by itself, since a list of dialogues shows questions only."""
    kept: dict[tuple[str, str], _Found] = dialogue.__dict__.setdefault(_KEPT, {})
    if (language, name) not in kept:
        kept[language, name] = read(dialogue, language)
    return kept[language, name]


def _reads(kind: OriginalKind) -> _Read:
    """All of a kind in a dialogue, by primary key of the original and part."""

    def read(dialogue: Dialogue, language: str) -> _Found:
        shown = kind.rows_in(dialogue).filter(language=language, state=TextTranslation.State.SHOWN)
        return {(each.of_id, getattr(each, "part", ONE)): each for each in shown}

    return read


def _statements_in(dialogue: Dialogue, language: str) -> _Found:
    """By the number of the statement."""
    shown = StatementTranslation.objects.filter(
        statement__dialogue=dialogue, language=language, state=TextTranslation.State.SHOWN
    )
    with_number = shown.select_related("statement").only(
        "language", "words", "of_digest", "source", "checker", "statement__number"
    )
    return {each.statement.number: each for each in with_number}


def _shown(words: str, translation: TextTranslation, said: str, key: str, slug: str) -> ShownText:
    return ShownText(
        translation.words,
        translation.language,
        translation.how,
        words,
        not translation.is_of(words),
        said,
        key,
        slug,
    )
