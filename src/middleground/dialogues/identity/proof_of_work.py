"""That a participant is no cheap program: a small computation, or a short wait.

The computation follows the challenge format of ALTCHA (version 2, PBKDF2), which browsers compute
natively, so that an old telephone is not hundreds of times slower than whoever forges participants.
Challenge and ticket hold for one participant of one dialogue, so nothing need be remembered of
those that were used: a second use changes nothing.
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
COST = 5_000  # rounds of one trial; 256 trials on average
PREFIX = "00"
VALID = timedelta(hours=12)  # a page may lie open for an evening
WAIT_SECONDS = 30
TICKET_SECONDS = 3600
LONGEST = 2_000


def challenge(dialogue_id: int, token: bytes, now: datetime) -> str:
    """What the browser is to solve, as JSON."""
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
    """Whether it is a solution, of a challenge that this participant was given."""
    if len(payload) > LONGEST or not _is_for(payload, _mark(dialogue_id, b"work", token)):
        return False
    return verify_solution(payload, _secret(dialogue_id)).verified


def ticket(dialogue_id: int, token: bytes, now: datetime) -> str:
    """When somebody began to wait: kept in their page, and nowhere else."""
    return _ticket_signer(dialogue_id, token).sign(str(int(now.timestamp())))


def seconds_waited(dialogue_id: int, token: bytes, given: str, now: datetime) -> float | None:
    """The seconds since the ticket was given; None where it is none of ours, or too old."""
    try:
        began = int(_ticket_signer(dialogue_id, token).unsign(given))
    except BadSignature:
        return None
    since = now.timestamp() - began
    return since if since <= TICKET_SECONDS else None


def _ticket_signer(dialogue_id: int, token: bytes) -> Signer:
    """Signs for one participant of one dialogue, so a ticket is of no use to another.

    Not ``TimestampSigner``: it tells whether a time is over, and here it is asked how much is left.
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
