"""Codes, numbers, days and addresses as keyboards and phones of all languages give them. Pure.

A Persian keyboard writes ۱۲ for 12, an input method for Chinese １２, and whoever copies a code
from a right-to-left page copies marks of direction with it. Statements are never changed by this.
"""

from __future__ import annotations

import re
import unicodedata

_DASHES = "\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_COMMAS = "\u055d\u060c\u3001\ufe50\ufe51\uff64"
_DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(128, 0x10000)
    if unicodedata.category(chr(code)) == "Nd"
}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000"), " ") | dict.fromkeys(
    range(0x2000, 0x200B), " "
)
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN_DIGITS = _WIDE | _DIGITS
_PLAIN = (
    _PLAIN_DIGITS
    | _SPACES
    | str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_COMMAS, ","))
    | str.maketrans({"\u061b": ";", "\u066b": ".", "\u3002": ".", "\uff61": "."})
)
# Soft hyphens, joiners, zero-width spaces, marks and isolates of direction, selectors of variants.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_BETWEEN = re.compile(r"[\s,;]+")


def plain_digits(text: str) -> str:
    """The text with digits of all scripts, and full-width characters, as ASCII has them.

    Each character becomes one, so places in the text stay.
    """
    return text if text.isascii() else text.translate(_PLAIN_DIGITS)


def plain_signs(text: str) -> str:
    """The same, and dashes, commas and spaces, too. Places in the text stay."""
    return text if text.isascii() else text.translate(_PLAIN)


def plain(text: str) -> str:
    """What was meant by a typed code, number, day or address, without spaces around it."""
    return text.strip() if text.isascii() else plain_signs(_UNSEEN.sub("", text)).strip()


def plain_parts(text: str) -> list[str]:
    """The parts of a list, between commas, semicolons, spaces and line breaks."""
    return [part for part in _BETWEEN.split(plain(text)) if part]
