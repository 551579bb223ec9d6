"""What is printed on a form: the statements, and every word around them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from base64 import b32encode
from dataclasses import asdict, dataclass
from typing import Literal

LAYOUT_VERSION = 1  # of how a form is laid out; a new one makes new digests
MARK_LENGTH = 10

Direction = Literal["ltr", "rtl"]
Paper = Literal["letter", "a4"]
PAPERS: dict[Paper, tuple[float, float]] = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}  # mm


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """A statement in the language in which it is printed.

    ``number`` is its number in the dialogue. Without a language it has the form's; without a
    direction, that of its first letter.
    """

    number: int
    text: str
    language: str = ""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a form, already in its language.

    ``hosted_by`` may hold ``%(host)s``, ``stub_text`` ``%(address)s``, and ``page`` holds
    ``%(page)s`` and ``%(pages)s``. The three ``example_`` texts stand beside drawn rows: one circle
    filled, one crossed, and two circles marked in one row.
    """

    title: str
    hosted_by: str
    instructions: str
    example_filled: str
    example_crossed: str
    example_two: str
    agree: str
    disagree: str
    passed: str
    own_statement: str
    own_note: str
    no_name: str
    page: str
    sheet: str  # stands before the sheet's number
    stub_title: str
    stub_text: str
    large_print: str = ""
    notice: str = ""  # such as that the dialogue is an example with simulated people


@dataclass(frozen=True, slots=True)
class Form:
    """A selection of statements, to be printed on many sheets.

    ``edition`` and ``number`` are those of the code on each page. ``address`` is where the holder
    of a stub looks up whether the sheet was counted.
    """

    edition: int
    number: int
    language: str
    direction: Direction
    paper: Paper
    large: bool
    question: str
    host: str
    statements: tuple[PrintedStatement, ...]
    wording: Wording
    own_statement: bool
    address: str

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal digits, of everything printed and of the way it is laid out."""
        return self._hash().hex()

    @property
    def mark(self) -> str:
        """The beginning of the digest, as the code on each page holds it."""
        return b32encode(self._hash()).decode()[:MARK_LENGTH]

    def _hash(self) -> bytes:
        printed = {"layout": LAYOUT_VERSION, **asdict(self)}
        text = json.dumps(printed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()


def direction_of(text: str, otherwise: Direction) -> Direction:
    """The direction of the first letter, as browsers find it."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return otherwise


def grouped(sheet: str) -> str:
    """A sheet's number as it is printed: ``0123-4567-89AB-CDEF``."""
    return "-".join(sheet[start : start + 4] for start in range(0, len(sheet), 4))
