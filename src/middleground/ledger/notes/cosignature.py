"""A witness's timestamped statement that a log only grew: C2SP tlog-cosignature, version 1.

(c2sp.org/tlog-cosignature, in its Ed25519 form. The specification prefers the post-quantum
ML-DSA-44; we use Ed25519 because browsers can verify it.)
"""

from __future__ import annotations

from middleground.ledger.notes.keys import COSIGNATURE, SigningKey, VerifierKey
from middleground.ledger.notes.note import BadNote, Note, Signature

_LATEST = 2**63 - 1


def cosign(note: Note, key: SigningKey, time: int) -> Signature:
    """Cosign a checkpoint at ``time``, in seconds since 1970.

    It states that at this time the checkpoint is the largest consistent tree of the log that the
    witness has seen. The caller must ensure that this is true (see ``witness.py``).
    """
    if key.kind != COSIGNATURE:
        raise BadNote("this key is not a witness's")
    if not 0 < time <= _LATEST:
        raise BadNote("a cosignature needs its time")
    public = key.verifier
    signed = key.sign(_message(note.text, time))
    return Signature(public.name, public.id, time.to_bytes(8, "big") + signed)


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """Return when ``key`` last cosigned the checkpoint; None if it did not.

    Raises ``BadNote`` if a signature names the key and is invalid.
    """
    times = []
    for signature in note.signatures:
        if not signature.is_by(key):
            continue
        time, data = int.from_bytes(signature.data[:8], "big"), signature.data[8:]
        if not 0 < time <= _LATEST or not key.verifies(_message(note.text, time), data):
            raise BadNote(f"the cosignature in the name of {key.name} is forged")
        times.append(time)
    return max(times, default=None)


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
