"""Do the opened votes give each published total, and is every vote accounted for?"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.count.openings import Count, Recount
from middleground.ledger.checks.files import files_in, label_of, text_of
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.totals import Totals, VoteTotals, read_totals
from middleground.ledger.records.entries import Erasures

NOTHING = Count(VoteTotals(), VoteTotals(), 0)


def check_totals(folder: Path, log: Log, recount: Recount) -> list[CheckFinding]:
    """Return a finding for the totals, and one per dialogue for votes that are not opened."""
    wrong: list[str] = []
    totals: dict[str, Totals] = {}
    for name, path in files_in(folder, "totals/*"):
        try:
            read = read_totals(text_of(path), label_of(path.name))
        except BadRecord as problem:
            wrong.append(f"{name}: {problem}.")
            continue
        totals[read.dialogue] = read
        wrong += [f"{name}: {problem}" for problem in _problems(read, recount)]
    opened = sum(map(_opened, totals.values()))
    found: list[CheckFinding] = []
    if wrong:
        found.append(fails("total", "Published totals do not follow from the votes.", wrong))
    elif opened:
        found.append(holds("total", f"All {opened} opened totals follow from the votes."))
    found += _about_withheld(totals)
    dialogues = sorted({*log.votes, *totals, *recount.counts})
    return found + [_about_unopened(each, totals.get(each), log, recount) for each in dialogues]


def _opened(totals: Totals) -> int:
    return sum(tally is not None for tally in totals.tallies.values())


def _about_withheld(totals: dict[str, Totals]) -> list[CheckFinding]:
    """State which part of the results cannot be recounted because it is not opened."""
    withheld = {name: each for name, each in totals.items() if None in each.tallies.values()}
    if not withheld:
        return []
    opened = sum(map(_opened, totals.values()))
    of = sum(len(each.tallies) for each in totals.values())
    details = [
        f"{name}: {_opened(each)} of {len(each.tallies)}." for name, each in withheld.items()
    ]
    return [
        unclear(
            "withheld",
            f"Opened: {opened} of {of} statements. The others stay shut, because too few people "
            "gave one of their answers, or because they were taken out or merged.",
            details,
        )
    ]


def _problems(totals: Totals, recount: Recount) -> list[str]:
    counts = recount.counts.get(totals.dialogue, {})
    found = []
    for statement in sorted({*totals.tallies, *counts}):
        if statement not in totals.tallies:
            found.append(f"statement {statement} has votes and no total.")
            continue
        said, count = totals.tallies[statement], counts.get(statement, NOTHING)
        if said is None and statement in counts:
            found.append(f"statement {statement} is withheld and opened.")
        elif said is not None and said != count.tally:
            found.append(f"statement {statement}: {_difference(said, count)}")
    return found


def _difference(said: VoteTotals, count: Count) -> str:
    if said == count.every_leaf:
        return f"{count.changed} votes count twice; {said} is published, {count.tally} is right."
    return f"{said} is published, {count.tally} is right."


def _about_unopened(
    dialogue: str, totals: Totals | None, log: Log, recount: Recount
) -> CheckFinding:
    sealed = log.votes[dialogue] - recount.opened[dialogue]
    if totals is None:
        return unclear("unopened", f"{dialogue}: votes sealed until its result: {sealed}.")
    records = [record for _, record in log.of(Erasures) if record.dialogue == dialogue]
    erased = sum(record.votes for record in records)
    withheld = None in totals.tallies.values()
    parts = (
        f"{erased} deleted by the people who cast them, {totals.withheld_votes} on statements that "
        "stay shut"
    )
    if sealed != erased + totals.withheld_votes or (totals.withheld_votes and not withheld):
        return fails(
            "unopened",
            f"{dialogue}: votes not opened {sealed}, but by the files {parts}.",
        )
    return holds(
        "unopened",
        f"{dialogue}: votes in the log {log.votes[dialogue]}, not opened {sealed}: {parts}.",
    )
