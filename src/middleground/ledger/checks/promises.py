"""Was every promise in the folder kept?

Participants and newsrooms put the promises that they hold into ``promises/``, one per file, because
a host has no reason to publish a promise that it broke.
"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.count.lists import Recount
from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import (
    BESIDE,
    FOREIGN,
    CheckFinding,
    State,
    fails,
    holds,
    unclear,
)
from middleground.ledger.checks.log import Log
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.notes.promise import BadPromise, Promise, open_promise
from middleground.ledger.records.entries import ClosedDialogue


def check_promises(
    folder: Path, key: VerifierKey, log: Log, recount: Recount
) -> list[CheckFinding]:
    closed = {record.dialogue for _, record in log.of(ClosedDialogue)}
    lines: dict[State, list[str]] = {"holds": [], "fails": [], "open": []}
    foreign: list[str] = []
    for name, path in files_in(folder, "promises/*"):
        try:
            promise = open_promise(path.read_bytes(), key)
        except BadPromise as problem:
            foreign.append(f"{name}: {problem}.")
            continue
        state, words = _judge(promise, recount, is_closed=promise.dialogue in closed)
        lines[state].append(f"{name}: {words}")
    found: list[CheckFinding] = []
    if lines["fails"]:
        found.append(fails("promise", "The log broke promises that it signed.", lines["fails"]))
    if foreign:
        # Not held against the log: anybody can forge such a file, or damage a real one.
        sentence = f"Promises that this log did not sign: {len(foreign)}. {FOREIGN}"
        found.append(unclear("foreign", sentence, foreign))
    if lines["open"]:
        found.append(
            unclear(
                "promise", "Promises that are not due, or whose vote is not counted.", lines["open"]
            )
        )
    if lines["holds"]:
        found.append(holds("promise", f"Promises that were kept: {len(lines['holds'])}."))
    return found


def _judge(promise: Promise, recount: Recount, *, is_closed: bool) -> tuple[State, str]:
    if not is_closed:
        return "open", f"{promise.dialogue} is not closed yet."
    where = f"the list of statement {promise.statement}"
    mark = recount.mark_of(promise.tag, promise.dialogue, promise.statement)
    if mark is None:
        return "fails", f"{where} of {promise.dialogue} does not hold its tag."
    if mark == "beside":
        return "open", f"{where} holds its tag {BESIDE}."
    return "holds", f"{where} holds its tag."
