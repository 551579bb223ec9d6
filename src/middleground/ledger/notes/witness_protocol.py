"""The request that a host sends to a witness: the body of add-checkpoint in C2SP tlog-witness.

(c2sp.org/tlog-witness.) The witness itself is the one-file program ``witness.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from middleground.ledger.notes.keys import write_base64


@dataclass(frozen=True, slots=True)
class Request:
    """A new checkpoint with the proof that it extends the log of ``old_size`` leaves."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes


def write_request(request: Request) -> bytes:
    lines = [f"old {request.old_size}", *map(write_base64, request.proof), "", ""]
    return "\n".join(lines).encode() + request.note
