"""The log's own key, and the keys of the witnesses that the settings name."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings

from middleground.core.keyfiles import read_or_create
from middleground.ledger.files.signed_before import SignedBefore
from middleground.ledger.notes.keys import NOTE, SigningKey, VerifierKey, read_verifier_key
from middleground.publiclog.models import LogState


class LogKeyMissing(FileNotFoundError):
    """The key that signed the log is not in the folder of keys. Another key is another log."""


def signing_key() -> SigningKey:
    """Return the log's key. It is created on first use, with the name that witnesses know.

    The name is the host's first address. It is part of the key, so it stays if the address changes.
    Raises ``LogKeyMissing`` if something was signed already.
    """
    keys = Path(settings.KEYS)
    for file in (keys / "ledger.key", keys / "ledger.name"):
        if not file.exists() and _was_used():
            raise LogKeyMissing(f"{file} is missing: put it back from the backup of the keys")
    name = read_or_create(keys / "ledger.name", settings.LEDGER_NAME.encode).decode()
    seed = read_or_create(keys / "ledger.key", lambda: secrets.token_bytes(32))
    return SigningKey(name, NOTE, seed)


def is_log_key_in(folder: Path, verifier: str) -> bool:
    """Whether the folder has the log's key with this public key."""
    try:
        name = (folder / "ledger.name").read_bytes().decode()
        key = SigningKey(name, NOTE, (folder / "ledger.key").read_bytes())
    except FileNotFoundError:
        return False
    return str(key.verifier) == verifier


def _was_used() -> bool:
    signed = LogState.objects.filter(signed__gt=0).exists()
    return signed or signed_before().largest() is not None


def signed_before() -> SignedBefore:
    """What this key has signed, beside the key: a backup of the data does not put it back."""
    return SignedBefore(Path(settings.KEYS))


def witness_keys() -> list[VerifierKey]:
    return [read_verifier_key(line) for _, line in settings.LEDGER_WITNESSES]
