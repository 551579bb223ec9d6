"""Commitments to votes (Pedersen 1991), whose sum gives all three totals of a statement.

A commitment is ``C = value · G′ + blinding · B``. A vote's value is a digit 1 at one of three
places of base 2²¹, so the values of up to 2²¹ − 1 votes add up without a carry: one number holds
agree, disagree and pass. From C alone, even with unlimited power, nobody can tell the value, and
the host cannot open C to another one unless it knows the logarithm of G′ to the base B. G′ is
hashed from a text, so nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from middleground.ledger.codecs.field_codecs import Vote
from middleground.ledger.commitments.group import (
    IDENTITY,
    ORDER,
    add,
    hash_to_point,
    subtract,
    times,
    times_base,
)

# Agree, disagree and pass occupy 21 bits each of a sum.
PLACE_BITS = 21
MOST_VOTES = 2**PLACE_BITS - 1
ANSWERS: tuple[Vote, ...] = (1, -1, 0)
VALUES: dict[Vote, int] = {1: 1, -1: 2**PLACE_BITS, 0: 2 ** (2 * PLACE_BITS)}


@cache
def value_point() -> bytes:
    """G′."""
    return hash_to_point(b"middleground vote value/v1")


@cache
def value_points() -> tuple[bytes, ...]:
    """The value's multiple of G′ for each answer, in the order of ``ANSWERS``."""
    return tuple(times(VALUES[answer], value_point()) for answer in ANSWERS)


@dataclass(frozen=True, slots=True)
class VoteTotals:
    """The numbers of participants who agree, pass and disagree."""

    agree: int = 0
    passed: int = 0
    disagree: int = 0

    def __str__(self) -> str:
        return f"agree {self.agree} pass {self.passed} disagree {self.disagree}"


def tally_of(votes: Iterable[Vote]) -> VoteTotals:
    counts = {1: 0, 0: 0, -1: 0}
    for vote in votes:
        counts[vote] += 1
    return VoteTotals(counts[1], counts[0], counts[-1])


def commit(answer: Vote, blinding: int) -> bytes:
    """The commitment to an answer; ``blinding`` must be random and used once."""
    return add(value_points()[ANSWERS.index(answer)], times_base(blinding))


def sum_of(commitments: Iterable[bytes]) -> bytes:
    """The sum of valid points."""
    total = IDENTITY
    for commitment in commitments:
        total = add(total, commitment)
    return total


def opens_to(total: bytes, votes: VoteTotals, blinding: int) -> bool:
    """Whether the sum of commitments holds these totals. ``blinding``: the sum of theirs."""
    counts = (votes.agree, votes.disagree, votes.passed)
    if any(count > MOST_VOTES for count in counts):
        return False
    value = sum(count << PLACE_BITS * place for place, count in enumerate(counts))
    return subtract(total, times(value % ORDER, value_point())) == times_base(blinding % ORDER)
