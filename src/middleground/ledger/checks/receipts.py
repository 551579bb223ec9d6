"""Is the vote of each receipt in the log, and was it counted?

Participants put their receipts into ``receipts/`` of their own copy, one per file. A file may also
be a vote's opening alone, which a participant gets before the log includes the vote.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from middleground.ledger.checks.files import files_in, text_of
from middleground.ledger.checks.findings import (
    FOREIGN,
    CheckFinding,
    State,
    shortened,
    unclear,
)
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.codecs.line_codec import decode
from middleground.ledger.files.openings import read_openings
from middleground.ledger.files.totals import read_totals
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.records.proof_file import BadProof
from middleground.ledger.records.receipt import open_receipt
from middleground.ledger.records.vote_opening import VoteOpening

Outcome = Literal["wrong", "absent", "sealed", "withheld", "replaced", "counted"]
OUTCOMES: dict[Outcome, tuple[State, str]] = {
    "wrong": ("fails", "Votes of receipts were not counted."),
    "absent": (
        "open",
        "Seals that are not in this log: {}. Their votes wait for their batch, or the files are "
        "damaged or made up: nobody signed them. A promise proves that a vote was to come.",
    ),
    "sealed": ("open", "Receipts whose vote is in the log, sealed until the result: {}."),
    "withheld": ("open", "Receipts whose vote is in the log and stays shut: {}."),
    "replaced": (
        "open",
        "Receipts whose vote a later one replaced: {}. Their holders have to look whether they "
        "changed it themselves.",
    ),
    "counted": ("holds", "Receipts whose vote is in the log and was counted: {}."),
}


def check_receipts(folder: Path, key: VerifierKey, log: Log) -> list[CheckFinding]:
    lines: dict[Outcome, list[str]] = {outcome: [] for outcome in OUTCOMES}
    foreign: list[str] = []
    for name, path in files_in(folder, "receipts/*"):
        try:
            opening, index = _read(path.read_bytes(), key, log)
        except (BadProof, BadRecord) as problem:
            foreign.append(f"{name}: {problem}.")
            continue
        outcome, words = _judge(opening, index, folder, log)
        lines[outcome].append(f"{name}: {words}.")
    found: list[CheckFinding] = []
    if foreign:
        sentence = f"Receipts that this log's signature does not cover: {len(foreign)}. {FOREIGN}"
        found.append(unclear("foreign", sentence, foreign))
    for outcome, (state, sentence) in OUTCOMES.items():
        if details := lines[outcome]:
            found.append(
                CheckFinding("receipt", state, sentence.format(len(details)), shortened(details))
            )
    return found


def _read(data: bytes, key: VerifierKey, log: Log) -> tuple[VoteOpening, int | None]:
    """Return a vote and its index in the log; None for an opening that is not logged."""
    if not data.startswith(b"vote-opening/"):
        receipt = open_receipt(data, key)
        return receipt.opening, receipt.index
    opening = decode(VoteOpening, data)
    leaf = opening.leaf()
    return opening, log.leaves.index(leaf) if leaf in log.leaves else None


def _judge(opening: VoteOpening, index: int | None, folder: Path, log: Log) -> tuple[Outcome, str]:
    if index is None:
        return "absent", f"its seal {opening.seal().hex()} is not in this log"
    if index >= len(log.leaves) or log.leaves[index] != opening.leaf():
        return "wrong", f"leaf {index} is not the vote, though the log signed that it is: a fork"
    totals = folder / "totals" / opening.dialogue
    if not totals.is_file():
        return "sealed", f"the vote is leaf {index} of the log, sealed until the result"
    try:
        return _judge_result(opening, index, folder, text_of(totals))
    except BadRecord as problem:
        return "wrong", str(problem)


def _judge_result(
    opening: VoteOpening, index: int, folder: Path, totals: str
) -> tuple[Outcome, str]:
    tallies = read_totals(totals, opening.dialogue).tallies
    if tallies.get(opening.statement, opening) is None:
        return (
            "withheld",
            f"the vote is leaf {index} of the log; its statement stays shut, because too few "
            "people gave one of its answers, or because it was taken out or merged",
        )
    votes = _opened(folder, opening)
    if (index, opening) not in votes:
        return "wrong", "the vote is in the log and was not opened: it was deleted, or kept back"
    later = [place for place, vote in votes if vote.tag == opening.tag and place > index]
    if later:
        # The holder of the dialogue's key could forge a later vote. Only the participant can tell.
        return (
            "replaced",
            f"leaf {later[-1]} replaced the vote; if its holder did not, the host did",
        )
    return "counted", "the vote is in the log and was counted"


def _opened(folder: Path, opening: VoteOpening) -> tuple[tuple[int, VoteOpening], ...]:
    path = folder / "openings" / opening.dialogue / str(opening.statement)
    if not path.is_file():
        return ()
    return read_openings(text_of(path), opening.dialogue, opening.statement).votes
