"""A proof in a file: C2SP tlog-proof."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.in_memory import HashesInMemory
from ledger.keyring import log_key
from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.inclusion import inclusion_proof
from middleground.ledger.notes.checkpoint import Checkpoint, sign_checkpoint
from middleground.ledger.records.proof_file import (
    BadProof,
    ProofFile,
    check_proof,
    read_proof,
    write_proof,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(50)]
NOTE = str(sign_checkpoint(Checkpoint("host.example/ledger", 50, root_of(LEAVES)), log_key()))


def proof_of(index: int, extra: bytes | None = None) -> ProofFile:
    hashes = tuple(inclusion_proof(HashesInMemory(LEAVES), index, 50))
    return ProofFile(index, hashes, NOTE.encode(), extra)


@given(st.integers(0, 49), st.one_of(st.none(), st.binary()))
def test_a_proof_reads_back_and_holds(index: int, extra: bytes | None) -> None:
    proof = proof_of(index, extra)
    assert read_proof(write_proof(proof)) == proof
    assert check_proof(proof, LEAVES[index], log_key().verifier).size == 50


def test_the_lines_equal_the_specification() -> None:
    lines = write_proof(proof_of(3, b"abc")).decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra YWJj", "index 3"]
    assert lines[9:12] == ["", "host.example/ledger", "50"]


def test_a_proof_does_not_hold_for_other_entries_or_keys() -> None:
    key = log_key().verifier
    with pytest.raises(BadProof, match="the leaf is not in the log at that place"):
        check_proof(proof_of(3), LEAVES[4], key)
    with pytest.raises(BadProof, match="the leaf is not in the log at that place"):
        check_proof(replace(proof_of(3), index=4), LEAVES[3], key)
    with pytest.raises(BadProof, match="did not sign it"):
        check_proof(proof_of(3), LEAVES[3], log_key("other.example").verifier)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v2\nindex 1\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n",
        b"c2sp.org/tlog-proof@v1\nextra !\nindex 1\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 1\n"
        + b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n" * 65
        + b"\n",
    ],
)
def test_invalid_proofs_are_refused(data: bytes) -> None:
    with pytest.raises(BadProof):
        read_proof(data)
