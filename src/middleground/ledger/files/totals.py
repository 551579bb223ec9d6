"""The totals of a closed dialogue, which must be the sums of its vote lists.

::

    vote-totals/v1
    dialogue los-angeles
    statement 12 agree 120 pass 12 disagree 30 blinding <scalar>
    statement 13 withheld

A statement is withheld if too few participants gave one of the answers. The blinding factor is the
sum of those of the counted lines; it opens the sum of their commitments and none of them alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from middleground.ledger.codecs.field_codecs import HASH, LABEL, NUMBER, BadRecord
from middleground.ledger.commitments.commitment import VoteTotals
from middleground.ledger.commitments.group import BadPoint, read_scalar, write_scalar

_LINE = re.compile(
    r"statement (\S+) (?:(withheld)|agree (\S+) pass (\S+) disagree (\S+) blinding (\S+))"
)


@dataclass(frozen=True, slots=True)
class OpenedTotal:
    """A statement's totals, and the blinding factor that opens the sum of its commitments."""

    votes: VoteTotals
    blinding: int

    def __str__(self) -> str:
        return f"{self.votes} blinding {HASH.write(write_scalar(self.blinding))}"


@dataclass(frozen=True, slots=True)
class Totals:
    """A dialogue's totals by statement; None if withheld."""

    dialogue: str
    statements: dict[int, OpenedTotal | None]


def write_totals(totals: Totals) -> bytes:
    """Write the file. Raises ``BadRecord``."""
    lines = [f"vote-totals/v1\ndialogue {LABEL.write(totals.dialogue)}\n"]
    for statement, total in sorted(totals.statements.items()):
        lines.append(f"statement {NUMBER.write(statement)} {total or 'withheld'}\n")
    return "".join(lines).encode()


def read_totals(data: bytes, dialogue: str) -> Totals:
    """Parse the file. Raises ``BadRecord`` unless ``write_totals`` writes the same bytes."""
    lines = data.decode("utf-8", "replace").split("\n")
    if lines[:2] != ["vote-totals/v1", f"dialogue {dialogue}"]:
        raise BadRecord("the file does not begin with its dialogue")
    statements: dict[int, OpenedTotal | None] = {}
    for line in lines[2:-1]:
        match = _LINE.fullmatch(line)
        if not match:
            raise BadRecord(f"{line!r} is not a statement's total")
        statements[NUMBER.read(match[1])] = None if match[2] else _opened(*match.group(3, 4, 5, 6))
    totals = Totals(dialogue, statements)
    if write_totals(totals) != data:
        raise BadRecord("a statement stands twice or out of order")
    return totals


def _opened(agree: str, passed: str, disagree: str, blinding: str) -> OpenedTotal:
    try:
        scalar = read_scalar(HASH.read(blinding))
    except BadPoint as problem:
        raise BadRecord(str(problem)) from problem
    return OpenedTotal(VoteTotals(*map(NUMBER.read, (agree, passed, disagree))), scalar)
