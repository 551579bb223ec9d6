"""The verdict on a report, in one sentence for readers who know no cryptography."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from middleground.ledger.checks.findings import Report, State, Subject

# Reasons not to rely on a log, the worst first.
REASONS: dict[Subject, str] = {
    "fork": "its key signed two logs that contradict each other.",
    "signature": "not everything in it is signed by its host.",
    "key": "its key cannot be read.",
    "history": "its entries are not those that were signed.",
    "tiles": "some of its files are not those that were signed.",
    "record": "it holds entries that cannot be read.",
    "closing": "a closed dialogue is incomplete, or went on after its end.",
    "overdue": "a dialogue is over, and its votes were not listed within two days.",
    "list": "nothing proves that each of its listed votes is one.",
    "tag": "a vote stands in two lists.",
    "total": "a published result is not the sum of the votes.",
    "map": "a final map does not show what the sums of the votes say.",
    "text": "texts are not shown as they were logged.",
    "document": "a published document is not the one that was logged.",
    "reason": "decisions name reasons that the settings do not tell so.",
    "site": "the site shows something else than the log.",
    "answers": "answers of bodies are not shown as they were logged.",
    "commitments": "commitments of bodies are not shown as they were logged.",
    "rules": "rules for answers are not shown as they were logged.",
    "evidence": "sources and claims are not shown as they were logged.",
    "promise": "a promise that was signed was not kept.",
    "receipt": "a vote whose receipt is here was kept back.",
    "witness": "a signature in a witness's name is forged.",
}

# What an open check means for a reader.
# Empty: the finding's own sentence is used, because it has the numbers.
MEANINGS: dict[Subject, str] = {
    "key": (
        "The key was taken from the log itself. Compare it with the one that the host printed "
        "elsewhere: whoever forges a whole log forges its key too."
    ),
    "witness": (
        "Nobody else is known to have signed this state of the log, so others may have been shown "
        "another one."
    ),
    "tiles": "There are files that no signature covers yet.",
    "record": "There are entries of kinds that this program does not know.",
    "document": "Some documents are not in this copy, or were never logged.",
    "reason": "",
    "replaced": "",
    "withheld": "",
    "list": "",
    "closing": "Votes of dialogues that are open are sealed until their result.",
    "promise": "Some promises are not due yet, or their vote is not counted; each says why.",
    "receipt": "Of some receipts it is not settled whether their vote counts; each says why.",
    "foreign": "Some files that you hold are not signed by this log: damaged, or not from here.",
    "unchecked": "",
}

# Unless these hold, nothing was verified.
NEEDED: set[Subject] = {"signature", "history", "tiles"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """``green`` only if no check failed and the log itself was checked."""

    green: bool
    sentence: str
    meaning: tuple[str, ...]


def verdict_of(report: Report) -> Verdict:
    """Return the sentence, and a line for each kind of check that was left open.

    A log is green even if its key came from the log itself or no witness signed it: it is
    consistent in itself, and the lines state what was not verified.
    """
    failing, holding = _subjects(report, "fails"), _subjects(report, "holds")
    left_open = {each.subject: each.sentence for each in report.findings if each.state == "open"}
    green = not failing and holding >= NEEDED
    meaning = tuple(
        words or left_open[subject] for subject, words in MEANINGS.items() if subject in left_open
    )
    if failing or not green:
        return Verdict(False, _what_is_wrong(failing), meaning)
    return Verdict(True, f"This log is as its host signed it{_result(holding, left_open)}", meaning)


def _subjects(report: Report, state: State) -> set[Subject]:
    return {finding.subject for finding in report.findings if finding.state == state}


def _what_is_wrong(failing: set[Subject]) -> str:
    if not failing:
        return "This log could not be checked."
    reason = next(words for subject, words in REASONS.items() if subject in failing)
    return f"Do not rely on this log: {reason}"


def _result(holding: Collection[Subject], left_open: Collection[Subject]) -> str:
    """State how far the results were recounted: only opened totals can be."""
    if "total" in holding:
        return ", and every total that is opened is the sum of its votes."
    return ". Its results stay shut." if "withheld" in left_open else ". It has no result yet."
