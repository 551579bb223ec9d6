"""Writes search expressions for the database's own index. Nothing here reads a database.

Both functions return an expression for SQLite's FTS5 with its trigram tokenizer, where a phrase
matches at any position. They return "" if the index cannot help.
"""

from __future__ import annotations

from middleground.texts.similarity import similarity_words

# The tokenizer's length: shorter words are not indexed.
TRIGRAM = 3


def containing_expression(words: str) -> str:
    """For texts that contain exactly these characters."""
    return _phrase(words) if len(words) >= TRIGRAM else ""


def related_expression(text: str) -> str:
    """For texts that share a word with this one, with any ending."""
    words = [word for word in similarity_words(text) if len(word) >= TRIGRAM]
    return " OR ".join(_phrase(word) for word in sorted(set(words)))


def _phrase(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'
