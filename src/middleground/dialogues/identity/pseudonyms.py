"""From a token in a cookie to a pseudonym in one dialogue, and nothing else.

The browser keeps a random 128-bit token. The database holds 63 bits of
HMAC-SHA256(key of the dialogue, token): a different number in every dialogue, which cannot be
traced back without the key. Keys are files, one a dialogue, outside the database. Some time after
the close a dialogue's key is destroyed (see ``privacy.retention``), and is never made again.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from mnemonic import Mnemonic

from middleground.core.keyfiles import destroy, read_or_create
from middleground.ledger import tag_of

TOKEN_BYTES = 16
COOKIE = "__Host-participant"
COOKIE_SECONDS = 60 * 60 * 24 * 400  # the longest that browsers keep a cookie

_words = Mnemonic("english")


class BadPhrase(ValueError):
    """The twelve words are not a phrase of ours; the message says why."""


class KeyDestroyed(Exception):
    """The dialogue's key is gone for good: no token leads to a pseudonym any more."""


def new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


def write_token(token: bytes) -> str:
    """A token as the cookie's value."""
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def read_token(value: str | None) -> bytes | None:
    """The token in a cookie's value, or None where there is none or it is damaged."""
    if not value or len(value) != 22 or not value.isascii():
        return None
    try:
        token = base64.b64decode(value + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    return token if write_token(token) == value else None


def phrase(token: bytes) -> str:
    """Twelve words that carry the token to another device (the BIP-39 word list)."""
    return str(_words.to_mnemonic(token))


def token_from_phrase(text: str) -> bytes:
    """The token of twelve words. Raises ``BadPhrase``."""
    # Written down or copied, there are signs between the words and numbers before them.
    parts = re.split(r"[\s,.;:]+", text.lower())
    words = [part for part in parts if part and not part.isdecimal()]
    if len(words) != 12:
        raise BadPhrase(f"The phrase has 12 words; these are {len(words)}.")
    known = set(_words.wordlist)
    for position, word in enumerate(words, start=1):
        if word not in known:
            raise BadPhrase(f"Word {position}, “{word}”, is not one of ours. Check its spelling.")
    if not _words.check(" ".join(words)):
        raise BadPhrase("The words are right one by one, but not together. Check their order.")
    return bytes(_words.to_entropy(words))


def pseudonym(dialogue_id: int, token: bytes) -> int:
    """The participant's id in a dialogue: 63 bits, never 0."""
    return int.from_bytes(_mac(dialogue_id, b"participant", token)[:8], "big") >> 1 or 1


def proof(dialogue_id: int, token: bytes, statement_id: int, dealt: bool) -> str:
    """What a page carries so that a vote can be sent from it, and from nowhere else.

    It shows that this server gave the statement to this participant, and whether the server chose
    it (``dealt``) or the participant looked it up. Another site cannot know it, so it also stops
    cross-site request forgery.
    """
    purpose = b"dealt" if dealt else b"looked-up"
    mac = _mac(dialogue_id, purpose, token + statement_id.to_bytes(8, "big"))
    return base64.urlsafe_b64encode(mac[:12]).decode()


def proof_tells(dialogue_id: int, token: bytes, statement_id: int, given: str) -> bool | None:
    """True: dealt. False: looked up. None: the proof is not ours."""
    for dealt in (True, False):
        if hmac.compare_digest(
            proof(dialogue_id, token, statement_id, dealt).encode(), given.encode()
        ):
            return dealt
    return None


def draw(dialogue_id: int, root: bytes, token: bytes, votes: int) -> float:
    """The chance, uniform in [0, 1), by which someone's next statement is drawn.

    It follows from the ``root`` of a published checkpoint, the participant and how many votes they
    have, so the host cannot try until a draw suits; without the key nobody can foresee it.
    """
    mac = _mac(dialogue_id, b"draw", root + token + votes.to_bytes(4, "big"))
    return (int.from_bytes(mac[:8], "big") >> 11) * 2.0**-53


def vote_tag(dialogue_id: int, label: str, participant: int, number: int) -> bytes:
    """What all leaves of one participant's votes on one statement share (``vote_opening.py``)."""
    key = _key_of(os.fspath(settings.KEYS), dialogue_id).key
    return tag_of(key, label, participant.to_bytes(8, "big"), number)


def keyed_hash(dialogue_id: int, purpose: bytes, message: bytes) -> bytes:
    """32 bytes that only the dialogue's key can make; another purpose gives others."""
    return _mac(dialogue_id, purpose, message)


def _mac(dialogue_id: int, purpose: bytes, message: bytes) -> bytes:
    mac = _key_of(os.fspath(settings.KEYS), dialogue_id).started.copy()
    mac.update(purpose + b"\0" + message)
    return mac.finalize()


def destroy_key_file(dialogue_id: int) -> None:
    """Destroy the dialogue's key, on disk and in this process. Raises ``OSError``.

    A mark is left first, so that no power cut leaves a dialogue for which a new key would be made.
    """
    folder = Path(settings.KEYS)
    with _keys_lock:
        read_or_create(_mark(folder, dialogue_id), lambda: b"The key was destroyed.\n")
        _keys.pop((os.fspath(settings.KEYS), dialogue_id), None)
        destroy(_file(folder, dialogue_id))


def key_file_exists(dialogue_id: int) -> bool:
    return _file(Path(settings.KEYS), dialogue_id).exists()


def destroyed_keys() -> set[int]:
    """The dialogues whose keys were destroyed, by the marks in the keys folder."""
    marks = Path(settings.KEYS).glob("dialogue-*.destroyed")
    numbers = [path.name.removeprefix("dialogue-").removesuffix(".destroyed") for path in marks]
    return {int(number) for number in numbers if number.isascii() and number.isdigit()}


@dataclass(frozen=True, slots=True)
class _Key:
    """A dialogue's key, and a MAC that has taken it in: to copy it is three times as fast."""

    key: bytes = field(repr=False)
    started: HMAC


_keys: dict[tuple[str, int], _Key] = {}
_keys_lock = threading.Lock()


def _key_of(folder: str, dialogue_id: int) -> _Key:
    """Kept in memory, because each vote asks for it several times. Raises ``KeyDestroyed``."""
    known = _keys.get((folder, dialogue_id))
    if known is None:
        # Under the lock: whoever reads a key while it is destroyed must not keep it.
        with _keys_lock:
            if _mark(Path(folder), dialogue_id).exists():
                raise KeyDestroyed(dialogue_id)
            key = read_or_create(_file(Path(folder), dialogue_id), lambda: secrets.token_bytes(32))
            known = _keys[folder, dialogue_id] = _Key(key, HMAC(key, SHA256()))
    return known


def _file(folder: Path, dialogue_id: int) -> Path:
    return folder / f"dialogue-{dialogue_id}.key"


def _mark(folder: Path, dialogue_id: int) -> Path:
    return folder / f"dialogue-{dialogue_id}.destroyed"
