"""A proof of work or a short wait, which makes it costly to forge many participants.

The proof of work uses the challenge format of ALTCHA (version 2, PBKDF2). Browsers compute PBKDF2
natively, so an old telephone is not hundreds of times slower than an attacker. Challenge and ticket
are bound to one participant of one dialogue. Using one twice changes nothing, so the used ones are
not stored.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from hmac import compare_digest

from altcha import create_challenge, verify_solution
from django.core.signing import BadSignature, Signer

from middleground.dialogues.identity.keys import keyed_hash

ALGORITHM = "PBKDF2/SHA-256"
COST = 5_000  # PBKDF2 iterations per trial; 256 trials on average
PREFIX = "00"
VALID = timedelta(hours=12)  # a page may lie open for an evening
WAIT_SECONDS = 30
TICKET_SECONDS = 3600
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


def ticket(dialogue_id: int, token: bytes, now: datetime) -> str:
    """The signed time at which the wait began. Only the page contains it."""
    return _ticket_signer(dialogue_id, token).sign(str(int(now.timestamp())))


def seconds_waited(dialogue_id: int, token: bytes, given: str, now: datetime) -> float | None:
    """The seconds since the ticket was made; None if its signature is invalid or it is too old."""
    try:
        began = int(_ticket_signer(dialogue_id, token).unsign(given))
    except BadSignature:
        return None
    since = now.timestamp() - began
    return since if since <= TICKET_SECONDS else None


def _ticket_signer(dialogue_id: int, token: bytes) -> Signer:
    """A signer for one participant of one dialogue, so that no other can use the ticket.

    ``TimestampSigner`` only checks a maximum age, but here the time left is needed.
    """
    key = keyed_hash(dialogue_id, b"wait", token)
    return Signer(key=key.hex(), salt="middleground.wait")


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
