"""Is each published total the sum of its list?"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.count.lists import ListSum, Recount
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.commitments.commitment import opens_to
from middleground.ledger.files.totals import OpenedTotal, Totals, read_totals
from middleground.ledger.records.entries import ClosedDialogue


def check_totals(folder: Path, log: Log, recount: Recount) -> list[CheckFinding]:
    """Compare the totals of closed dialogues with the sums of their lists."""
    wrong: list[str] = []
    totals: dict[str, Totals] = {}
    for _, record in log.of(ClosedDialogue):
        path = folder / "documents" / record.document.hex()
        if not path.is_file():
            continue  # ``checks/ending/closing.py`` reports it
        try:
            read = read_totals(path.read_bytes(), record.dialogue)
        except BadRecord as problem:
            wrong.append(f"{record.dialogue}: {problem}.")
            continue
        totals[read.dialogue] = read
        wrong += [f"{read.dialogue}: {line}" for line in _problems(read, recount)]
    opened = sum(map(_opened, totals.values()))
    found: list[CheckFinding] = []
    if wrong:
        found.append(fails("total", "Published totals are not the sums of the votes.", wrong))
    elif opened:
        found.append(holds("total", f"All {opened} opened totals are the sums of their lists."))
    return found + _about_withheld(totals)


def _opened(totals: Totals) -> int:
    return sum(total is not None for total in totals.statements.values())


def _problems(totals: Totals, recount: Recount) -> list[str]:
    sums = recount.of(totals.dialogue)
    found = []
    for statement in sorted({*totals.statements, *sums}):
        if statement not in totals.statements:
            found.append(f"statement {statement} has votes and no total.")
        elif statement not in sums:
            found.append(f"statement {statement} has a total and no votes.")
        else:
            found += problems_of_total(statement, totals.statements[statement], sums[statement])
    return found


def problems_of_total(statement: int, said: OpenedTotal | None, listed: ListSum) -> list[str]:
    """What shows that a published total is not the sum of its list."""
    if listed.is_withheld != (said is None):
        what = "opened, and its list withheld" if said else "withheld, and its list opened"
        return [f"statement {statement} is {what}."]
    if said is None:
        return []
    if not opens_to(listed.total, said.votes, said.blinding):
        return [f"statement {statement}: {said.votes} is published, and is not the sum."]
    votes = said.votes.agree + said.votes.passed + said.votes.disagree
    if votes != listed.counted:
        return [f"statement {statement}: {votes} votes on {listed.counted} counted lines."]
    return []


def _about_withheld(totals: dict[str, Totals]) -> list[CheckFinding]:
    """State which part of the results cannot be recounted because it is not opened."""
    withheld = {name: each for name, each in totals.items() if None in each.statements.values()}
    if not withheld:
        return []
    opened = sum(map(_opened, totals.values()))
    of = sum(len(each.statements) for each in totals.values())
    details = [
        f"{name}: {_opened(each)} of {len(each.statements)}." for name, each in withheld.items()
    ]
    return [
        unclear(
            "withheld",
            f"Opened: {opened} of {of} statements. The others stay shut, because too few people "
            "gave one of their answers, or because they were taken out or merged.",
            details,
        )
    ]
