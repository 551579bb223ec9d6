"""Texts of any script in lines of a given width, without a font to measure them.

The widths are estimates on the safe side: a line may be shorter than it could be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Widths of a letter by its kind, in parts of the font size.
_FULL, _WIDE, _CAPITAL, _USUAL, _THIN = 1.02, 0.92, 0.70, 0.58, 0.33
_THIN_LETTERS = frozenset("iljtfrI.,:;!|'’‘()[] ")
_WIDE_LETTERS = frozenset("mwMW@%—…")
_MORE = "…"
BOLD = 1.1  # how much wider bold letters are
_MAY_BREAK = "\u200b"  # written between words where there are no spaces
_RIGHT_TO_LEFT, _END = "\u2067", "\u2069"  # isolate what stands between them


def width_of(text: str) -> float:
    """The width of a text at font size 1, about."""
    return sum(map(_width, text))


@lru_cache(maxsize=10_000)  # pages ask for the same letters a hundred thousand times
def _width(letter: str) -> float:
    if letter in _THIN_LETTERS:
        return _THIN
    if letter in _WIDE_LETTERS:
        return _WIDE
    if letter.isascii():
        return _CAPITAL if letter.isupper() else _USUAL
    if _joins(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return _FULL
    if _is_latin(letter):
        return _CAPITAL if letter.isupper() else _USUAL
    if 0x0590 <= ord(letter) < 0x0780:  # Hebrew, Arabic and Syriac
        return _USUAL
    return _CAPITAL  # scripts of which we know little


def _is_latin(letter: str) -> bool:
    return ord(letter) < 0x0250 or 0x2000 <= ord(letter) < 0x2070


@lru_cache(maxsize=10_000)
def _joins(letter: str) -> bool:
    """Whether it belongs to the letter before it."""
    return unicodedata.category(letter) in ("Mn", "Me", "Cf") or letter in "\u200d\ufe0f"


def wrap(text: str, width: float, most: int) -> list[str]:
    """At most ``most`` lines of this width at font size 1; what is left out is an ellipsis."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, width):
        if not line or width_of(line + piece.rstrip()) <= width:
            line += piece
        else:
            lines.append(line.strip())
            line = piece
    if line.strip():
        lines.append(line.strip())
    if len(lines) <= most:
        return lines
    whole = last = lines[most - 1]
    while last and width_of(last + _MORE) > width:
        last = last[:-1]
    if last != whole and whole[len(last)] != " " and " " in last:
        last = last[: last.rindex(" ")]  # no half word
    return [*lines[: most - 1], last.rstrip() + _MORE]


def _pieces(text: str, width: float) -> Iterator[str]:
    """Words and spaces; a word that is longer than a line in pieces.

    Chinese, Japanese, Thai and others write no spaces: their sentences are such words.
    """
    for word in text.split():
        for part in word.split(_MAY_BREAK):
            piece, so_far = "", 0.0
            for letter in part:
                if piece and not _joins(letter) and so_far + _width(letter) > width:
                    yield piece
                    piece, so_far = "", 0.0
                piece += letter
                so_far += _width(letter)
            yield piece
        yield " "


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from the right."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def in_its_direction(text: str) -> str:
    """The text as it stands on a sheet whose direction is from the left.

    Without the marks, the parts of a text in Arabic around a number or a Latin letter would be in
    the order of a text in English. They do not change where the text begins.
    """
    return right_to_left(text) if is_right_to_left(text) else text


def right_to_left(text: str) -> str:
    """The text in an isolate that is read from the right, whatever it begins with."""
    return f"{_RIGHT_TO_LEFT}{text}{_END}"
