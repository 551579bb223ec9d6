"""The vote list of a statement: a line for each vote, which hides how it was cast.

::

    vote-list/v1                              vote-list/v1
    dialogue los-angeles                      dialogue los-angeles
    statement 12                              statement 13
    <tag> counted <commitment> <proof>        <tag> withheld
    <tag> beside                              <tag> withheld

Left: the totals open the sum of the ``counted`` commitments. ``beside``: the final map does not
count the vote, for instance because it was taken back. Right: the totals withhold the statement.
Tags are in strictly ascending order, so that none stands twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from middleground.ledger.codecs.field_codecs import HASH, LABEL, NUMBER, BadRecord
from middleground.ledger.commitments.answer_proof import PROOF_BYTES
from middleground.ledger.commitments.commitment import MOST_VOTES
from middleground.ledger.commitments.group import read_point
from middleground.ledger.notes.keys import read_base64, write_base64

Mark = Literal["counted", "beside", "withheld"]
FEWEST_LINES = 16  # of tags that are filled up
_UNPROVED: dict[str, Mark] = {"beside": "beside", "withheld": "withheld"}


@dataclass(frozen=True, slots=True)
class ListedVote:
    """A line. Only those that are counted have a commitment, a valid point, and a proof."""

    tag: bytes
    mark: Mark
    commitment: bytes = b""
    proof: bytes = b""


@dataclass(frozen=True, slots=True)
class VoteList:
    """All lines of one statement, by tag."""

    dialogue: str
    statement: int
    votes: tuple[ListedVote, ...]

    @property
    def counted(self) -> list[ListedVote]:
        return [vote for vote in self.votes if vote.mark == "counted"]

    @property
    def is_withheld(self) -> bool:
        return not self.counted


def filled_length(tags: int) -> int:
    """To how many lines so many tags are filled up, so that their number tells little."""
    return max(FEWEST_LINES, 1 << max(tags - 1, 0).bit_length())


def is_filled_length(lines: int) -> bool:
    """Whether any number of tags is filled up to so many lines."""
    return filled_length(lines) == lines


def write_vote_list(dialogue: str, statement: int, votes: Iterable[ListedVote]) -> bytes:
    """Write the file, sorted by tag. Raises ``BadRecord``."""
    lines = [_head(dialogue, statement)]
    for vote in sorted(votes, key=lambda vote: vote.tag):
        cells = [HASH.write(vote.tag), vote.mark]
        if vote.mark == "counted":
            cells += [write_base64(vote.commitment), write_base64(vote.proof)]
        lines.append(f"{' '.join(cells)}\n")
    return "".join(lines).encode()


def read_vote_list(data: bytes, dialogue: str, statement: int) -> VoteList:
    """Parse the file. Raises ``BadRecord``, which names the line."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as problem:
        raise BadRecord("the file is not plain text") from problem
    head = _head(dialogue, statement)
    if not text.startswith(head) or not text.endswith("\n"):
        raise BadRecord("the file does not begin with its dialogue and statement")
    votes: list[ListedVote] = []
    for number, line in enumerate(text[len(head) :].split("\n")[:-1], start=4):
        try:
            vote = _read_line(line)
        except ValueError as problem:
            raise BadRecord(f"line {number}: {problem}") from problem
        if votes and vote.tag <= votes[-1].tag:
            raise BadRecord(f"line {number}: a tag stands twice or out of order")
        votes.append(vote)
    found = VoteList(dialogue, statement, tuple(votes))
    if len(found.counted) > MOST_VOTES:
        raise BadRecord(f"a list has at most {MOST_VOTES} counted lines")
    if "withheld" in (marks := {vote.mark for vote in votes}) and len(marks) > 1:
        raise BadRecord("only some of its lines are withheld")
    return found


def _head(dialogue: str, statement: int) -> str:
    name, number = LABEL.write(dialogue), NUMBER.write(statement)
    return f"vote-list/v1\ndialogue {name}\nstatement {number}\n"


def _read_line(line: str) -> ListedVote:
    tag, _, rest = line.partition(" ")
    mark, *proved = rest.split(" ")
    if mark in _UNPROVED and not proved:
        return ListedVote(HASH.read(tag), _UNPROVED[mark])
    if mark != "counted" or len(proved) != 2:
        raise BadRecord("a line is a tag with “beside” or “withheld”, or is counted with a proof")
    commitment, proof = map(read_base64, proved)
    if len(proof) != PROOF_BYTES:
        raise BadRecord("the proof has another length")
    return ListedVote(HASH.read(tag), "counted", read_point(commitment), proof)
