"""Does each counted line of a list hold one answer, and does each vote stand in one list?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.commitments.answer_proof import LinePlace, is_proved
from middleground.ledger.commitments.commitment import sum_of
from middleground.ledger.files.vote_list import Mark, VoteList, read_vote_list
from middleground.ledger.records.entries import STATEMENTS, LoggedList, SealedText


@dataclass(frozen=True, slots=True)
class ListSum:
    """What a statement's list says: the sum of its counted commitments, and the mark of each tag.

    ``counted`` is the number of counted lines.
    """

    total: bytes
    counted: int
    marks: dict[bytes, Mark]

    @property
    def is_withheld(self) -> bool:
        """Whether the list is of the form whose sum stays shut; an empty one is."""
        return not self.marks or "withheld" in self.marks.values()


@dataclass(slots=True)
class Recount:
    """The sums of all lists that could be read, by dialogue and statement.

    ``listed`` are the statements whose lists the log names for each dialogue, read or not.
    """

    sums: dict[str, dict[int, ListSum]] = field(default_factory=dict)
    listed: dict[str, set[int]] = field(default_factory=dict)

    def of(self, dialogue: str) -> dict[int, ListSum]:
        return self.sums.get(dialogue, {})

    def mark_of(self, tag: bytes, dialogue: str, statement: int) -> Mark | None:
        """The mark of a tag in the statement's list; None if the list does not hold it."""
        found = self.of(dialogue).get(statement)
        return None if found is None else found.marks.get(tag)


def check_lists(folder: Path, log: Log, log_name: str) -> tuple[Recount, list[CheckFinding]]:
    """Verify every counted line, and add up the commitments. Takes about half a ms for a line.

    ``log_name`` is the name of the log's key, which the proofs are bound to.
    """
    sealed = {
        (record.dialogue, record.number)
        for _, record in log.of(SealedText)
        if record.collection == STATEMENTS
    }
    recount, wrong, missing, tags = Recount(), [], [], _Tags()
    for index, record in log.of(LoggedList):
        name = f"Statement {record.statement} of {record.dialogue}, entry {index}"
        if (record.dialogue, record.statement) not in sealed:
            wrong.append(f"{name}: this statement was never logged.")
        listed = recount.listed.setdefault(record.dialogue, set())
        if record.statement in listed:
            wrong.append(f"{name}: its votes were listed before.")
            continue
        listed.add(record.statement)
        path = folder / "documents" / record.document.hex()
        if not path.is_file():
            missing.append(f"{name}: documents/{path.name}.")
            continue
        try:
            read = read_vote_list(path.read_bytes(), record.dialogue, record.statement)
        except BadRecord as problem:
            wrong.append(f"{name}: {problem}.")
            continue
        tags.add(read)
        wrong += [f"{name}: {line}" for line in _unproved(read, log_name)]
        recount.sums.setdefault(record.dialogue, {})[record.statement] = _sum(read)
    return recount, [*_about_lists(recount, wrong, missing), *tags.findings()]


def _unproved(votes: VoteList, log_name: str) -> Iterator[str]:
    for vote in votes.counted:
        place = LinePlace(log_name, votes.dialogue, votes.statement, vote.tag)
        if not is_proved(vote.proof, vote.commitment, place):
            yield f"nothing proves that {vote.tag.hex()} holds one answer."


def _sum(votes: VoteList) -> ListSum:
    marks = {vote.tag: vote.mark for vote in votes.votes}
    counted = votes.counted
    return ListSum(sum_of(vote.commitment for vote in counted), len(counted), marks)


class _Tags:
    """Finds tags in two lists: an honest tag has one, so that it cannot link votes."""

    def __init__(self) -> None:
        self._places: dict[bytes, tuple[str, int]] = {}
        self._wrong: list[str] = []

    def add(self, votes: VoteList) -> None:
        here = votes.dialogue, votes.statement
        for vote in votes.votes:
            place = self._places.setdefault(vote.tag, here)
            if place != here:
                first, second = (f"{dialogue} {number}" for dialogue, number in (place, here))
                self._wrong.append(f"{vote.tag.hex()}: in the lists of {first} and {second}.")

    def findings(self) -> list[CheckFinding]:
        if self._wrong:
            return [fails("tag", "A tag stands in two lists.", sorted(self._wrong))]
        return []


def _about_lists(recount: Recount, wrong: list[str], missing: list[str]) -> list[CheckFinding]:
    if missing:
        wrong = [*wrong, *(f"{line} The file is missing." for line in missing)]
    if wrong:
        return [fails("list", "Vote lists are not as they must be.", wrong)]
    if not recount.listed:
        return [unclear("list", "No votes are listed yet; that is done when a dialogue closes.")]
    lines = sum(each.counted for sums in recount.sums.values() for each in sums.values())
    lists = sum(map(len, recount.listed.values()))
    sentence = f"All {lines} counted lines of {lists} vote lists are proved to hold one answer."
    return [holds("list", sentence)]
