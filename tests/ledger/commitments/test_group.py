"""The group is ristretto255: the vectors of RFC 9496, and only encodings in their one spelling."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rbcl import crypto_core_ristretto255_is_valid_point

from middleground.ledger.commitments.group import (
    IDENTITY,
    ORDER,
    BadPoint,
    add,
    hash_to_point,
    hash_to_scalar,
    read_point,
    read_scalar,
    subtract,
    times,
    times_base,
    write_scalar,
)

# RFC 9496, A.1: the base point's multiples by 0 to 8.
MULTIPLES = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57",
    "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    "f64746d3c92b13050ed8d80236a7f0007c3b3f962f5ba793d19a601ebb1df403",
    "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    "903293d8f2287ebe10e2374dc1a53e0bc887e592699f02d077d5263cdd55601c",
]
# A.2: not canonical; negative; no square; and so on.
NO_POINTS = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
]
SCALARS = st.integers(0, ORDER - 1)
CHEAP = settings(max_examples=30, deadline=None)


@pytest.mark.parametrize(("factor", "encoding"), list(enumerate(MULTIPLES)))
def test_multiples_of_the_base_point(factor: int, encoding: str) -> None:
    assert times_base(factor).hex() == encoding
    assert times(factor, times_base(1)).hex() == encoding
    assert read_point(bytes.fromhex(encoding)).hex() == encoding


def test_a_point_hashed_from_a_text() -> None:
    """RFC 9496, A.3."""
    text = b"Ristretto is traditionally a short shot of espresso coffee"
    found = "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"
    assert hash_to_point(text).hex() == found


@pytest.mark.parametrize("encoding", NO_POINTS)
def test_bytes_that_encode_no_point_are_refused(encoding: str) -> None:
    with pytest.raises(BadPoint):
        read_point(bytes.fromhex(encoding))


@pytest.mark.parametrize("encoding", MULTIPLES)
def test_a_point_has_one_encoding(encoding: str) -> None:
    """Known bad: the library alone does not look at the highest bit (RFC 9496, 4.3.1, does)."""
    other = bytes.fromhex(encoding)[:-1] + bytes([bytes.fromhex(encoding)[-1] | 128])
    assert crypto_core_ristretto255_is_valid_point(other)
    assert add(other, IDENTITY).hex() == encoding
    with pytest.raises(BadPoint):
        read_point(other)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_point_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(BadPoint):
        read_point(bytes(length))


def test_the_library_takes_nonsense_for_nothing() -> None:
    """Known bad: a sum over bytes that ``read_point`` did not see can lose all that it held."""
    assert add(times_base(7), b"\xff" * 32) == IDENTITY
    with pytest.raises(BadPoint):
        read_point(b"\xff" * 32)


@CHEAP
@given(SCALARS, SCALARS)
def test_sums_of_multiples_are_multiples_of_sums(one: int, other: int) -> None:
    point = hash_to_point(b"any")
    assert add(times_base(one), times_base(other)) == times_base((one + other) % ORDER)
    assert subtract(times(one, point), times(other, point)) == times((one - other) % ORDER, point)
    assert times(one, times(other, point)) == times(one * other % ORDER, point)


def test_nothing_and_the_order() -> None:
    point = hash_to_point(b"any")
    assert times_base(0) == times(0, point) == times(5, IDENTITY) == IDENTITY
    assert add(times(ORDER - 1, point), point) == subtract(point, point) == IDENTITY
    assert add(IDENTITY, point) == subtract(point, IDENTITY) == point


@CHEAP
@given(SCALARS)
def test_a_scalar_reads_back_in_one_spelling(scalar: int) -> None:
    assert read_scalar(write_scalar(scalar)) == scalar
    if (beyond := scalar + ORDER) < 2**256:
        with pytest.raises(BadPoint):
            read_scalar(write_scalar(beyond))


@pytest.mark.parametrize("data", [b"", bytes(31), bytes(33), b"\xff" * 32, write_scalar(ORDER)])
def test_other_bytes_are_no_scalar(data: bytes) -> None:
    with pytest.raises(BadPoint):
        read_scalar(data)


def test_a_text_s_scalar_is_its_hash_modulo_the_order() -> None:
    number = int.from_bytes(hashlib.sha512(b"a text").digest(), "little")
    assert hash_to_scalar(b"a text") == number % ORDER != number
