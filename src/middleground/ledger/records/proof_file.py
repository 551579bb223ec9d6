"""Inclusion proofs that only need keys to verify: C2SP tlog-proof (c2sp.org/tlog-proof)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from middleground.ledger.merkle.hashing import HASH_BYTES
from middleground.ledger.merkle.inclusion import is_included
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint, open_checkpoint
from middleground.ledger.notes.keys import VerifierKey, read_base64, write_base64

_FIRST = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_LONGEST = 64


class BadProof(ValueError):
    """The bytes are not a proof file, or it does not prove what it should."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A leaf's index, its inclusion proof, and the signed checkpoint.

    ``extra`` is not authenticated; this project puts a vote's opening there.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def write_proof(proof: ProofFile) -> bytes:
    lines = [_FIRST]
    if proof.extra is not None:
        lines.append(f"extra {write_base64(proof.extra)}")
    lines += [f"index {proof.index}", *map(write_base64, proof.hashes), "", ""]
    return "\n".join(lines).encode() + proof.checkpoint


def read_proof(data: bytes) -> ProofFile:
    """Parse a proof file without verifying it. Raises ``BadProof``."""
    head, empty_line, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if not empty_line or lines.pop(0) != _FIRST:
        raise BadProof("the file is not a tlog-proof")
    try:
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = read_base64(lines.pop(0)[6:])
        index = _INDEX.fullmatch(lines.pop(0) if lines else "")
        hashes = tuple(read_base64(line) for line in lines)
    except ValueError as problem:
        raise BadProof("a line is not base64") from problem
    if not index or len(hashes) > _LONGEST or any(len(part) != HASH_BYTES for part in hashes):
        raise BadProof("the index or a hash is not written as it should be")
    return ProofFile(int(index[1]), hashes, checkpoint, extra)


def check_proof(proof: ProofFile, leaf: bytes, log: VerifierKey) -> Checkpoint:
    """Return the signed checkpoint that includes the leaf. Raises ``BadProof``.

    The reader decides whether enough witnesses cosigned it: see ``cosignature.cosigned_at``.
    """
    try:
        checkpoint, _ = open_checkpoint(proof.checkpoint, log)
    except BadCheckpoint as problem:
        raise BadProof(str(problem)) from problem
    if not is_included(leaf, proof.index, checkpoint.size, checkpoint.root, proof.hashes):
        raise BadProof("the leaf is not in the log at that place")
    return checkpoint
