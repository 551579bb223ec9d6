"""Is the vote of each receipt in the list of its statement?

Participants put their receipts into ``receipts/`` of their own copy, one per file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from middleground.ledger.checks.count.lists import Recount
from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import (
    BESIDE,
    FOREIGN,
    CheckFinding,
    State,
    shortened,
    unclear,
)
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.records.entries import ClosedDialogue
from middleground.ledger.records.proof_file import BadProof
from middleground.ledger.records.receipt import Receipt, open_receipt

Outcome = Literal["wrong", "sealed", "beside", "withheld", "counted"]
OUTCOMES: dict[Outcome, tuple[State, str]] = {
    "wrong": ("fails", "Votes of receipts were kept back."),
    "sealed": ("open", "Receipts whose vote is in a box of the log, sealed until the result: {}."),
    "beside": ("open", "Receipts whose vote is listed and not counted: {}."),
    "withheld": ("open", "Receipts whose vote is listed on a statement that stays shut: {}."),
    "counted": ("holds", "Receipts whose vote is listed and counted: {}."),
}


def check_receipts(
    folder: Path, key: VerifierKey, log: Log, recount: Recount
) -> list[CheckFinding]:
    closed = {record.dialogue for _, record in log.of(ClosedDialogue)}
    lines: dict[Outcome, list[str]] = {outcome: [] for outcome in OUTCOMES}
    foreign: list[str] = []
    for name, path in files_in(folder, "receipts/*"):
        try:
            receipt = open_receipt(path.read_bytes(), key)
        except (BadProof, BadRecord) as problem:
            foreign.append(f"{name}: {problem}.")
            continue
        outcome, words = _judge(receipt, log, recount, closed)
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


def _judge(receipt: Receipt, log: Log, recount: Recount, closed: set[str]) -> tuple[Outcome, str]:
    vote, index = receipt.opening, receipt.index
    if index >= len(log.leaves) or log.leaves[index] != leaf_hash(receipt.boxed.entry()):
        return "wrong", f"entry {index} is not its box, though the log signed that it is: a fork"
    if vote.dialogue not in closed:
        return "sealed", f"the vote is in the box of entry {index}"
    mark = recount.mark_of(vote.tag, vote.dialogue, vote.statement)
    where = f"the list of statement {vote.statement}"
    if mark is None:
        return "wrong", f"the vote was in the box of entry {index}, and {where} lacks its tag"
    if mark == "beside":
        return "beside", f"{where} holds its tag {BESIDE}"
    return mark, f"{where} holds its tag"
