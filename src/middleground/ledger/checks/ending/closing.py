"""Is every closed dialogue complete, and did nothing change after its end?"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.count.lists import Recount
from middleground.ledger.checks.ending.settings import settings_before
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.records.entries import (
    STATEMENTS,
    ClosedDialogue,
    Erasures,
    LoggedBox,
    LoggedList,
    LoggedMap,
    SealedText,
)


def check_closing(folder: Path, log: Log, recount: Recount) -> list[CheckFinding]:
    """Return a finding for closed dialogues, and one for those that are open."""
    closed: dict[str, int] = {}
    wrong: list[str] = []
    for index, record in log.of(ClosedDialogue):
        if closed.setdefault(record.dialogue, index) != index:
            wrong.append(f"{record.dialogue}: entry {index} closes it a second time.")
        else:
            problems = _problems(folder, log, record, index) + _unlisted(
                log, recount, record, index
            )
            wrong += [f"{record.dialogue}: {line}" for line in problems]
    wrong += _afterwards(log, closed)
    found: list[CheckFinding] = []
    if wrong:
        found.append(fails("closing", "A closed dialogue is incomplete, or went on.", wrong))
    elif closed:
        found.append(
            holds(
                "closing",
                f"Closed dialogues with map, vote lists and totals, and unchanged: {len(closed)}.",
            )
        )
    open_ones = sorted({record.dialogue for _, record in log.of(LoggedBox)} - closed.keys())
    if open_ones:
        sentence = f"Dialogues whose votes are sealed until their result: {len(open_ones)}."
        found.append(unclear("closing", sentence, [f"{name}." for name in open_ones]))
    return found


def _problems(folder: Path, log: Log, closed: ClosedDialogue, index: int) -> list[str]:
    found = []
    maps = [
        (place, record.document)
        for place, record in log.of(LoggedMap)
        if record.dialogue == closed.dialogue and place < index
    ]
    if not maps or maps[-1][1] != closed.map:
        found.append("the map that it names as the final one is not its last.")
    lists = [
        place
        for place, record in log.of(LoggedList)
        if record.dialogue == closed.dialogue and place < index
    ]
    if len(lists) != closed.lists:
        found.append(f"it names {closed.lists} vote lists, and {len(lists)} are logged.")
    if maps and lists and lists[0] < maps[-1][0]:
        found.append(f"entry {lists[0]} lists votes before the final map.")
    for what, document in (("final map", closed.map), ("totals", closed.document)):
        if not (folder / "documents" / document.hex()).is_file():
            found.append(f"the file of its {what} is missing: documents/{document.hex()}.")
    try:
        settings_before(folder, log, closed.dialogue, index)
    except BadRecord as problem:
        found.append(f"its settings: {problem}.")
    return found


def _unlisted(log: Log, recount: Recount, closed: ClosedDialogue, index: int) -> list[str]:
    """Statements without a list must have been deleted, and the log told how many were."""
    sealed = {
        record.number
        for _, record in log.of(SealedText)
        if (record.dialogue, record.collection) == (closed.dialogue, STATEMENTS)
    }
    missing = sorted(sealed - recount.listed.get(closed.dialogue, set()))
    erased = sum(
        record.texts
        for place, record in log.of(Erasures)
        if record.dialogue == closed.dialogue and place < index
    )
    if len(missing) <= erased:
        return []
    numbers = ", ".join(map(str, missing[:20]))
    return [f"no votes are listed of statements {numbers}, and {erased} texts were deleted."]


def _afterwards(log: Log, closed: dict[str, int]) -> list[str]:
    """Records of kinds that may not come after a dialogue's end."""
    found = []
    for index, record in log.records:
        if not isinstance(record, LoggedMap | LoggedList | LoggedBox | SealedText):
            continue
        if isinstance(record, SealedText) and record.collection != STATEMENTS:
            continue
        if closed.get(record.dialogue, index) < index:
            what = f"entry {index}, {record.KIND}, came after its end"
            found.append(f"{record.dialogue}: {what}.")
    return found
