"""The transparency log: Merkle hashing, checkpoints, sealed votes, and their verification. Pure.

It handles labels and hashes, and imports no app, no Django, no database and no clock.
"""

from middleground.ledger.checks.findings import CheckFinding, Report
from middleground.ledger.files.publishing import publish
from middleground.ledger.files.signed_before import Diverged
from middleground.ledger.notes.promise import Promise, sign_promise
from middleground.ledger.records.kinds import LoggedRecord, read_entry, write_entry
from middleground.ledger.records.text_opening import TextOpening
from middleground.ledger.records.vote_opening import VoteOpening
from middleground.ledger.verdict import Verdict, verdict_of
from middleground.ledger.verify import verify

__all__ = [
    "CheckFinding",
    "Diverged",
    "LoggedRecord",
    "Promise",
    "Report",
    "TextOpening",
    "Verdict",
    "VoteOpening",
    "publish",
    "read_entry",
    "sign_promise",
    "verdict_of",
    "verify",
    "write_entry",
]
