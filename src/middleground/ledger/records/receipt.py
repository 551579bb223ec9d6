"""A participant's receipt: a sealed vote, its place in a box, and the proof that the box is logged.

It is a tlog-proof file (``proof_file.py``) whose leaf is the box's entry and whose extra line holds
the vote and its place. It proves that the vote lay in the box, and so that the final list must hold
its tag. It does not prove the final answer, which its holder can change until the close. The host
makes it on request only and does not store it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import (
    BadRecord,
    Label,
    Nonce,
    Number,
    Text,
    VoteWord,
)
from middleground.ledger.codecs.line_codec import decode, encode
from middleground.ledger.merkle.ballot_box import box_root
from middleground.ledger.merkle.hashing import HASH_BYTES, leaf_hash
from middleground.ledger.merkle.inclusion import inclusion_proof
from middleground.ledger.merkle.nodes import Nodes
from middleground.ledger.notes.checkpoint import Checkpoint
from middleground.ledger.notes.keys import VerifierKey, read_base64, write_base64
from middleground.ledger.records.entries import LoggedBox
from middleground.ledger.records.kinds import write_entry
from middleground.ledger.records.proof_file import (
    BadProof,
    ProofFile,
    check_proof,
    read_proof,
    write_proof,
)
from middleground.ledger.records.vote_opening import VoteOpening


@dataclass(frozen=True, slots=True)
class BoxedVote:
    """A vote's opening, and its place: ``path`` is base64 of the siblings, from the bottom up."""

    KIND: ClassVar[str] = "receipt"
    client: Nonce
    server: Nonce
    salt: Nonce
    dialogue: Label
    statement: Number
    vote: VoteWord
    slot: Number
    path: Text

    @property
    def opening(self) -> VoteOpening:
        return VoteOpening(
            self.client, self.server, self.salt, self.dialogue, self.statement, self.vote
        )

    def entry(self) -> bytes:
        """The log entry of the box. Raises ``BadProof`` if no box has such a place."""
        try:
            path = read_base64(self.path)
            siblings = [path[i : i + HASH_BYTES] for i in range(0, len(path), HASH_BYTES)]
            root = box_root(self.opening.seal(), self.slot, siblings)
        except ValueError as problem:
            raise BadProof(str(problem)) from problem
        return write_entry(LoggedBox(self.dialogue, root))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A vote, the index of its box in the log, and a signed checkpoint that includes the box."""

    boxed: BoxedVote
    index: int
    checkpoint: Checkpoint

    @property
    def opening(self) -> VoteOpening:
        return self.boxed.opening


def boxed_vote(opening: VoteOpening, slot: int, path: Sequence[bytes]) -> BoxedVote:
    """A vote with its place in a box."""
    return BoxedVote(
        opening.client,
        opening.server,
        opening.salt,
        opening.dialogue,
        opening.statement,
        opening.vote,
        slot,
        write_base64(b"".join(path)),
    )


def write_receipt(boxed: BoxedVote, index: int, log: Nodes, size: int, checkpoint: bytes) -> bytes:
    """Return a receipt: ``index`` is the box's, ``checkpoint`` the signed note at ``size``."""
    hashes = tuple(inclusion_proof(log, index, size))
    return write_proof(ProofFile(index, hashes, checkpoint, encode(boxed)))


def open_receipt(data: bytes, key: VerifierKey) -> Receipt:
    """Read a receipt. Raises ``BadProof`` unless a signed checkpoint includes the vote's box."""
    proof = read_proof(data)
    try:
        boxed = decode(BoxedVote, proof.extra or b"")
    except BadRecord as problem:
        raise BadProof(str(problem)) from problem
    return Receipt(boxed, proof.index, check_proof(proof, leaf_hash(boxed.entry()), key))
