"""The log's own key, and the keys of the witnesses that the settings name."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings

from middleground.core.keyfiles import read_or_create
from middleground.ledger.files.signed_before import SignedBefore
from middleground.ledger.notes.keys import NOTE, SigningKey, VerifierKey, read_verifier_key


def signing_key() -> SigningKey:
    """Return the log's key. It is created on first use, with the name that witnesses know.

    The name is the host's first address. It is part of the key, so it stays if the address changes.
    """
    keys = Path(settings.KEYS)
    name = read_or_create(keys / "ledger.name", settings.LEDGER_NAME.encode).decode()
    seed = read_or_create(keys / "ledger.key", lambda: secrets.token_bytes(32))
    return SigningKey(name, NOTE, seed)


def signed_before() -> SignedBefore:
    """What this key has signed, beside the key: a backup of the data does not put it back."""
    return SignedBefore(Path(settings.KEYS))


def witness_keys() -> list[VerifierKey]:
    return [read_verifier_key(line) for _, line in settings.LEDGER_WITNESSES]
