"""What a catalogue calls the words that matter most: the glossary at its head.

It imports nothing of Django, because the build reads it, too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def glossary_in(catalogue: str) -> dict[str, str]:
    """Word of ours → how this catalogue says it.

    A line is "# word (explanation) = translation"; "word/other = translation" stands for both.
    """
    head = catalogue.split('\nmsgid ""', 1)[0]
    said: dict[str, str] = {}
    for line in head.splitlines():
        words, separator, translation = line.removeprefix("# ").partition(" = ")
        if separator:
            for word in re.sub(r" \(.*?\)", "", words).split("/"):
                said.setdefault(word.strip(), translation.strip())
    return said


@lru_cache(maxsize=50)
def glossary_of(locale: str) -> dict[str, str]:
    """The glossary of a locale such as ``zh_Hans``; empty if it has no catalogue."""
    path = LOCALE / locale / "LC_MESSAGES" / "django.po"
    return glossary_in(path.read_text("utf-8")) if path.is_file() else {}
