"""The one-file witness decides as the reference witness of these tests, and loses no state."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.in_memory import HashesInMemory
from ledger.keyring import log_key, witness_key
from ledger.notes.test_witness import LEAVES, checkpoint, note_of
from ledger.reference_witness import Seen, decide
from ledger.town import Town, some
from middleground import witness
from middleground.ledger.files.publishing import publish
from middleground.ledger.merkle.consistency import consistency_proof
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.notes.checkpoint import Checkpoint, open_checkpoint
from middleground.ledger.notes.cosignature import cosigned_at
from middleground.ledger.notes.keys import read_verifier_key
from middleground.ledger.notes.note import read_note
from middleground.ledger.notes.witness_protocol import Request, write_request

LOG = log_key()
OTHER = [*LEAVES[:5], leaf_hash(b"other"), *LEAVES[6:]]
SCRIPT = Path(witness.__file__)


def quiet(_: str) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a witness that trusts the log."""
    place = tmp_path / "witness"
    witness.make_key(place, "newsroom.example")
    witness.trust(place, str(LOG.verifier))
    return place


def asked(place: Path, body: bytes, now: int = 1_000) -> tuple[int, str]:
    try:
        return 200, witness.add_checkpoint(place, body, now, quiet)
    except witness.NotSigned as problem:
        return problem.status, f"{problem}\n"


def proof(old: int, size: int, leaves: list[bytes] = LEAVES) -> tuple[bytes, ...]:
    return tuple(consistency_proof(HashesInMemory(leaves), old, size))


def request(old: int, size: int, leaves: list[bytes] = LEAVES) -> Request:
    parts = proof(old, size, leaves) if old <= size else ()
    return Request(old, parts, note_of(checkpoint(size, leaves)))


def test_verifiers_accept_its_signature(folder: Path) -> None:
    status, line = asked(folder, write_request(request(0, 7)))
    key = read_verifier_key(witness.own_key(folder))
    assert (status, key.name) == (200, "newsroom.example")
    assert cosigned_at(read_note(request(0, 7).note + line.encode()), key) == 1_000
    (cosigned,) = (folder / "cosigned").iterdir()
    _, note = open_checkpoint(cosigned.read_bytes(), LOG.verifier)
    assert cosigned_at(note, key) == 1_000


requests = st.builds(
    lambda old, size, forked, cut, extra, by: (old, size, forked, cut, extra, by),
    st.integers(0, 20),
    st.integers(0, 20),
    st.booleans(),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([b"", b"", b"", some(32, "more")]),
    st.sampled_from(["log", "log", "log", "log", "nobody"]),
)


def made(old: int, size: int, forked: bool, cut: int, extra: bytes, by: str) -> Request:
    asking = request(old, size, OTHER if forked else LEAVES)
    parts = asking.proof[cut:] + ((extra,) if extra else ())
    if by == "nobody":
        name = replace(LOG, seed=b"n" * 32)
        leaves = OTHER if forked else LEAVES
        return Request(old, parts, note_of(checkpoint(size, leaves), name))
    return replace(asking, proof=parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(requests, min_size=1, max_size=8))
def test_both_witnesses_decide_alike_in_any_order_of_requests(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[int, int, bool, int, bytes, str]]
) -> None:
    place = tmp_path_factory.mktemp("both") / "witness"
    witness.make_key(place, "newsroom.example")
    witness.trust(place, str(LOG.verifier))
    known = Seen()
    for each in wanted:
        asking = made(*each)
        answer = decide(asking, known, LOG.verifier, witness_key(), 1_000)
        status, body = asked(place, write_request(asking))
        assert status == answer.status
        if status == 409:
            assert body == answer.body
        known = answer.seen
        seen = witness.latest(place, LOG.name, witness.logs(place)[LOG.name])
        assert (seen.size, seen.root) == (known.size, known.root)


def test_an_untrusted_log_is_unknown(folder: Path) -> None:
    strange = Checkpoint("other.example", 1, LEAVES[0])
    note = note_of(strange, log_key("other.example"))
    assert asked(folder, write_request(Request(0, (), note)))[0] == 404
    with pytest.raises(ValueError, match="another key"):
        witness.trust(folder, str(replace(LOG, seed=b"n" * 32).verifier))


@pytest.mark.parametrize(
    "body", [b"", b"old 7\n", b"old 07\n\nnote", b"old 7\nAAAA\n\nnote", b"old 7\n!\n\nnote"]
)
def test_what_is_no_request(folder: Path, body: bytes) -> None:
    assert asked(folder, body)[0] == 400


def test_two_roots_of_one_size_are_kept_as_proof(folder: Path) -> None:
    asked(folder, write_request(request(0, 7)))
    said: list[str] = []
    fork = Request(7, (), note_of(checkpoint(7, OTHER)))
    with pytest.raises(witness.NotSigned) as refused:
        witness.add_checkpoint(folder, write_request(fork), 2_000, said.append)
    assert refused.value.status == 409
    (kept,) = (folder / "forks").iterdir()
    assert kept.read_text("utf-8") == said[0]
    for size_of in (LEAVES, OTHER):
        assert note_of(checkpoint(7, size_of)).decode() in said[0]


# ── As a process ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def serving(folder: Path, *command: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [*command, "serve", "--port", "0"] if command else alone("serve", "--port", "0", at=folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline().startswith("This witness's key: newsroom.example+")
    yield process.stdout.readline().split(" at ")[1].strip(), process
    process.kill()
    process.communicate()


def alone(*words: str, at: Path) -> list[str]:
    """The command without middleground: -I ignores paths and the user's packages."""
    return [sys.executable, "-I", str(SCRIPT), "--folder", str(at), *words]


