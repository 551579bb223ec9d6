"""Are the published words of statements those that were logged?"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.files import files_in, label_of, text_of
from middleground.ledger.checks.findings import Finding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.statements import read_statements
from middleground.ledger.records.entries import SealedStatement


def check_statements(folder: Path, log: Log) -> list[Finding]:
    """A statement's number stands for one text, for ever."""
    seals: dict[tuple[str, int], bytes] = {}
    wrong: list[str] = []
    for index, record in log.of(SealedStatement):
        place = (record.dialogue, record.statement)
        if seals.setdefault(place, record.seal) != record.seal:
            wrong.append(
                f"Entry {index}: statement {record.statement} was logged with other words."
            )
    shown = 0
    for name, path in files_in(folder, "statements/*"):
        try:
            openings = read_statements(text_of(path), label_of(path.name))
        except BadRecord as problem:
            wrong.append(f"{name}: {problem}.")
            continue
        for opening in openings:
            if seals.get((opening.dialogue, opening.statement)) == opening.seal():
                shown += 1
            else:
                wrong.append(f"{name}: statement {opening.statement} is not what was logged.")
    if wrong:
        return [fails("statement", "Statements are not those that people voted on.", wrong)]
    if not seals:
        return []
    sentence = f"The words of {shown} of {len(seals)} statements are published, and as logged."
    return [holds("statement", sentence)]
