"""The result of a check: a plain sentence, with details for readers who want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["holds", "fails", "open"]
Subject = Literal[
    "key",
    "signature",
    "history",
    "fork",
    "tiles",
    "witness",
    "record",
    "text",
    "document",
    "replaced",
    "reason",
    "closing",
    "overdue",
    "list",
    "tag",
    "total",
    "withheld",
    "map",
    "promise",
    "receipt",
    "foreign",
    "site",
    "answers",
    "commitments",
    "rules",
    "evidence",
    "unchecked",
]
MOST_DETAILS = 20
# For files that the reader added to the copy.
BESIDE = "beside the total: if its holder did not take the vote back, the settings must say why"
FOREIGN = "They are damaged, or of another log or key, and prove nothing about this one."


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """``holds``: checked and right. ``fails``: wrong. ``open``: the files do not decide it."""

    subject: Subject
    state: State
    sentence: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[CheckFinding, ...]

    @property
    def holds(self) -> bool:
        """Whether no check failed; open findings do not count as failures."""
        return all(finding.state != "fails" for finding in self.findings)

    @property
    def sentence(self) -> str:
        """The summary in one line."""
        failing = sum(finding.state == "fails" for finding in self.findings)
        left_open = sum(finding.state == "open" for finding in self.findings)
        if failing:
            return f"Do not rely on this log. Checks that failed: {failing}."
        if left_open:
            return f"Everything that could be checked holds. Left open: {left_open}."
        return "Everything holds."


def holds(subject: Subject, sentence: str) -> CheckFinding:
    return CheckFinding(subject, "holds", sentence)


def fails(subject: Subject, sentence: str, details: Sequence[str] = ()) -> CheckFinding:
    return CheckFinding(subject, "fails", sentence, shortened(details))


def unclear(subject: Subject, sentence: str, details: Sequence[str] = ()) -> CheckFinding:
    return CheckFinding(subject, "open", sentence, shortened(details))


def shortened(details: Sequence[str]) -> tuple[str, ...]:
    if len(details) <= MOST_DETAILS:
        return tuple(details)
    return (*details[:MOST_DETAILS], f"… and {len(details) - MOST_DETAILS} more")
