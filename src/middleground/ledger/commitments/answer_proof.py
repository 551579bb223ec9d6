"""Proof that a commitment holds one answer, without telling which.

For one of the three values v, ``C − v · G′`` is a multiple of B. The prover knows the factor for
one v and simulates the other two: a disjunction of Schnorr proofs (Cramer, Damgård and
Schoenmakers, "Proofs of partial knowledge", 1994), made non-interactive by Fiat and Shamir's hash.
The hash binds the log, dialogue, statement and tag, so that a proof fits in no other place.

Without it a host could commit to "five hundred agree, minus five hundred disagree" in one line.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from middleground.ledger.codecs.field_codecs import HASH, LABEL, NUMBER, Vote
from middleground.ledger.commitments.commitment import ANSWERS, commit, value_points
from middleground.ledger.commitments.group import (
    ORDER,
    SCALAR_BYTES,
    BadPoint,
    hash_to_scalar,
    read_point,
    read_scalar,
    subtract,
    times,
    times_base,
    write_scalar,
)

PROOF_BYTES = 2 * len(ANSWERS) * SCALAR_BYTES


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a commitment stands: the name of the log's key, dialogue, statement and tag."""

    log: str
    dialogue: str
    statement: int
    tag: bytes


def prove(answer: Vote, blinding: int, place: LinePlace, random_scalar: Callable[[], int]) -> bytes:
    """Return the proof, ``PROOF_BYTES`` long, for the commitment to this answer.

    ``random_scalar`` returns a uniform random scalar, which nobody may ever learn.
    """
    commitment = commit(answer, blinding)
    own = ANSWERS.index(answer)
    challenges = [random_scalar() for _ in ANSWERS]
    responses = [random_scalar() for _ in ANSWERS]
    announcements = _announcements(commitment, challenges, responses)
    secret = random_scalar()
    announcements[own] = times_base(secret)
    challenges[own] = 0
    challenges[own] = (_challenge(place, commitment, announcements) - sum(challenges)) % ORDER
    responses[own] = (secret + challenges[own] * blinding) % ORDER
    return b"".join(map(write_scalar, [*challenges, *responses]))


def is_proved(proof: bytes, commitment: bytes, place: LinePlace) -> bool:
    """Whether the bytes are such a proof; False also if they or the commitment are no encoding."""
    try:
        read_point(commitment)
        scalars = [
            read_scalar(proof[start : start + SCALAR_BYTES])
            for start in range(0, len(proof), SCALAR_BYTES)
        ]
    except BadPoint:
        return False
    if len(proof) != PROOF_BYTES:
        return False
    challenges, responses = scalars[: len(ANSWERS)], scalars[len(ANSWERS) :]
    announcements = _announcements(commitment, challenges, responses)
    return sum(challenges) % ORDER == _challenge(place, commitment, announcements)


def _announcements(
    commitment: bytes, challenges: Sequence[int], responses: Sequence[int]
) -> list[bytes]:
    """For each answer ``response · B − challenge · (C − v · G′)``."""
    return [
        subtract(times_base(response), times(challenge, subtract(commitment, value)))
        for challenge, response, value in zip(challenges, responses, value_points(), strict=True)
    ]


def _challenge(place: LinePlace, commitment: bytes, announcements: Sequence[bytes]) -> int:
    lines = (
        f"vote-proof/v1\nlog {place.log}\ndialogue {LABEL.write(place.dialogue)}\n"
        f"statement {NUMBER.write(place.statement)}\ntag {HASH.write(place.tag)}\n"
        f"commitment {_base64(commitment)}\nannouncements {_base64(b''.join(announcements))}\n"
    )
    return hash_to_scalar(lines.encode())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
