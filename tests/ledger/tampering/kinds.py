"""What a kind of tampering is, and what several kinds need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ledger.town import Close, some, total_of
from middleground.ledger.checks.findings import Subject
from middleground.ledger.commitments.group import ORDER
from middleground.ledger.files.totals import OpenedTotal
from middleground.ledger.records.entries import LoggedMap
from middleground.ledger.records.kinds import LoggedRecord

Change = Callable[[Close], None]
Records = list[LoggedRecord]
BOTH: set[Subject] = {"list", "total"}


class Tampering(NamedTuple):
    name: str
    change: Change
    subjects: set[Subject]


def total(close: Close, statement: int) -> OpenedTotal:
    found = close.opened[statement]
    assert found
    return found


def said(statement: int, **more: int) -> Change:
    """Publish another total: ``more`` is added to its numbers."""

    def change(close: Close) -> None:
        votes, blinding = total(close, statement).votes, total(close, statement).blinding
        numbers = {name: getattr(votes, name) + number for name, number in more.items()}
        close.opened[statement] = OpenedTotal(replace(votes, **numbers), blinding)

    return change


def with_vote(before: OpenedTotal, tag: bytes, answer: int) -> OpenedTotal:
    more = total_of({tag: answer})
    votes = {
        name: getattr(before.votes, name) + getattr(more.votes, name)
        for name in ("agree", "passed", "disagree")
    }
    blinding = (before.blinding + more.blinding) % ORDER
    return OpenedTotal(replace(before.votes, **votes), blinding)


def map_of(dialogue: str, document: bytes) -> LoggedMap:
    return LoggedMap(dialogue, document, some(32, "votes"), "1.0", 7, "{}")
