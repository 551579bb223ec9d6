"""A proof holds for one answer at one place; every half-measure is broken here, as known bad."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.telling_apart import told_apart
from ledger.town import scalars, some
from middleground.ledger.codecs.field_codecs import Vote
from middleground.ledger.commitments.answer_proof import PROOF_BYTES, LinePlace, is_proved, prove
from middleground.ledger.commitments.commitment import ANSWERS, commit, value_point, value_points
from middleground.ledger.commitments.group import (
    IDENTITY,
    ORDER,
    add,
    hash_to_scalar,
    subtract,
    times,
    times_base,
    write_scalar,
)

HERE = LinePlace("host.example/ledger", "los-angeles", 12, some(32, "tag"))
PLACES = st.builds(
    LinePlace,
    st.sampled_from(["host.example/ledger", "other.example"]),
    st.sampled_from(["los-angeles", "riverside"]),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
SCALARS = st.integers(0, ORDER - 1)
R = 123456789
C = commit(1, R)
PROOF = prove(1, R, HERE, scalars("proof"))
EVERYTHING = ("log", "dialogue", "statement", "tag", "commitment", "announcements")


def numbers(proof: bytes) -> list[int]:
    """The challenges, then the responses."""
    return [int.from_bytes(proof[at : at + 32], "little") for at in range(0, len(proof), 32)]


def written(values: Sequence[int]) -> bytes:
    return b"".join(write_scalar(value % ORDER) for value in values)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(ANSWERS), SCALARS, PLACES, st.integers())
def test_a_proof_holds_at_its_place(
    answer: Vote, blinding: int, place: LinePlace, seed: int
) -> None:
    proof = prove(answer, blinding, place, scalars(seed))
    assert len(proof) == PROOF_BYTES == 192
    assert is_proved(proof, commit(answer, blinding), place)


ELSEWHERE = [
    replace(HERE, log="other.example"),
    replace(HERE, log="host.example/ledger2"),
    replace(HERE, dialogue="riverside"),
    replace(HERE, statement=13),
    replace(HERE, statement=1),
    replace(HERE, tag=some(32, "another tag")),
]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_proof_does_not_hold_elsewhere(place: LinePlace) -> None:
    assert is_proved(PROOF, C, HERE)
    assert not is_proved(PROOF, C, place)


def test_a_proof_holds_for_its_commitment_only() -> None:
    random = scalars("others")
    others = [commit(answer, R) for answer in (-1, 0)] + [commit(1, random()), IDENTITY]
    assert not any(is_proved(PROOF, other, HERE) for other in others)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, PROOF_BYTES * 8 - 1))
def test_a_changed_bit_ends_a_proof(bit: int) -> None:
    changed = bytearray(PROOF)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_proved(bytes(changed), C, HERE)


def moved(*steps: tuple[int, int]) -> Callable[[list[int]], list[int]]:
    """Add numbers to scalars, which stand at these places."""
    return lambda old: [n + sum(d for at, d in steps if at == i) for i, n in enumerate(old)]


@pytest.mark.parametrize(
    "change",
    [
        moved((0, 1), (1, -1)),  # the sum of the challenges is the same
        moved((1, 5), (2, -5)),
        moved((0, 1), (1, -1), (3, R), (4, -R)),
        moved((3, 1)),
        moved((3, 1), (4, -1)),
        lambda old: [old[1], old[0], old[2], old[4], old[3], old[5]],
        lambda old: [old[1], old[2], old[0], *old[3:]],
        lambda old: [*old[3:], *old[:3]],
        lambda old: [-n for n in old],
        lambda _: [0] * 6,
        lambda old: [sum(old[:3]), 0, 0, *old[3:]],
        lambda old: [*old[:3], 0, 0, 0],
    ],
)
def test_a_proof_cannot_be_mauled(change: Callable[[list[int]], list[int]]) -> None:
    assert not is_proved(written(change(numbers(PROOF))), C, HERE)


@pytest.mark.parametrize("place", range(6))
def test_a_scalar_has_one_spelling(place: int) -> None:
    """Known bad: read modulo the order, the number is the same, and so would be the proof."""
    number = numbers(PROOF)[place] + ORDER
    assert number < 2**256
    other = PROOF[: 32 * place] + number.to_bytes(32, "little") + PROOF[32 * place + 32 :]
    assert written(numbers(other)) == PROOF
    assert not is_proved(other, C, HERE)


@pytest.mark.parametrize(
    "proof", [b"", PROOF[:-1], PROOF[:-32], PROOF + b"\0", PROOF + bytes(32), PROOF + PROOF]
)
def test_a_proof_has_one_length(proof: bytes) -> None:
    assert not is_proved(proof, C, HERE)


@pytest.mark.parametrize(
    "commitment",
    [
        b"",
        C[:-1],
        C + b"\0",
        b"\xff" * 32,
        bytes([C[0] ^ 1]) + C[1:],
        C[:-1] + bytes([C[-1] | 128]),
        (2**255 - 19).to_bytes(32, "little"),  # the identity in another spelling
    ],
)
def test_bytes_that_are_no_point_are_proved_by_nothing(commitment: bytes) -> None:
    assert not is_proved(PROOF, commitment, HERE)


def test_commitments_and_announcements_may_be_any_point() -> None:
    """A factor of 0 hides nothing, and is a valid proof all the same; so is the identity."""
    assert commit(1, 0) == value_point()
    assert is_proved(prove(1, 0, HERE, scalars("zero")), value_point(), HERE)
    assert is_proved(prove(1, R, HERE, lambda: 0), C, HERE)


def test_a_proof_for_another_encoding_of_a_commitment_is_refused() -> None:
    """Known bad: computed with, the odd encoding is the same point, and its proof would hold."""
    odd = C[:-1] + bytes([C[-1] | 128])
    proof = proof_of_agreement(HERE, EVERYTHING, odd)
    assert weakly_proved(proof, odd, HERE, EVERYTHING)
    assert not is_proved(proof, odd, HERE)


# The proof by hand, and weaker ones


def challenge(
    place: LinePlace, commitment: bytes, announcements: Sequence[bytes], bound: Collection[str]
) -> int:
    """The hash over the parts named in ``bound``."""
    lines = {
        "log": place.log,
        "dialogue": place.dialogue,
        "statement": str(place.statement),
        "tag": place.tag.hex(),
        "commitment": base64.b64encode(commitment).decode(),
        "announcements": base64.b64encode(b"".join(announcements)).decode(),
    }
    text = "".join(f"{name} {lines[name]}\n" for name in EVERYTHING if name in bound)
    return hash_to_scalar(f"vote-proof/v1\n{text}".encode())


def announced(commitment: bytes, values: Sequence[int]) -> list[bytes]:
    return [
        subtract(times_base(response), times(c, subtract(commitment, value)))
        for c, response, value in zip(values[:3], values[3:], value_points(), strict=True)
    ]


def weakly_proved(
    proof: bytes, commitment: bytes, place: LinePlace, bound: Collection[str]
) -> bool:
    values = numbers(proof)
    expected = challenge(place, commitment, announced(commitment, values), bound)
    return sum(values[:3]) % ORDER == expected


def proof_of_agreement(place: LinePlace, bound: Collection[str], encoding: bytes = C) -> bytes:
    """The proof for ``C``, with a weaker hash, or with another encoding in the hash."""
    random = scalars("by hand")
    values = [0, random(), random(), 0, random(), random()]
    secret = random()
    announcements = [times_base(secret), *announced(C, values)[1:]]
    values[0] = challenge(place, encoding, announcements, bound) - values[1] - values[2]
    values[3] = secret + values[0] * R
    return written(values)


def but(name: str) -> list[str]:
    return [each for each in EVERYTHING if each != name]


def test_the_proof_by_hand() -> None:
    assert is_proved(proof_of_agreement(HERE, EVERYTHING), C, HERE)
    assert weakly_proved(PROOF, C, HERE, EVERYTHING)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("log", ELSEWHERE[0]),
        ("dialogue", ELSEWHERE[2]),
        ("statement", ELSEWHERE[3]),
        ("tag", ELSEWHERE[5]),
    ],
)
def test_a_hash_that_leaves_out_the_place_is_replayed(name: str, place: LinePlace) -> None:
    """Known bad: the line can be copied, with its proof, to where it does not belong."""
    weak = proof_of_agreement(HERE, but(name))
    assert weakly_proved(weak, C, HERE, but(name))
    assert weakly_proved(weak, C, place, but(name))
    assert not is_proved(weak, C, HERE)
    assert not weakly_proved(PROOF, C, place, EVERYTHING)


def commitment_to(value: int, blinding: int = R) -> bytes:
    return add(times(value % ORDER, value_point()), times_base(blinding))


ODD_VALUES = {
    "none": 0,
    "two votes": 2,
    "minus one": -1,
    "half a vote": (ORDER + 1) // 2,
    "agree and disagree": 1 + 2**21,
    "500 agree, −499 disagree": 500 - 499 * 2**21,
    "a fourth answer": 2**63,
}


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
def test_a_hash_without_announcements_proves_any_value(value: int) -> None:
    """Known bad: the challenge is known beforehand, so all three answers are simulated."""
    random, commitment = scalars("simulated"), commitment_to(value)
    first, second = random(), random()
    whole = challenge(HERE, commitment, [], but("announcements"))
    forged = written([first, second, whole - first - second, random(), random(), random()])
    assert weakly_proved(forged, commitment, HERE, but("announcements"))
    assert not is_proved(forged, commitment, HERE)


def test_a_hash_without_the_commitment_proves_a_value_that_follows() -> None:
    """Known bad: announcements first, and then a commitment that fits them (Bernhard, Pereira and
    Warinschi, "How not to prove yourself", 2012). What it holds is no answer.
    """
    random = scalars("how not to")
    odd = random()
    secrets = [random() for _ in ANSWERS]
    announcements = [times_base(secret) for secret in secrets]
    announcements[0] = add(announcements[0], times(odd, value_point()))
    whole = challenge(HERE, IDENTITY, announcements, but("commitment"))
    value = (1 - odd * pow(whole, -1, ORDER)) % ORDER
    assert value not in (0, 1, 2**21, 2**42)
    commitment = commitment_to(value)
    forged = written([whole, 0, 0, secrets[0] + whole * R, *secrets[1:]])
    assert weakly_proved(forged, commitment, HERE, but("commitment"))
    assert not is_proved(forged, commitment, HERE)


def shifted(proof: bytes) -> bytes:
    """The proof for a commitment whose blinding factor is larger by 99."""
    values = numbers(proof)
    more = [response + 99 * c for c, response in zip(values[:3], values[3:], strict=True)]
    return written(values[:3] + more)


def test_a_hash_without_the_commitment_lets_a_line_be_copied() -> None:
    """Known bad: another factor is added to commitment and responses; nobody sees the copy."""
    weak = proof_of_agreement(HERE, but("commitment"))
    copy = add(C, times_base(99))
    assert weakly_proved(shifted(weak), copy, HERE, but("commitment"))
    assert announced(copy, numbers(shifted(PROOF))) == announced(C, numbers(PROOF))
    assert not is_proved(shifted(PROOF), copy, HERE)


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
@pytest.mark.parametrize("answer", ANSWERS)
def test_nothing_else_is_proved_by_an_honest_prover(value: int, answer: Vote) -> None:
    """The prover claims an answer for a commitment that holds another value."""
    proof = prove(answer, R, HERE, scalars("claims"))
    assert is_proved(proof, commit(answer, R), HERE)
    assert not is_proved(proof, commitment_to(value), HERE)


@pytest.mark.parametrize("answer", ANSWERS)
def test_all_answers_simulated_prove_nothing(answer: Vote) -> None:
    """With the hash over announcements, simulated ones give another challenge, also for a vote."""
    random = scalars("all simulated", answer)
    for _ in range(5):
        forged = written([random() for _ in range(6)])
        assert not is_proved(forged, commit(answer, R), HERE)


def test_one_secret_for_two_places_gives_the_blinding_factor_away() -> None:
    """Known bad: why random scalars must differ wherever the challenge does."""
    one, two = (numbers(prove(1, R, each, scalars("same"))) for each in (HERE, ELSEWHERE[5]))
    found = (one[3] - two[3]) * pow(one[0] - two[0], -1, ORDER) % ORDER
    assert found == R
    other = numbers(prove(1, R, ELSEWHERE[5], scalars("others")))
    assert (one[3] - other[3]) * pow(one[0] - other[0], -1, ORDER) % ORDER != R


# What a proof shows


def samples(answer: Vote, prover: Callable[..., bytes]) -> list[bytes]:
    found = []
    for n in range(150):
        place, random = replace(HERE, tag=some(32, "sample", n, answer)), scalars(n, answer)
        found.append(prover(answer, random(), place, random))
    return found


def lazy(answer: Vote, blinding: int, place: LinePlace, random: Callable[[], int]) -> bytes:
    """Known bad: the answers that are not held get small challenges."""
    small = iter([1, 2, 3])
    own = ANSWERS.index(answer)
    drawn = iter([next(small) for _ in range(3)])
    proof = prove(answer, blinding, place, lambda: next(drawn, None) or random())
    assert is_proved(proof, commit(answer, blinding), place)
    assert numbers(proof)[own] > 3
    return proof


def test_a_proof_does_not_tell_its_answer() -> None:
    """The known-bad prover shows that the look at bits and repeats would find it."""
    for one, other in ((1, -1), (1, 0), (-1, 0)):
        assert told_apart(samples(one, prove), samples(other, prove)) is None
        assert told_apart(samples(one, lazy), samples(other, lazy)) == "bits"
