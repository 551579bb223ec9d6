"""Is every opened vote in the log exactly once, and on a logged statement?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from middleground.ledger.checks.files import files_in, label_of, number_of, text_of
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord, Vote
from middleground.ledger.files.openings import Openings, read_openings
from middleground.ledger.files.totals import VoteTotals, tally_of
from middleground.ledger.records.entries import STATEMENTS, SealedText


@dataclass(frozen=True, slots=True)
class Count:
    """A statement's votes, counted once per tag and, for comparison, once per leaf."""

    tally: VoteTotals
    every_leaf: VoteTotals
    changed: int


@dataclass(slots=True)
class Recount:
    """Counts by dialogue and statement, and the number of opened leaves per dialogue."""

    counts: dict[str, dict[int, Count]] = field(default_factory=dict)
    opened: Counter[str] = field(default_factory=Counter)


def check_openings(folder: Path, log: Log) -> tuple[Recount, list[CheckFinding]]:
    """Count the opened votes that are in the log, and report the others."""
    logged = {
        (record.dialogue, record.number)
        for _, record in log.of(SealedText)
        if record.collection == STATEMENTS
    }
    recount, wrong, tags = Recount(), [], _Tags()
    for name, path in files_in(folder, "openings/*/*"):
        try:
            dialogue, statement = label_of(path.parent.name), number_of(path.name)
            openings = read_openings(text_of(path), dialogue, statement)
        except BadRecord as problem:
            wrong.append(f"{name}: {problem}.")
            continue
        if (dialogue, statement) not in logged:
            wrong.append(f"{name}: this statement was never logged.")
        included = _included(openings, log, wrong)
        tags.add(openings)
        recount.counts.setdefault(dialogue, {})[statement] = _count(included)
        recount.opened[dialogue] += len(included.votes)
    return recount, [*_about_openings(recount, wrong), *tags.findings(recount)]


def _included(openings: Openings, log: Log, wrong: list[str]) -> Openings:
    """Keep the votes whose leaf is in the log at the index that they name."""
    kept = []
    for index, vote in openings.votes:
        if index < len(log.leaves) and vote.leaf() == log.leaves[index]:
            kept.append((index, vote))
        else:
            wrong.append(f"{openings.path}: leaf {index} of the log is not this vote.")
    return Openings(openings.dialogue, openings.statement, tuple(kept))


def _count(openings: Openings) -> Count:
    """Count each tag once, by its last leaf in the log's order."""
    last: dict[bytes, Vote] = {}
    for _, vote in openings.votes:
        last[vote.tag] = vote.vote
    every_leaf = tally_of(vote.vote for _, vote in openings.votes)
    return Count(tally_of(last.values()), every_leaf, len(openings.votes) - len(last))


class _Tags:
    """Finds tags on two statements: an honest tag has one, so that it cannot link votes."""

    def __init__(self) -> None:
        self._places: dict[bytes, str] = {}
        self._wrong: list[str] = []

    def add(self, openings: Openings) -> None:
        for tag in {vote.tag for _, vote in openings.votes}:
            place = self._places.setdefault(tag, openings.path)
            if place != openings.path:
                self._wrong.append(f"{tag.hex()}: in {place} and {openings.path}.")

    def findings(self, recount: Recount) -> list[CheckFinding]:
        if self._wrong:
            return [fails("tag", "A tag stands on two statements.", sorted(self._wrong))]
        if not self._places:
            return []
        changed = sum(
            each.changed for counts in recount.counts.values() for each in counts.values()
        )
        return [holds("tag", f"One person counts once. Votes that were changed later: {changed}.")]


def _about_openings(recount: Recount, wrong: list[str]) -> list[CheckFinding]:
    if wrong:
        return [fails("opening", "Opened votes are not those in the log.", wrong)]
    if not recount.counts:
        return [unclear("opening", "No votes have been opened yet; that is done at the close.")]
    return [holds("opening", f"All {recount.opened.total()} opened votes are in the log.")]
