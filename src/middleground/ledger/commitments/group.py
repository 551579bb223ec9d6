"""Points and scalars of ristretto255 (RFC 9496), computed by libsodium.

A point is its encoding, 32 bytes; a scalar is an integer from 0 to ``ORDER`` − 1. libsodium refuses
to multiply by 0 and to return the identity, and does not read the highest bit of an encoding, so
that is handled here. It computes with bytes that encode no point, too: read them first.

``rbcl`` carries libsodium as bytes. It writes them into a temporary file each time it is imported,
loads the file, and leaves it there; we delete it. Most commands never need it, so it is imported
when something is computed.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

ORDER = 2**252 + 27742317777372353535851937790883648493
POINT_BYTES = SCALAR_BYTES = 32
IDENTITY = bytes(POINT_BYTES)


class BadPoint(ValueError):
    """The bytes encode no point, or no scalar in its only spelling."""


@cache
def _sodium() -> Any:
    import rbcl

    with suppress(OSError):  # Windows keeps a file that is loaded
        Path(rbcl._sodium._name).unlink()
    return rbcl


def read_point(data: bytes) -> bytes:
    """Return the point that the bytes encode. Raises ``BadPoint``."""
    if (
        len(data) != POINT_BYTES
        or data[-1] >> 7
        or not (data == IDENTITY or _sodium().crypto_core_ristretto255_is_valid_point(data))
    ):
        raise BadPoint("these 32 bytes encode no point of ristretto255")
    return data


def add(one: bytes, other: bytes) -> bytes:
    return bytes(_sodium().crypto_core_ristretto255_add(one, other))


def subtract(one: bytes, other: bytes) -> bytes:
    return bytes(_sodium().crypto_core_ristretto255_sub(one, other))


def times_base(scalar: int) -> bytes:
    """The scalar's multiple of the base point B."""
    return bytes(
        _sodium().crypto_scalarmult_ristretto255_base_allow_scalar_zero(write_scalar(scalar))
    )


def times(scalar: int, point: bytes) -> bytes:
    """The scalar's multiple of a valid point."""
    if point == IDENTITY:
        return IDENTITY
    return bytes(
        _sodium().crypto_scalarmult_ristretto255_allow_scalar_zero(write_scalar(scalar), point)
    )


def hash_to_point(text: bytes) -> bytes:
    """A point whose discrete logarithm nobody knows: RFC 9496, 4.3.4, of SHA-512 of the text."""
    return bytes(_sodium().crypto_core_ristretto255_from_hash(hashlib.sha512(text).digest()))


def hash_to_scalar(text: bytes) -> int:
    """SHA-512 of the text, read in little-endian order, modulo ``ORDER``."""
    return int.from_bytes(hashlib.sha512(text).digest(), "little") % ORDER


def write_scalar(scalar: int) -> bytes:
    """Little-endian, 32 bytes."""
    return scalar.to_bytes(SCALAR_BYTES, "little")


def read_scalar(data: bytes) -> int:
    """Raises ``BadPoint`` for another length or a number that is not below ``ORDER``."""
    scalar = int.from_bytes(data, "little")
    if len(data) != SCALAR_BYTES or scalar >= ORDER:
        raise BadPoint("these bytes are no scalar of ristretto255 in its only spelling")
    return scalar
