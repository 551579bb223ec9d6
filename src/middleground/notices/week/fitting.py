"""How much of a sheet fits on two pages of A4 or Letter, in large type. Reads no database.

Lines are counted, not measured: a browser breaks them, and a printer's font is not known. So the
count is careful, and a test prints the fullest sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from unicodedata import east_asian_width

LINES = 78  # on two pages, with what stays free where an entry goes to the next page whole
LETTERS = 58  # of a line
HEADING_LINES = 2.2
LEFT_OUT_LINES = 1.1
_GAP = 0.5


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A case on the sheet: what it is called, and who has it.

    It has words of an official, in their language, or a sentence in the reader's.
    """

    number: int
    title: str
    who: str
    words: str = ""
    sentence: str = ""

    @property
    def lines(self) -> float:
        texts = (self.title, self.who, self.words, self.sentence)
        return sum(map(_lines, texts)) + _GAP


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Cases of one kind. ``left_out``: how many more there are than the sheet has room for."""

    kind: str
    entries: tuple[SheetEntry, ...]
    left_out: int = 0

    @property
    def total(self) -> int:
        return len(self.entries) + self.left_out


def fitted(sections: Sequence[SheetSection], lines: float) -> list[SheetSection]:
    """The sections, each shortened by the same rule: one entry in turn, while there is room.

    So a long section never pushes a short one off the sheet. All sections stay, also empty ones.
    """
    left = lines - sum(HEADING_LINES + LEFT_OUT_LINES for _ in sections)
    taken = [0] * len(sections)
    open_ = [at for at, section in enumerate(sections) if section.entries]
    while open_:
        for at in tuple(open_):
            entry = sections[at].entries[taken[at]]
            if entry.lines > left:
                open_.remove(at)
                continue
            left -= entry.lines
            taken[at] += 1
            if taken[at] == len(sections[at].entries):
                open_.remove(at)
    return [
        replace(section, entries=section.entries[:number], left_out=section.total - number)
        for section, number in zip(sections, taken, strict=True)
    ]


def head_lines(question: str, host: str) -> float:
    """Lines of the sheet's head, whose question is large and stands beside a code."""
    return max(9, 1.3 * _lines(question, 34) + _lines(host, 44) + 3)


def _lines(text: str, letters: int = LETTERS) -> int:
    """How many lines a text needs."""
    return ceil(sum(map(_width, text)) / letters)


def _width(letter: str) -> float:
    """How wide a letter is, where most of a text's are 1."""
    if east_asian_width(letter) in "WF":
        return 2
    return 1.6 if letter in "mwMW@%—" else 1.3 if letter.isupper() else 1
