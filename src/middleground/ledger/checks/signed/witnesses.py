"""Which witnesses saw this log, and when?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.signed.signatures import SignedCheckpoint
from middleground.ledger.codecs.utc_text import utc_text
from middleground.ledger.notes.cosignature import cosigned_at
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.notes.note import BadNote


@dataclass(frozen=True, slots=True)
class Sighting:
    """At ``time``, the largest log that a witness had seen had ``size`` leaves."""

    witness: str
    time: int
    size: int


def check_witnesses(
    signed: list[SignedCheckpoint], keys: Sequence[VerifierKey]
) -> list[CheckFinding]:
    """``signed`` is not empty and sorted by size."""
    seen: list[Sighting] = []
    wrong: list[str] = []
    for each in signed:
        for key in keys:
            try:
                time = cosigned_at(each.note, key)
            except BadNote as problem:
                wrong.append(f"{each.path}: {problem}.")
                continue
            if time is not None:
                seen.append(Sighting(key.name, time, each.checkpoint.size))
    found = [fails("witness", "A witness's signature is forged.", wrong)] if wrong else []
    return [*found, _about_newest(signed[-1].checkpoint.size, seen, len(keys))]


def _about_newest(size: int, seen: list[Sighting], known: int) -> CheckFinding:
    if known == 0:
        return unclear(
            "witness",
            "No witness is known. Nothing in the files shows that everyone was given the same log; "
            "compare the newest checkpoint with other people's.",
        )
    latest = {sight.witness: sight for sight in seen if sight.size == size}
    if not latest:
        return unclear("witness", "No known witness has signed the newest checkpoint.")
    names = ", ".join(f"{sight.witness} ({utc_text(sight.time)})" for sight in latest.values())
    sentence = f"{len(latest)} of {known} known witnesses saw the same log: {names}."
    return holds("witness", sentence)
