"""Does the final map of each closed dialogue show what the sums of its votes say?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from middleground.ledger.checks.count.bands import (
    Rows,
    is_length_of_unshown,
    problems_of_opened,
    problems_of_withheld,
)
from middleground.ledger.checks.count.lists import ListSum, Recount
from middleground.ledger.checks.count.totals import problems_of_total
from middleground.ledger.checks.ending.settings import settings_before
from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.map_figures import MapFigures, read_map_figures
from middleground.ledger.files.totals import OpenedTotal, read_totals
from middleground.ledger.records.entries import (
    STATEMENTS,
    ClosedDialogue,
    Erasures,
    LoggedMap,
    Moderation,
    SealedText,
)

Closed = tuple[int, ClosedDialogue]
SHOWN = "approve"  # the moderators' action after which a statement is shown
NOT_SHOWN = "not_shown"  # logged at the close of a statement that nobody decided on


@dataclass(frozen=True, slots=True)
class Decisions:
    """What moderators had decided at the close.

    ``removed``: statements whose last decision is another than to show them. ``late``: those that
    were decided upon after the final map.
    """

    removed: frozenset[int]
    late: frozenset[int]


def check_final_maps(folder: Path, log: Log, recount: Recount) -> list[CheckFinding]:
    """Compare the map that each closed dialogue names with its lists and totals."""
    wrong: list[str] = []
    compared = 0
    for index, record in log.of(ClosedDialogue):
        path = folder / "documents" / record.map.hex()
        if not path.is_file():
            continue  # ``checks/ending/closing.py`` reports it
        try:
            figures = read_map_figures(path.read_bytes())
        except BadRecord as problem:
            wrong.append(f"{record.dialogue}: the final map: {problem}.")
            continue
        compared += 1
        lines = _problems(folder, log, recount, figures, (index, record))
        wrong += [f"{record.dialogue}: {line}" for line in lines]
    if wrong:
        return [fails("map", "A final map does not show what the sums of the votes say.", wrong)]
    if not compared:
        return []
    sentence = f"Final maps whose counts are those that the sums of the votes give: {compared}."
    return [holds("map", sentence)]


def _problems(
    folder: Path, log: Log, recount: Recount, figures: MapFigures, closed: Closed
) -> Iterator[str]:
    index, end = closed
    yield from _other_minimum(folder, log, figures, end)
    totals, decisions = _totals(folder, end), _decisions(log, end, index)
    listed = recount.listed.get(end.dialogue, set())
    for number in sorted(figures.statements.keys() - listed):
        yield f"statement {number} is on the map, and its votes are not listed."
    unexplained = []
    for number, votes in sorted(recount.of(end.dialogue).items()):
        opened = totals.get(number)
        if number not in totals or problems_of_total(number, opened, votes):
            continue  # ``totals.py`` reports it; no map can fit such a total
        rows = figures.statements.get(number)
        if rows is not None:
            found = _contradictions(rows, opened, votes, figures.minimum)
            taken_out = opened is None and number in decisions.late & decisions.removed
            yield from () if taken_out else (f"statement {number} {line}" for line in found)
        elif opened is not None:
            if number not in decisions.late:
                yield f"statement {number} is opened, and the map does not show it."
        elif number not in decisions.removed:
            unexplained.append(number)
        elif not is_length_of_unshown(len(votes.marks)):
            yield f"statement {number} has a list of another length than unshown statements have."
    if unexplained and len(unexplained) > _erased(log, recount, end, index):
        numbers = ", ".join(map(str, unexplained[:20]))
        yield f"statements {numbers} are not on the map, and the log does not tell why."


def _contradictions(
    rows: Rows, opened: OpenedTotal | None, listed: ListSum, minimum: int
) -> list[str]:
    if opened is None:
        return problems_of_withheld(rows, len(listed.marks), minimum)
    votes = opened.votes
    totals = {"agree": votes.agree, "pass": votes.passed, "disagree": votes.disagree}
    return problems_of_opened(rows, totals, minimum)


def _other_minimum(
    folder: Path, log: Log, figures: MapFigures, end: ClosedDialogue
) -> Iterator[str]:
    at = max(
        (place for place, each in log.of(LoggedMap) if each.document == end.map), default=log.size
    )
    try:
        settings = settings_before(folder, log, end.dialogue, at)
    except BadRecord:
        return  # ``checks/ending/closing.py`` reports it
    minimum = settings.get("minimum_shown")
    if isinstance(minimum, bool) or minimum != figures.minimum:
        yield f"the map's smallest number of people shown is {figures.minimum}, not the settings'."


def _decisions(log: Log, end: ClosedDialogue, index: int) -> Decisions:
    last: dict[int, tuple[int, str]] = {}
    made = [place for place, each in log.of(LoggedMap) if each.document == end.map]
    for place, each in log.of(Moderation):
        if each.dialogue != end.dialogue or place >= index:
            continue
        # That a statement was approved and not decided on afterwards contradicts ``not_shown``.
        if each.action != NOT_SHOWN or last.get(each.statement, (0, ""))[1] != SHOWN:
            last[each.statement] = place, each.action
    return Decisions(
        frozenset(number for number, (_, action) in last.items() if action != SHOWN),
        frozenset(number for number, (place, _) in last.items() if made and place > made[-1]),
    )


def _totals(folder: Path, end: ClosedDialogue) -> dict[int, OpenedTotal | None]:
    path = folder / "documents" / end.document.hex()
    try:
        return read_totals(path.read_bytes(), end.dialogue).statements if path.is_file() else {}
    except BadRecord:
        return {}  # ``totals.py`` reports it


def _erased(log: Log, recount: Recount, end: ClosedDialogue, index: int) -> int:
    """How many statements may be unexplained: deleted texts, but those without a list."""
    sealed = {
        record.number
        for _, record in log.of(SealedText)
        if (record.dialogue, record.collection) == (end.dialogue, STATEMENTS)
    }
    erased = sum(
        record.texts
        for place, record in log.of(Erasures)
        if record.dialogue == end.dialogue and place < index
    )
    return erased - len(sealed - recount.listed.get(end.dialogue, set()))
