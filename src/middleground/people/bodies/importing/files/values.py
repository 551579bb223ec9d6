"""Single values of a file: texts, days, levels. None of them is guessed."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from middleground.core.languages.typed import plain
from middleground.polis.csv_file import quoted
from middleground.texts.normalise import normalise

# Words that files use for the levels of bodies.
LEVEL_WORDS = {
    "federal": ("federal", "national", "country"),
    "state": ("state", "state government"),
    "county": ("county", "county government", "parish"),
    "city": ("city", "municipal", "municipality", "town", "village", "township"),
    "community": (
        "community", "community organization", "community organisation", "nonprofit", "ngo",
    ),
    "other": ("other",),
}  # fmt: skip
_LEVELS = {word: level for level, words in LEVEL_WORDS.items() for word in words}
# The last part of an Open Civic Data division tells how far it reaches.
_LEVEL_OF_PART = {
    "country": "federal", "state": "state", "territory": "state", "county": "county",
    "parish": "county", "place": "city",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ][\d:.]+Z?)?", re.ASCII)
_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII)


class BadValue(ValueError):
    """A value that cannot be used; the message says what to write."""


def text_of(raw: str) -> str:
    """One line of text, without characters that cannot be seen."""
    if raw.isascii() and raw.isprintable():  # most cells of a large table, and much faster
        return " ".join(raw.split())
    return normalise(raw)


def lines_of(raw: str) -> str:
    """Text that may have several lines."""
    lines = (text_of(line) for line in raw.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def website_of(raw: str) -> str:
    text = text_of(raw)
    return text if not text or "://" in text else f"https://{text}"


@lru_cache(maxsize=10_000)
def day_of(raw: str) -> date | None:
    """A whole day, or None for an empty value. Raises ``BadValue``."""
    text = text_of(raw)
    if not text:
        return None
    typed = plain(text)
    match, dotted = _DAY.fullmatch(typed), _DOTTED.fullmatch(typed)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    except ValueError:
        pass
    raise BadValue(f"“{quoted(text)}” is not a day. Write the whole day as 2026-05-31")


@lru_cache(maxsize=1000)
def level_of(raw: str, place: str) -> str:
    """The level that is named, or that of the place if none is named. Raises ``BadValue``."""
    word = text_of(raw).casefold().replace("_", " ").replace("-", " ")
    if word in _LEVELS:
        return _LEVELS[word]
    if not word and (level := _level_of_place(place)):
        return level
    levels = ", ".join(LEVEL_WORDS)
    said = f"“{quoted(normalise(raw))}” is no level" if word else "there is no level"
    raise BadValue(f"{said}. Write one of: {levels}")


def known_level_of(raw: str, place: str) -> str:
    """As ``level_of``; a word that is no level does not count where the place tells the level.

    In Popolo the classification may be any word, such as "police".
    """
    try:
        return level_of(raw, place)
    except BadValue:
        level = _level_of_place(place)
        if not level:
            raise
        return level


def _level_of_place(place: str) -> str:
    if not place.startswith("ocd-division/"):
        return ""
    return _LEVEL_OF_PART.get(place.rpartition("/")[2].partition(":")[0], "")
