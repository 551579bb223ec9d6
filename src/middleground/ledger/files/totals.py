"""``totals/<dialogue>``: the result, which must follow from the openings.

::

    vote-totals/v1
    dialogue los-angeles
    withheld-votes 7
    statement 12 agree 120 pass 12 disagree 30
    statement 13 withheld

A statement is withheld, with its openings, if too few participants gave one of the answers.
``withheld-votes`` is the number of leaves of all withheld statements together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from middleground.ledger.codecs.field_codecs import LABEL, NUMBER, BadRecord, Vote

_LINE = re.compile(r"statement (\S+) (?:(withheld)|agree (\S+) pass (\S+) disagree (\S+))")


@dataclass(frozen=True, slots=True)
class VoteTotals:
    """The numbers of participants who agree, pass and disagree."""

    agree: int = 0
    passed: int = 0
    disagree: int = 0

    def __str__(self) -> str:
        return f"agree {self.agree} pass {self.passed} disagree {self.disagree}"


@dataclass(frozen=True, slots=True)
class Totals:
    """A dialogue's tallies by statement; None if withheld."""

    dialogue: str
    withheld_votes: int
    tallies: dict[int, VoteTotals | None]


def tally_of(votes: Iterable[Vote]) -> VoteTotals:
    counts = {1: 0, 0: 0, -1: 0}
    for vote in votes:
        counts[vote] += 1
    return VoteTotals(counts[1], counts[0], counts[-1])


def write_totals(totals: Totals) -> str:
    """Write the file. Raises ``BadRecord``."""
    dialogue, withheld = LABEL.write(totals.dialogue), NUMBER.write(totals.withheld_votes)
    lines = [f"vote-totals/v1\ndialogue {dialogue}\nwithheld-votes {withheld}\n"]
    for statement, tally in sorted(totals.tallies.items()):
        lines.append(f"statement {NUMBER.write(statement)} {tally or 'withheld'}\n")
    return "".join(lines)


def read_totals(text: str, dialogue: str) -> Totals:
    """Parse the file. Raises ``BadRecord`` unless ``write_totals`` writes the same text."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[:2] != ["vote-totals/v1", f"dialogue {dialogue}"]:
        raise BadRecord("the file does not begin with its dialogue")
    withheld = NUMBER.read(lines[2].removeprefix("withheld-votes "))
    tallies: dict[int, VoteTotals | None] = {}
    for line in lines[3:-1]:
        match = _LINE.fullmatch(line)
        if not match:
            raise BadRecord(f"{line!r} is not a statement's total")
        tally = None if match[2] else VoteTotals(*map(NUMBER.read, match.group(3, 4, 5)))
        tallies[NUMBER.read(match[1])] = tally
    totals = Totals(dialogue, withheld, tallies)
    if write_totals(totals) != text:
        raise BadRecord("a statement stands twice or out of order")
    return totals
