"""Runs the verifiers on a published folder: both of them where Node is installed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ledger.second import must_agree, running
from ledger.town import KEY, WITNESS, Town
from middleground.ledger import CheckFinding, Report, verify
from middleground.ledger.notes.keys import VerifierKey


def check(town: Town, now: datetime | None = None) -> Report:
    return check_with(town.folder, KEY.verifier, [WITNESS.verifier], now)


def check_with(
    folder: Path,
    log_key: VerifierKey | None = None,
    witness_keys: list[VerifierKey] | None = None,
    now: datetime | None = None,
) -> Report:
    second = running()
    if second is None:
        return verify(folder, log_key, witness_keys, now)
    return must_agree(second, folder, log_key, witness_keys, now=now)


def failing(report: Report) -> dict[str, CheckFinding]:
    found = {each.subject: each for each in report.findings if each.state == "fails"}
    assert report.holds == (not found)
    return found


def rewrite(town: Town, path: str, old: str, new: str) -> None:
    text = (town.folder / path).read_text("utf-8")
    assert text.count(old) == 1
    (town.folder / path).write_text(text.replace(old, new), "utf-8")
