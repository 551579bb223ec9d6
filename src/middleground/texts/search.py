"""Writes search expressions for the database's own index, and looks for words in few texts.

Nothing here reads a database. Expressions are for SQLite's FTS5 with its trigram tokenizer, where a
phrase matches at any position. They are "" if the index cannot help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from middleground.texts.sameness import spelt_alike
from middleground.texts.similarity import words_either_way

# The tokenizer's length: shorter words are not indexed.
TRIGRAM = 3
MOST_WORDS = 10


def search_words(query: str) -> list[str]:
    """The words of what was typed, in the form in which they are compared."""
    return _folded(query).split()[:MOST_WORDS]


def contains_all(words: Sequence[str], texts: Iterable[str]) -> bool:
    """Whether each word stands somewhere in one of the texts, as a part of a word, too."""
    folded = "\n".join(map(_folded, texts))
    return all(word in folded for word in words)


@lru_cache(maxsize=4_000)  # of long texts too, since many search the same ones
def _folded(text: str) -> str:
    """Without the differences of capitals, wide letters, digits and signs that nobody sees."""
    return spelt_alike(text.casefold())


def containing_expression(words: str) -> str:
    """For texts that contain exactly these characters."""
    return _phrase(words) if len(words) >= TRIGRAM else ""


def related_expression(text: str) -> str:
    """For texts that share a word with this one, with any ending."""
    words = [word for word in words_either_way(text) if len(word) >= TRIGRAM]
    return " OR ".join(map(_phrase, words))


def _phrase(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'
