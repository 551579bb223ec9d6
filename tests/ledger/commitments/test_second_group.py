"""The second verifier's own arithmetic equals libsodium's, and it refuses the same proofs.

``verify.mjs`` computes ristretto255 itself, with integers of any size, so that a mistake in one of
the two is seen in the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from rbcl import crypto_core_ristretto255_from_hash

from ledger.commitments.test_group import MULTIPLES, NO_POINTS
from ledger.second import SecondVerifier, needed
from ledger.town import scalars, some
from middleground.ledger.commitments.answer_proof import LinePlace, is_proved, prove
from middleground.ledger.commitments.commitment import ANSWERS, commit, sum_of, value_point
from middleground.ledger.commitments.group import (
    IDENTITY,
    ORDER,
    BadPoint,
    add,
    read_point,
    times,
    times_base,
    write_scalar,
)

# RFC 9496, A.2: no square, and a negative product of the coordinates.
MORE_NO_POINTS = [
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
]
EDGES = [0, 1, 2, 7, 8, 127, 128, 255, 256, 2**21, 2**42, 2**252, ORDER - 1, ORDER - 128]
HERE = LinePlace("host.example/ledger", "los-angeles", 12, some(32, "tag"))


@pytest.fixture(scope="module")
def second() -> SecondVerifier:
    return needed()


def hexes(values: list[bytes]) -> list[str]:
    return [value.hex() for value in values]


def random_scalars(count: int) -> list[int]:
    draw = scalars("second group")
    return [draw() for _ in range(count)]


def random_points(count: int) -> list[bytes]:
    return [times_base(scalar) for scalar in random_scalars(count)]


def test_multiples_of_the_base_point(second: SecondVerifier) -> None:
    """RFC 9496, A.1."""
    factors = [write_scalar(factor).hex() for factor in range(len(MULTIPLES))]
    assert second.compute("multiples", MULTIPLES[1], factors) == MULTIPLES
    zero = write_scalar(0).hex()
    assert second.compute("commitments", [(zero, factor) for factor in factors]) == MULTIPLES
    assert second.compute("points", MULTIPLES) == MULTIPLES


def test_bytes_that_encode_no_point_are_refused(second: SecondVerifier) -> None:
    """RFC 9496, A.2; and of many random bytes each verifier refuses the same."""
    never = [*NO_POINTS, *MORE_NO_POINTS, "", "00" * 31, "00" * 33]
    assert second.compute("points", never) == [None] * len(never)
    random = Random(1)
    drawn = [bytes([random.randbytes(1)[0] & 254, *random.randbytes(31)]) for _ in range(200)]
    drawn += [bytes([*value[:31], value[31] & 127]) for value in drawn]
    answers = second.compute("points", hexes(drawn))
    assert answers == [value.hex() if is_point(value) else None for value in drawn]
    assert 20 < answers.count(None) < len(drawn) - 20


def is_point(data: bytes) -> bool:
    try:
        return read_point(data) == data
    except BadPoint:
        return False


def test_points_from_hashes(second: SecondVerifier) -> None:
    """RFC 9496, A.3, and the point whose multiples are the values of votes."""
    texts = [
        b"Ristretto is traditionally a short shot of espresso coffee",
        b"middleground vote value/v1",
    ]
    hashes = [hashlib.sha512(text).digest() for text in texts]
    hashes += [bytes(64), b"\xff" * 64, bytes([*[255] * 32, *[0] * 32])]
    hashes += [Random(seed).randbytes(64) for seed in range(60)]
    found = second.compute("fromHashes", hexes(hashes))
    assert found == [bytes(crypto_core_ristretto255_from_hash(each)).hex() for each in hashes]
    assert found[1] == value_point().hex()


def test_sums_and_multiples(second: SecondVerifier) -> None:
    points = [*random_points(20), IDENTITY, times_base(1), times_base(ORDER - 1)]
    pairs = [*zip(points, reversed(points), strict=True), *zip(points, points, strict=True)]
    assert second.compute("sums", [hexes(list(pair)) for pair in pairs]) == [
        add(*pair).hex() for pair in pairs
    ]
    assert second.compute("sum", hexes(points)) == sum_of(points).hex()
    factors = [*EDGES, *random_scalars(20)]
    for point in (points[0], IDENTITY):
        found = second.compute("multiples", point.hex(), hexes(list(map(write_scalar, factors))))
        assert found == [times(factor, point).hex() for factor in factors]


def test_commitments(second: SecondVerifier) -> None:
    factors = [*EDGES, *random_scalars(20)]
    pairs = [*zip(factors, reversed(factors), strict=True)]
    written = [hexes([write_scalar(value), write_scalar(blinding)]) for value, blinding in pairs]
    assert second.compute("commitments", written) == [
        add(times(value, value_point()), times_base(blinding)).hex() for value, blinding in pairs
    ]


def test_its_sha_512_equals_pythons(second: SecondVerifier) -> None:
    texts = [bytes((i * 7 + n) % 256 for i in range(n)) for n in range(300)]
    assert second.compute("sha512", hexes(texts)) == [
        hashlib.sha512(text).hexdigest() for text in texts
    ]


def as_line(place: LinePlace, commitment: bytes, proof: bytes) -> list[Any]:
    where = {
        "log": place.log,
        "dialogue": place.dialogue,
        "statement": str(place.statement),
        "tag": place.tag.hex(),
    }
    return [proof.hex(), commitment.hex(), where]


def claims() -> Iterator[tuple[LinePlace, bytes, bytes]]:
    """Commitments with proofs: first right ones, then wrong ones of many kinds."""
    for answer in ANSWERS:
        for blinding in (0, 5, ORDER - 1):
            proof = prove(answer, blinding, HERE, scalars(answer, blinding))
            yield HERE, commit(answer, blinding), proof
    commitment, proof = commit(1, 9), prove(1, 9, HERE, scalars("wrong"))
    yield replace(HERE, statement=13), commitment, proof
    yield replace(HERE, tag=some(32, "other")), commitment, proof
    yield replace(HERE, log="other.example"), commitment, proof
    yield replace(HERE, dialogue="riverside"), commitment, proof
    yield HERE, commit(-1, 9), proof
    for value in (0, 2, ORDER - 1, 2**21 + 1, 2**41):  # not one answer
        yield HERE, add(times(value, value_point()), times_base(9)), proof
    for at in (0, 31, 32, 95, 96, 159, 191):
        yield HERE, commitment, proof[:at] + bytes([proof[at] ^ 1]) + proof[at + 1 :]
    for start in range(0, 192, 32):  # the same number in a second spelling
        number = int.from_bytes(proof[start : start + 32], "little") + ORDER
        yield HERE, commitment, proof[:start] + number.to_bytes(32, "little") + proof[start + 32 :]


def test_proofs_are_judged_alike(second: SecondVerifier) -> None:
    """Known bad: other places, other answers, altered bytes and second spellings."""
    cases = list(claims())
    found = second.compute("proved", [as_line(*case) for case in cases])
    assert found == [is_proved(proof, commitment, place) for place, commitment, proof in cases]
    assert found == [True] * 9 + [False] * (len(cases) - 9)
