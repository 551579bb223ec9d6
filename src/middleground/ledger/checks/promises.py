"""Was every promise in the folder kept?

Participants and newsrooms put the promises that they hold into ``promises/``, one per file, because
a host has no reason to publish a promise that it broke.
"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import FOREIGN, CheckFinding, State, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.checks.signed.witnesses import Sighting
from middleground.ledger.codecs.utc_text import utc_text
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.notes.promise import BadPromise, Promise, open_promise


def check_promises(
    folder: Path, key: VerifierKey, log: Log, seen: list[Sighting], now: int | None
) -> list[CheckFinding]:
    """``now``: the reader's own time; None if only the times of witnesses count."""
    promises: dict[str, Promise] = {}
    foreign: list[str] = []
    for name, path in files_in(folder, "promises/*"):
        try:
            promises[name] = open_promise(path.read_bytes(), key)
        except BadPromise as problem:
            foreign.append(f"{name}: {problem}.")
    places = _places(promises, log)
    lines: dict[State, list[str]] = {"holds": [], "fails": [], "open": []}
    for name, promise in promises.items():
        state, words = judge(promise, places.get(promise.leaf), seen, now)
        lines[state].append(f"{name}: {words}")
    found: list[CheckFinding] = []
    if lines["fails"]:
        found.append(fails("promise", "The log broke promises that it signed.", lines["fails"]))
    if foreign:
        # Not held against the log: anybody can forge such a file, or damage a real one.
        sentence = f"Promises that this log did not sign: {len(foreign)}. {FOREIGN}"
        found.append(unclear("foreign", sentence, foreign))
    if lines["open"]:
        found.append(unclear("promise", "Promises are not due yet.", lines["open"]))
    if lines["holds"]:
        found.append(holds("promise", f"Promises that were kept: {len(lines['holds'])}."))
    return found


def judge(
    promise: Promise, place: int | None, seen: list[Sighting], now: int | None
) -> tuple[State, str]:
    """Decide from witnesses' sightings if a promise was kept; ``place`` is the leaf's index."""
    due = utc_text(promise.by)
    for sight in seen:
        if sight.time >= promise.by and (place is None or sight.size <= place):
            saw = f"{sight.witness} saw the log without it at {utc_text(sight.time)}"
            return "fails", f"the leaf was to be in the log by {due}; {saw}."
    if place is not None:
        if any(sight.time <= promise.by and sight.size > place for sight in seen):
            return "holds", f"it was in the log by {due}."
        return "holds", "it is in the log; no witness says since when."
    if now is not None and now >= promise.by:
        return "fails", f"the leaf was to be in the log by {due}, and is not in this copy."
    return "open", f"the leaf will be in the log by {due}."


def _places(promises: dict[str, Promise], log: Log) -> dict[bytes, int]:
    wanted = {promise.leaf for promise in promises.values()}
    places: dict[bytes, int] = {}
    for index, leaf in enumerate(log.leaves):
        if leaf in wanted:
            places.setdefault(leaf, index)
    return places
