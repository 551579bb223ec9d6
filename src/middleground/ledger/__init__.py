"""The transparency log: Merkle hashing, checkpoints, sealed votes, and their verification. Pure.

It knows labels and hashes and no model above it; no Django, no database, no clock.
"""

from middleground.ledger.checks.findings import Finding, Report
from middleground.ledger.leaf import VoteOpening, tag_of
from middleground.ledger.promise import Promise, sign_promise
from middleground.ledger.publishing import Diverged, publish
from middleground.ledger.records import LoggedRecord, read_entry, write_entry
from middleground.ledger.statement import StatementOpening
from middleground.ledger.verdict import Verdict, verdict_of
from middleground.ledger.verify import verify

__all__ = [
    "Diverged",
    "Finding",
    "LoggedRecord",
    "Promise",
    "Report",
    "StatementOpening",
    "Verdict",
    "VoteOpening",
    "publish",
    "read_entry",
    "sign_promise",
    "tag_of",
    "verdict_of",
    "verify",
    "write_entry",
]
