"""A proof of work, which makes it costly to forge many participants.

The proof of work uses the challenge format of ALTCHA (version 2, PBKDF2). Browsers compute PBKDF2
natively, so an old telephone is not hundreds of times slower than an attacker. A challenge is bound
to one participant of one dialogue. Using it twice changes nothing, so the used ones are not stored.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from hmac import compare_digest

from altcha import create_challenge, verify_solution

from middleground.dialogues.identity.keys import keyed_hash

ALGORITHM = "PBKDF2/SHA-256"
COST = 5_000  # PBKDF2 iterations per trial; 256 trials on average
PREFIX = "00"
VALID = timedelta(hours=12)  # a page may lie open for an evening
LONGEST = 2_000


def challenge(dialogue_id: int, token: bytes, now: datetime) -> str:
    """The challenge for the browser, as JSON."""
    made = create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        expires_at=int((now + VALID).timestamp()),
        data={"for": _mark(dialogue_id, b"work", token)},
        hmac_secret=_secret(dialogue_id),
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def is_solution(dialogue_id: int, token: bytes, payload: str) -> bool:
    """Whether ``payload`` solves a challenge that was made for this participant."""
    if len(payload) > LONGEST or not _is_for(payload, _mark(dialogue_id, b"work", token)):
        return False
    return verify_solution(payload, _secret(dialogue_id)).verified


def _is_for(payload: str, mark: str) -> bool:
    try:
        data = json.loads(base64.b64decode(payload, validate=True))
        given = data["challenge"]["parameters"]["data"]["for"]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return False
    return isinstance(given, str) and compare_digest(given.encode(), mark.encode())


def _mark(dialogue_id: int, purpose: bytes, message: bytes) -> str:
    return keyed_hash(dialogue_id, purpose, message)[:12].hex()


def _secret(dialogue_id: int) -> bytes:
    return keyed_hash(dialogue_id, b"challenges", b"")
