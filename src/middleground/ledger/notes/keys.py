"""Named Ed25519 keys, in the text forms of C2SP signed-note (c2sp.org/signed-note)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

NOTE = 0x01  # the log's signature over a note's text
COSIGNATURE = 0x04  # a witness's timestamped signature (tlog-cosignature)


class BadKey(ValueError):
    """The text is not a verifier key of a known kind; the message says why."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that verifies signatures: a name, the kind of signature, a public key."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise BadKey("a key's name is not empty and holds no space, plus or control character")
        if self.kind not in {NOTE, COSIGNATURE}:
            raise BadKey(f"signatures of kind {self.kind} are not known here")
        if len(self.public) != 32:
            raise BadKey("an Ed25519 public key has 32 bytes")

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key)."""
        start = self.name.encode() + b"\n" + bytes([self.kind])
        return hashlib.sha256(start + self.public).digest()[:4]

    def __str__(self) -> str:
        """The key as a line of text: ``name+id+base64(kind ‖ public key)``."""
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes) is valid for ``message`` (RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; ``seed`` is RFC 8032's 32-byte private key."""

    name: str
    kind: int
    seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r}, {self.kind})"  # keeps the seed out of logs

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def is_key_name(name: str) -> bool:
    """Whether ``name`` is not empty and has no spaces, plus signs or control characters."""
    return bool(name) and not any(c.isspace() or c == "+" or ord(c) < 0x20 for c in name)


def read_verifier_key(text: str) -> VerifierKey:
    """Parse a line of text. Raises ``BadKey``."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadKey("a verifier key has three parts with plus signs between them")
    try:
        material = read_base64(parts[2])
    except ValueError as problem:
        raise BadKey("a verifier key ends in base64") from problem
    if not material:
        raise BadKey("a verifier key ends in the key itself")
    key = VerifierKey(parts[0], material[0], material[1:])
    if parts[1] != key.id.hex():
        raise BadKey(f"the key's id should be {key.id.hex()}, not {parts[1]}")
    return key


def read_base64(text: str) -> bytes:
    """Decode standard base64 in its canonical form. Raises ``ValueError``."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError(str(problem)) from problem
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the only spelling")
    return data


def write_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
