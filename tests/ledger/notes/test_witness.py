"""A witness signs and refuses as C2SP tlog-witness, add-checkpoint, says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.in_memory import HashesInMemory
from ledger.keyring import log_key, witness_key
from ledger.reference_witness import Answer, BadRequest, Seen, decide, origin_of, read_request
from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.consistency import consistency_proof
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.notes.checkpoint import Checkpoint, sign_checkpoint
from middleground.ledger.notes.cosignature import cosigned_at
from middleground.ledger.notes.keys import SigningKey
from middleground.ledger.notes.note import read_note
from middleground.ledger.notes.witness_protocol import Request, write_request

LEAVES = [leaf_hash(bytes([number])) for number in range(20)]
NODES = HashesInMemory(LEAVES)


def checkpoint(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint("host.example/ledger", size, root_of(leaves[:size]))


def note_of(checkpoint: Checkpoint, key: SigningKey | None = None) -> bytes:
    return str(sign_checkpoint(checkpoint, key or log_key())).encode()


def ask(old: int, size: int) -> Request:
    return Request(old, tuple(consistency_proof(NODES, old, size)), note_of(checkpoint(size)))


def seen(size: int) -> Seen:
    return Seen(size, root_of(LEAVES[:size]))


def answer(request: Request, known: Seen) -> Answer:
    return decide(request, known, log_key().verifier, witness_key(), 1_000)


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 7), (7, 7), (7, 20), (16, 20)])
def test_a_log_that_grew_is_cosigned(old: int, size: int) -> None:
    request = ask(old, size)
    reply = answer(request, seen(old))
    assert (reply.status, reply.seen) == (200, seen(size))
    whole = read_note(request.note + reply.body.encode())
    assert cosigned_at(whole, witness_key().verifier) == 1_000


def test_a_fork_is_refused() -> None:
    other = [*LEAVES[:5], leaf_hash(b"other"), *LEAVES[6:]]
    proof = tuple(consistency_proof(HashesInMemory(other), 7, 20))
    fork = Request(7, proof, note_of(checkpoint(20, other)))
    assert answer(fork, seen(7)).status == 422
    # Known bad: with the other log's old root the same request is accepted.
    assert answer(fork, Seen(7, root_of(other[:7]))).status == 200


def test_two_roots_of_one_size_are_refused() -> None:
    other = [*LEAVES[:6], leaf_hash(b"other")]
    reply = answer(Request(7, (), note_of(checkpoint(7, other))), seen(7))
    assert (reply.status, reply.body, reply.seen) == (409, "7\n", seen(7))


@pytest.mark.parametrize(
    ("request_", "known", "status"),
    [
        (ask(7, 20), seen(8), 409),
        (ask(0, 20), seen(8), 409),
        (Request(20, (), note_of(checkpoint(7))), seen(20), 400),
        (Request(0, (LEAVES[0],), note_of(checkpoint(7))), Seen(), 422),
        (Request(7, (), note_of(checkpoint(20))), seen(7), 422),
        (Request(0, (), b"no note"), Seen(), 403),
        (Request(0, (), note_of(Checkpoint("b", 1, LEAVES[0]), log_key("b"))), Seen(), 403),
    ],
)
def test_refused_requests_and_their_statuses(request_: Request, known: Seen, status: int) -> None:
    reply = answer(request_, known)
    assert (reply.status, reply.seen) == (status, known)


def test_a_conflict_states_the_size_last_cosigned() -> None:
    assert answer(ask(7, 20), seen(8)).body == "8\n"


@given(st.integers(0, 19), st.data())
def test_a_request_reads_back(old: int, data: st.DataObject) -> None:
    request = ask(old, data.draw(st.integers(max(old, 1), 20)))
    assert read_request(write_request(request)) == request
    assert origin_of(request) == "host.example/ledger"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 7\n",
        b"old 07\n\nnote",
        b"size 7\n\nnote",
        b"old 7\nAAAA\n\nnote",
        b"old 7\n!\n\nnote",
        b"old 7\n" + b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n" * 64 + b"\nnote",
    ],
)
def test_what_is_no_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read_request(body)
