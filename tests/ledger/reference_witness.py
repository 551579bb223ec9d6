"""A short implementation of a witness's decision, with which the one-file witness is compared.

C2SP tlog-witness, add-checkpoint (c2sp.org/tlog-witness). Pure: the caller keeps the state.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from middleground.ledger.merkle.consistency import is_consistent
from middleground.ledger.merkle.hashing import EMPTY_ROOT, HASH_BYTES
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint, open_checkpoint
from middleground.ledger.notes.cosignature import cosign
from middleground.ledger.notes.keys import SigningKey, VerifierKey, read_base64
from middleground.ledger.notes.witness_protocol import Request

LONGEST_PROOF = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class BadRequest(ValueError):
    """The body is not an add-checkpoint request."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The latest checkpoint that the witness cosigned for a log; size 0 before the first."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status, a body, and what the witness has seen afterwards."""

    status: int
    body: str
    seen: Seen


def read_request(body: bytes) -> Request:
    """Raises ``BadRequest``."""
    head, empty_line, note = body.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    old = _OLD.fullmatch(lines[0])
    if not empty_line or not old or len(lines) - 1 > LONGEST_PROOF:
        raise BadRequest("the request is not: old size, proof, empty line, checkpoint")
    try:
        proof = tuple(read_base64(line) for line in lines[1:])
    except ValueError as problem:
        raise BadRequest("a line of the proof is not base64") from problem
    if any(len(part) != HASH_BYTES for part in proof):
        raise BadRequest("a line of the proof is not a hash")
    return Request(int(old[1]), proof, note)


def origin_of(request: Request) -> str:
    """The first line of the checkpoint, by which the caller finds the log's key and state."""
    return request.note.partition(b"\n")[0].decode("utf-8", "replace")


def decide(request: Request, seen: Seen, log: VerifierKey, key: SigningKey, time: int) -> Answer:
    """Cosign the checkpoint if it continues what was seen; refuse a fork.

    The states are tlog-witness's: 403 not signed by the log, 400 the old size is beyond the new
    one, 409 the old size is not the size last cosigned (which the body states) or the root of that
    size differs, 422 the proof does not hold.
    """
    try:
        checkpoint, note = open_checkpoint(request.note, log)
    except BadCheckpoint as problem:
        return Answer(403, f"{problem}\n", seen)
    if request.old_size > checkpoint.size:
        return Answer(400, "the old size is beyond the new one\n", seen)
    if request.old_size != seen.size:
        return Answer(409, f"{seen.size}\n", seen)
    if request.old_size == checkpoint.size and not request.proof and seen.root != checkpoint.root:
        return Answer(409, f"{seen.size}\n", seen)
    if not _continues(request, seen, checkpoint):
        return Answer(422, "the log does not continue what was cosigned before\n", seen)
    signature = cosign(note, key, time)
    return Answer(200, str(signature), Seen(checkpoint.size, checkpoint.root))


def _continues(request: Request, seen: Seen, checkpoint: Checkpoint) -> bool:
    return is_consistent(seen.size, seen.root, checkpoint.size, checkpoint.root, request.proof)
