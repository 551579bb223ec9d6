"""How often the guess is right, measured on sentences that others wrote: Django's translations."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import django

from middleground.texts.language import language_of

KNOWN = (
    "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "vi", "id", "ro", "sv", "fi", "hu", "sw", "el",
    "he", "ar", "fa", "ur", "ru", "uk", "hi", "ja", "ko", "th", "ta", "ka", "hy",
)  # fmt: skip
# Near enough to those above to be taken for them, were the guess too bold.
RELATIVES = ("ca", "gl", "cs", "sk", "hr", "sl", "nb", "da", "af", "et", "bg", "sr", "mk", "be")
_FORMAT = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]+>")


def sentences(language: str) -> list[str]:
    folder = Path(django.__file__).parent
    found = set()
    for place in ("conf", "contrib/admin", "contrib/auth"):
        path = folder / place / "locale" / language / "LC_MESSAGES/django.mo"
        if path.exists():
            with path.open("rb") as file:
                texts = gettext.GNUTranslations(file)._catalog.values()  # type: ignore[attr-defined]
            found |= {_FORMAT.sub("", text) for text in texts if isinstance(text, str)}
    return sorted(text for text in found if 25 <= len(text) <= 140 and "\n" not in text)


def guesses(languages: tuple[str, ...]) -> tuple[float, float]:
    """The share of sentences for which a language is told, and of these the right ones."""
    told = [
        (language, guess)
        for language in languages
        for text in sentences(language)
        if (guess := language_of(text))
    ]
    every = sum(len(sentences(language)) for language in languages)
    return len(told) / every, sum(one == other for one, other in told) / len(told)


def test_of_known_languages_most_sentences_are_told_and_nearly_all_are_right() -> None:
    share, right = guesses(KNOWN)
    assert share > 0.5
    assert right > 0.99


def test_of_their_relatives_little_is_told() -> None:
    assert guesses(RELATIVES)[0] < 0.03
