"""Is the vote of each receipt in this log, and was it counted?

Participants put their receipts into ``receipts/`` of their own copy, one a file.
"""

from __future__ import annotations

from pathlib import Path

from middleground.ledger.checks.files import files_in, text_of
from middleground.ledger.checks.findings import Finding, State, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.forms import BadRecord
from middleground.ledger.keys import VerifierKey
from middleground.ledger.leaf import VoteOpening
from middleground.ledger.openings_file import read_openings
from middleground.ledger.proof_file import BadProof
from middleground.ledger.receipt import Receipt, open_receipt
from middleground.ledger.totals_file import read_totals


def check_receipts(folder: Path, key: VerifierKey, log: Log) -> list[Finding]:
    lines: dict[State, list[str]] = {"holds": [], "fails": [], "open": []}
    for name, path in files_in(folder, "receipts/*"):
        try:
            state, words = _judge(open_receipt(path.read_bytes(), key), folder, log)
        except (BadProof, BadRecord) as problem:
            state, words = "fails", str(problem)
        lines[state].append(f"{name}: {words}.")
    found: list[Finding] = []
    if lines["fails"]:
        found.append(fails("receipt", "Votes of receipts were not counted.", lines["fails"]))
    if lines["open"]:
        found.append(unclear("receipt", "Receipts whose holder has to look.", lines["open"]))
    if lines["holds"]:
        sentence = f"Receipts whose vote is in the log and was counted: {len(lines['holds'])}."
        found.append(holds("receipt", sentence))
    return found


def _judge(receipt: Receipt, folder: Path, log: Log) -> tuple[State, str]:
    opening, index = receipt.opening, receipt.index
    if index >= len(log.leaves) or log.leaves[index] != opening.leaf():
        return "fails", f"leaf {index} is not the vote, though the log signed that it is: a fork"
    totals = folder / "totals" / opening.dialogue
    if not totals.is_file():
        return "open", "the vote is in the log, sealed until the result"
    tallies = read_totals(text_of(totals), opening.dialogue).tallies
    if tallies.get(opening.statement, opening) is None:
        return "open", "the vote is in the log; its statement had too few people to show"
    votes = _opened(folder, opening)
    if (index, opening) not in votes:
        return "fails", "the vote is in the log and was not opened: it was deleted, or kept back"
    later = [place for place, vote in votes if vote.tag == opening.tag and place > index]
    if later:
        # Whoever holds the dialogue's key could vote again in somebody's name; only they can tell.
        return "open", f"leaf {later[-1]} replaced the vote; if its holder did not, the host did"
    return "holds", "the vote is in the log and was counted"


def _opened(folder: Path, opening: VoteOpening) -> tuple[tuple[int, VoteOpening], ...]:
    path = folder / "openings" / opening.dialogue / str(opening.statement)
    if not path.is_file():
        return ()
    return read_openings(text_of(path), opening.dialogue, opening.statement).votes
