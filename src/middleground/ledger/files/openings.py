"""``openings/<dialogue>/<statement>``: the opened votes on a statement of a closed dialogue.

::

    vote-openings/v1
    dialogue los-angeles
    statement 12
    41 <client nonce> <server nonce> <tag> agree

One line per leaf, in strictly ascending order of the log, so that no leaf can be listed twice.
Votes that were changed later are opened too; for each tag the last vote counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from middleground.ledger.codecs.field_codecs import HASH, LABEL, NONCE, NUMBER, VOTE, BadRecord
from middleground.ledger.records.vote_opening import VoteOpening


@dataclass(frozen=True, slots=True)
class Openings:
    """The opened votes on one statement, as (index of the leaf, opening)."""

    dialogue: str
    statement: int
    votes: tuple[tuple[int, VoteOpening], ...]

    @property
    def path(self) -> str:
        return f"openings/{self.dialogue}/{self.statement}"


def write_openings(dialogue: str, statement: int, votes: Iterable[tuple[int, VoteOpening]]) -> str:
    """Write the file. Raises ``BadRecord`` for a vote on another statement."""
    lines = [_head(dialogue, statement)]
    for index, vote in sorted(votes, key=lambda pair: pair[0]):
        if (vote.dialogue, vote.statement) != (dialogue, statement):
            raise BadRecord("the vote is on another statement")
        cells = (
            NUMBER.write(index),
            NONCE.write(vote.client),
            NONCE.write(vote.server),
            HASH.write(vote.tag),
            VOTE.write(vote.vote),
        )
        lines.append(" ".join(cells) + "\n")
    return "".join(lines)


def read_openings(text: str, dialogue: str, statement: int) -> Openings:
    """Parse the file. Raises ``BadRecord``, which names the line."""
    head = _head(dialogue, statement)
    if not text.startswith(head) or not text.endswith("\n"):
        raise BadRecord("the file does not begin with its dialogue and statement")
    votes: list[tuple[int, VoteOpening]] = []
    for number, line in enumerate(text[len(head) :].split("\n")[:-1], start=4):
        try:
            index, vote = _read_line(line, dialogue, statement)
        except BadRecord as problem:
            raise BadRecord(f"line {number}: {problem}") from problem
        if votes and index <= votes[-1][0]:
            raise BadRecord(f"line {number}: leaf {index} stands twice or out of order")
        votes.append((index, vote))
    return Openings(dialogue, statement, tuple(votes))


def _head(dialogue: str, statement: int) -> str:
    name, number = LABEL.write(dialogue), NUMBER.write(statement)
    return f"vote-openings/v1\ndialogue {name}\nstatement {number}\n"


def _read_line(line: str, dialogue: str, statement: int) -> tuple[int, VoteOpening]:
    cells = line.split(" ")
    if len(cells) != 5:
        raise BadRecord("five values belong here")
    index, client, server, tag, vote = cells
    return NUMBER.read(index), VoteOpening(
        NONCE.read(client),
        NONCE.read(server),
        dialogue,
        statement,
        HASH.read(tag),
        VOTE.read(vote),
    )
