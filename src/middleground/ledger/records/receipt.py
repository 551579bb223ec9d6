"""A participant's receipt: the opening of a vote, with the proof that its leaf is in the log.

It is a tlog-proof file (``proof_file.py``) whose extra line holds the opening. A receipt proves to
anybody how the participant voted. So the host makes it on request only and does not store it.
"""

from __future__ import annotations

from dataclasses import dataclass

from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.codecs.line_codec import decode, encode
from middleground.ledger.merkle.inclusion import inclusion_proof
from middleground.ledger.merkle.nodes import Nodes
from middleground.ledger.notes.checkpoint import Checkpoint
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.records.proof_file import (
    BadProof,
    ProofFile,
    check_proof,
    read_proof,
    write_proof,
)
from middleground.ledger.records.vote_opening import VoteOpening


@dataclass(frozen=True, slots=True)
class Receipt:
    """A vote, its place in the log, and a signed checkpoint that includes it."""

    opening: VoteOpening
    index: int
    checkpoint: Checkpoint


def write_receipt(
    opening: VoteOpening, index: int, log: Nodes, size: int, checkpoint: bytes
) -> bytes:
    """Return a receipt for the leaf at ``index``; ``checkpoint`` is the signed note at ``size``."""
    hashes = tuple(inclusion_proof(log, index, size))
    return write_proof(ProofFile(index, hashes, checkpoint, encode(opening)))


def open_receipt(data: bytes, key: VerifierKey) -> Receipt:
    """Read a receipt. Raises ``BadProof`` unless a signed checkpoint includes the vote."""
    proof = read_proof(data)
    try:
        opening = decode(VoteOpening, proof.extra or b"")
    except BadRecord as problem:
        raise BadProof(str(problem)) from problem
    return Receipt(opening, proof.index, check_proof(proof, opening.leaf(), key))
