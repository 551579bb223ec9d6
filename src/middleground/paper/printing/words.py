"""Words as they are given to Typst: of people, so anything may stand in them."""

from __future__ import annotations

import re
import unicodedata

from middleground.paper.printing.fonts import MissingFont, missing_letters, package_for

# What turns the direction of all that follows, and control characters, which print nothing.
_NOT_PRINTED = re.compile(r"[\u202a-\u202e\x00-\x08\x0e-\x1f\x7f-\x9f]")
_COLOURS_OF_SKIN = {chr(code) for code in range(0x1F3FB, 0x1F400)}
_REGIONAL_A = 0x1F1E6  # flags are two of these letters


def printable(text: str, statement: int | None = None) -> str:
    """The text with a space for each line end, and signs that no font has as their names.

    Raises ``MissingFont`` if more than a tenth of its letters are missing: nobody could read it.
    A few rare letters are named like signs, so that one in a statement cannot stop the printing.
    """
    plain = " ".join(_NOT_PRINTED.sub("", text).split())
    missing = missing_letters(plain)
    letters = [each for each in plain if unicodedata.category(each)[0] == "L"]
    lost = [each for each in letters if each in missing]
    if len(lost) * 10 > len(letters):
        raise MissingFont("".join(sorted(set(lost))), package_for(lost), statement)
    return "".join(_name(each) if each in missing else each for each in plain)


def _name(sign: str) -> str:
    if sign in _COLOURS_OF_SKIN:
        return ""
    if 0 <= ord(sign) - _REGIONAL_A < 26:
        return chr(ord("A") + ord(sign) - _REGIONAL_A)
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"


def isolated(text: str) -> str:
    """A name that keeps its own direction within a sentence."""
    return f"\u2068{text}\u2069"


def breakable(text: str, most: int = 24) -> str:
    """The text with places at which a word that is longer than a line may be broken."""
    return " ".join(
        word if len(word) <= most else _with_breaks(word, most // 4) for word in text.split(" ")
    )


def _with_breaks(word: str, every: int) -> str:
    """Only before a letter, a digit or a mark: an emoji of several signs stays whole."""
    parts, since = [""], 0
    for before, letter in zip(" " + word, word, strict=False):
        since += 1
        kinds = unicodedata.category(before)[0], unicodedata.category(letter)[0]
        if since > every and kinds[0] in "LMNP" and kinds[1] in "LNP":
            parts.append("")
            since = 1
        parts[-1] += letter
    return "\u200b".join(parts)