def post(address: str, body: bytes) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body), timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.headers["Content-Type"], problem.read().decode()


def test_a_fork_is_refused_after_a_kill(folder: Path) -> None:
    """After each of twenty kills the witness still keeps to what it has cosigned."""
    for size in range(1, 20):
        with serving(folder) as (address, process):
            status, _, line = post(address, write_request(request(size - 1, size)))
            os.kill(process.pid, signal.SIGKILL)
        assert status == 200
        assert line.startswith("— newsroom.example ")
    with serving(folder) as (address, _):
        fork = request(0, 20, OTHER)
        assert post(address, write_request(fork)) == (409, "text/x.tlog.size", "19\n")
        assert post(address, write_request(request(19, 20, OTHER)))[0] == 422
        assert post(address, write_request(request(19, 20)))[0] == 200
    # Known bad: a witness whose state was lost signs the fork.
    for place in (folder / "seen").iterdir():
        place.unlink()
    with serving(folder) as (address, _):
        assert post(address, write_request(fork))[0] == 200


def test_simultaneous_requests_never_cosign_two_histories(folder: Path) -> None:
    asked(folder, write_request(request(0, 7)))
    bodies = [write_request(request(7, 20)), write_request(request(7, 20, OTHER))]
    from concurrent.futures import ThreadPoolExecutor

    with serving(folder) as (address, _), ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda i: post(address, bodies[i % 2])[0], range(40)))
    assert statuses.count(200) == 1


def test_other_addresses_and_large_requests_are_refused(folder: Path) -> None:
    with serving(folder) as (address, _):
        assert post(address.replace("add-checkpoint", "other"), b"x")[0] == 404
        assert post(address, b"x" * 1_000_001)[0] == 413
        with urllib.request.urlopen(address.replace("add-checkpoint", ""), timeout=20) as answer:
            assert witness.own_key(folder) in answer.read().decode()


def test_it_imports_nothing_of_middleground(folder: Path) -> None:
    text = SCRIPT.read_text("utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE))
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


# ── Watching a folder's address ──────────────────────────────────────────────────────────────────


def looked(place: Path, published: Path, now: int = 1_000) -> list[str]:
    said: list[str] = []

    def fetch(path: str) -> bytes | None:
        file = published / path
        return file.read_bytes() if file.is_file() else None

    witness.look(place, fetch, now, said.append)
    return said


def grown(published: Path, count: int, entries: list[bytes]) -> None:
    new = [f"entry {number}".encode() for number in range(len(entries), count)]
    publish(published, LOG, len(entries), new)
    entries += new


def test_a_growing_log_is_signed_at_each_step(folder: Path, tmp_path: Path) -> None:
    entries: list[bytes] = []
    for count in (1, 3, 200, 256, 300, 513, 20_000):
        grown(tmp_path / "log", count, entries)
        assert looked(folder, tmp_path / "log") == [f"signed: {LOG.name}, {count} leaves"]


@pytest.mark.parametrize("size", [256, 300])
def test_a_rewritten_log_is_proven_a_fork(folder: Path, tmp_path: Path, size: int) -> None:
    grown(tmp_path / "one", size, [])
    looked(folder, tmp_path / "one")
    publish(tmp_path / "two", LOG, 0, [f"other {number}".encode() for number in range(700)])
    said: list[str] = []
    with pytest.raises(witness.NotSigned, match="does not continue"):
        said += looked(folder, tmp_path / "two")
    (kept,) = (folder / "forks").iterdir()
    assert (tmp_path / "one/checkpoint").read_text("utf-8") in kept.read_text("utf-8")
    assert (tmp_path / "two/checkpoint").read_text("utf-8") in kept.read_text("utf-8")


def test_inconsistent_files_are_not_called_a_fork(folder: Path, tmp_path: Path) -> None:
    entries: list[bytes] = []
    grown(tmp_path / "log", 300, entries)
    looked(folder, tmp_path / "log")
    grown(tmp_path / "log", 700, entries)
    tile = tmp_path / "log/tile/0/001"
    tile.write_bytes(bytes(len(tile.read_bytes())))
    with pytest.raises(witness.NotSigned, match="does not continue"):
        looked(folder, tmp_path / "log")
    assert not (folder / "forks").exists()


def test_a_log_set_back_or_missing_is_not_signed(folder: Path, tmp_path: Path) -> None:
    entries: list[bytes] = []
    grown(tmp_path / "log", 10, entries)
    older = (tmp_path / "log/checkpoint").read_bytes()
    grown(tmp_path / "log", 20, entries)
    looked(folder, tmp_path / "log")
    (tmp_path / "log/checkpoint").write_bytes(older)
    with pytest.raises(witness.NotSigned, match="shows 10 leaves; 20 were signed"):
        looked(folder, tmp_path / "log")
    with pytest.raises(witness.NotSigned, match="there is no log"):
        looked(folder, tmp_path / "nothing")


def test_the_verifier_counts_a_watchers_signature(folder: Path, town: Town, tmp_path: Path) -> None:
    from ledger.checking import check_with

    looked(folder, town.folder, now=5_000)
    (cosigned,) = (folder / "cosigned").iterdir()
    (town.folder / "checkpoints/from-the-newsroom").write_bytes(cosigned.read_bytes())
    key = read_verifier_key(witness.own_key(folder))
    report = check_with(town.folder, LOG.verifier, [key])
    assert [each.sentence for each in report.findings if each.subject == "witness"] == [
        "1 of 1 known witnesses saw the same log: newsroom.example (1970-01-01 01:23 UTC)."
    ]
