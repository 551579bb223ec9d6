"""What whatever translates for the host must do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

SECONDS = 60.0  # for one call
MOST_BYTES = 1_000_000  # of one answer
# What such programs call languages that catalogues call otherwise.
_CODES = {"zh-hans": "zh"}


class TranslatorFailed(Exception):
    """Nothing was translated.

    ``code``: "unreachable" or "too_slow", which says nothing about the texts; "too_much" or
    "not_understood", which may be due to one of them. It never holds words.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_about_texts(self) -> bool:
        return self.code in {"too_much", "not_understood"}


class Translator(Protocol):
    """``host``: whose name pages tell, where texts leave this machine; else empty."""

    host: str

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return as many translations, in the same order. Raises ``TranslatorFailed``.

        ``source`` and ``target``: codes of languages as catalogues have them.
        """


def code_for_programs(language: str) -> str:
    return _CODES.get(language, language)


def read_json(text: bytes) -> object:
    """Raises ``TranslatorFailed``."""
    if len(text) > MOST_BYTES:
        raise TranslatorFailed("too_much")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise TranslatorFailed("not_understood") from None


def checked(found: object, count: int) -> list[str]:
    """The translations, if there is one for each text. Raises ``TranslatorFailed``."""
    if not isinstance(found, list) or len(found) != count:
        raise TranslatorFailed("not_understood")
    if not all(isinstance(each, str) for each in found):
        raise TranslatorFailed("not_understood")
    return found
