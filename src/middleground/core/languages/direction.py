"""Names and words of people within a translated sentence that is written from the right.

Without isolates, a name in English moves the full stop and the commas around it, and a sentence
that begins with one is laid out from the left. In HTML ``<bdi>`` does the same; these are
characters, for sentences that also go into feeds, e-mails and text. Languages from the left do
without, so that their sentences stay free of characters that nobody sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language_bidi

_FIRST_STRONG, _END = "\u2068", "\u2069"  # isolate what stands between them


def isolated(text: str) -> str:
    """The text with its own direction, if the reader's language is written from the right."""
    return f"{_FIRST_STRONG}{text}{_END}" if text and get_language_bidi() else text


def with_isolates(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence, each text with its own direction. Numbers and lists stay."""
    return {
        name: isolated(value) if isinstance(value, str) else value for name, value in facts.items()
    }
