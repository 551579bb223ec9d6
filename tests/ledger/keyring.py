"""Keys for tests, derived from a name alone, so that signatures are the same in every run."""

from __future__ import annotations

import hashlib

from middleground.ledger.notes.keys import COSIGNATURE, NOTE, SigningKey


def log_key(name: str = "host.example/ledger") -> SigningKey:
    return SigningKey(name, NOTE, hashlib.sha256(f"log {name}".encode()).digest())


def witness_key(name: str = "newsroom.example") -> SigningKey:
    return SigningKey(name, COSIGNATURE, hashlib.sha256(f"witness {name}".encode()).digest())
