"""Proofs in a page that its participant was shown a statement, dealt or looked up."""

from __future__ import annotations

import base64
import hmac

from middleground.dialogues.identity.keys import keyed_hash


def proof(dialogue_id: int, token: bytes, statement_id: int, dealt: bool) -> str:
    """A MAC that a page contains and a vote must repeat, so that no other page can send it.

    It proves that this server gave the statement to this participant, and whether the server chose
    it (``dealt``) or the participant looked it up. Another site cannot know it, so it also prevents
    cross-site request forgery.
    """
    purpose = b"dealt" if dealt else b"looked-up"
    mac = keyed_hash(dialogue_id, purpose, token + statement_id.to_bytes(8, "big"))
    return base64.urlsafe_b64encode(mac[:12]).decode()


def check_proof(dialogue_id: int, token: bytes, statement_id: int, given: str) -> bool | None:
    """True if the statement was dealt, False if it was looked up, None if the proof is invalid."""
    for dealt in (True, False):
        if hmac.compare_digest(
            proof(dialogue_id, token, statement_id, dealt).encode(), given.encode()
        ):
            return dealt
    return None
