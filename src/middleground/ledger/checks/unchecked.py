"""What was not checked, in words: no verdict says more than what was looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import CheckFinding, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.records.entries import ClosedDialogue, LoggedMap, Settings


def about_unchecked(
    folder: Path, log: Log, now: datetime | None, of_site: Sequence[str]
) -> CheckFinding:
    """One finding, always left open, that names what the files given do not let anybody check.

    ``of_site``: what of the site was not compared.
    """
    return unclear("unchecked", f"Not checked: {'; '.join(_names(folder, log, now, of_site))}.")


def _names(folder: Path, log: Log, now: datetime | None, of_site: Sequence[str]) -> Iterator[str]:
    if not any(files_in(folder, "receipts/*")):
        yield "receipts, for none is here"
    if not any(files_in(folder, "promises/*")):
        yield "promises, for none is here"
    if log.of(LoggedMap):
        yield "groups, places and shares on maps, which follow from single votes"
    if now is None and _open_ones(log):
        yield "whether a dialogue should have been closed by now"
    yield from of_site
    yield "whether participants are people"


def _open_ones(log: Log) -> set[str]:
    closed = {record.dialogue for _, record in log.of(ClosedDialogue)}
    return {record.dialogue for _, record in log.of(Settings)} - closed
