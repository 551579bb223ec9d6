"""The host asks its witnesses for each checkpoint, and goes on without those that do not answer."""

from __future__ import annotations

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from ledger.reference_witness import Seen, decide, read_request
from middleground.ledger.notes.checkpoint import open_checkpoint
from middleground.ledger.notes.cosignature import cosigned_at
from middleground.ledger.notes.keys import COSIGNATURE, SigningKey
from middleground.ledger.records.entries import Erasures
from middleground.ledger.records.kinds import write_entry
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import PendingRecord
from middleground.publiclog.publisher import publish_log
from middleground.publiclog.witnesses import ask_witnesses
from support.logged import recounted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
Answers = Callable[[bytes], tuple[int, str]]
NOW = 1_790_000_000


class Newsroom:
    """A witness that keeps its last checkpoint in memory, and counts how often it was asked."""

    def __init__(self) -> None:
        self.key = SigningKey("paper.example", COSIGNATURE, bytes(range(32)))
        self.seen, self.asked = Seen(), 0

    def answer(self, body: bytes) -> tuple[int, str]:
        self.asked += 1
        decided = decide(read_request(body), self.seen, signing_key().verifier, self.key, NOW)
        self.seen = decided.seen
        return decided.status, decided.body


@contextmanager
def listening(answers: Answers, settings: Any, key: SigningKey) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/witness/add-checkpoint"
            status, words = answers(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", words)
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.LEDGER_WITNESSES = [
        (f"http://127.0.0.1:{server.server_address[1]}/witness/", str(key.verifier))
    ]
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def grow() -> None:
    """Add one entry and sign a checkpoint."""
    PendingRecord.objects.create(entry=write_entry(Erasures("harbour", 1)))
    publish_log()


def signed_at(folder: Path, key: SigningKey) -> int | None:
    _, note = open_checkpoint((folder / "checkpoint").read_bytes(), signing_key().verifier)
    return cosigned_at(note, key.verifier)


def test_each_checkpoint_is_signed_once_and_the_log_verifies(folder: Path, settings: Any) -> None:
    paper = Newsroom()
    with listening(paper.answer, settings, paper.key):
        assert ask_witnesses() == []  # there is no log yet
        for asked in (1, 2, 3):
            grow()
            assert signed_at(folder, paper.key) is None
            assert ask_witnesses() == []
            assert ask_witnesses() == []  # it has signed this one and is not asked again
            assert signed_at(folder, paper.key) == NOW
            assert paper.asked == asked
    assert paper.seen.size == 3
    assert recounted(folder).holds


def test_a_witness_that_reports_another_size_is_asked_again(folder: Path, settings: Any) -> None:
    paper = Newsroom()
    with listening(paper.answer, settings, paper.key):
        grow()
        ask_witnesses()
        grow()
        paper.seen = Seen()  # it has lost its memory
        assert ask_witnesses() == []
        assert (paper.asked, paper.seen.size) == (3, 2)
        assert signed_at(folder, paper.key) == NOW


@pytest.mark.parametrize(
    ("status", "words", "said"),
    [
        (422, "the log does not continue\n", "it answered 422 the log does not continue"),
        (409, "7\n", "it answered 409 7"),
        (200, "— paper.example AAAAAAAAAAA=\n", "no signature by its key"),
        (200, "<html>", "a signature line is not"),
        (302, "http://127.0.0.1:1/", "it answered 302"),
        (500, "", "it answered 500"),
    ],
)
def test_a_witness_that_does_not_sign_is_reported_and_the_log_grows(
    folder: Path, settings: Any, status: int, words: str, said: str
) -> None:
    paper = Newsroom()
    with listening(lambda _: (status, words), settings, paper.key):
        grow()
        (trouble,) = ask_witnesses()
        assert trouble.startswith("paper.example: ")
        assert said in trouble
        grow()
    assert signed_at(folder, paper.key) is None
    assert recounted(folder).holds


def test_an_unreachable_witness_is_reported(folder: Path, settings: Any) -> None:
    key = Newsroom().key
    settings.LEDGER_WITNESSES = [("http://127.0.0.1:9/witness", str(key.verifier))]
    grow()
    (trouble,) = ask_witnesses()
    assert "paper.example" in trouble


def test_a_forged_signature_is_refused(folder: Path, settings: Any) -> None:
    """Known bad: another key under the witness's name signs."""
    paper, forger = Newsroom(), Newsroom()
    forger.key = SigningKey("paper.example", COSIGNATURE, bytes(32))
    with listening(forger.answer, settings, paper.key):
        grow()
        (trouble,) = ask_witnesses()
    assert "no signature by its key" in trouble
    assert signed_at(folder, paper.key) is None


def test_a_damaged_signature_is_refused(folder: Path, settings: Any) -> None:
    """Known bad: the witness's own name and key id, but not a signature of this checkpoint."""
    paper = Newsroom()

    def damaged(body: bytes) -> tuple[int, str]:
        status, line = paper.answer(body)
        name, _, encoded = line.strip().rpartition(" ")
        signature = bytearray(b64decode(encoded))
        signature[-1] ^= 1
        return status, f"{name} {b64encode(signature).decode()}\n"

    with listening(damaged, settings, paper.key):
        grow()
        (trouble,) = ask_witnesses()
    assert "the cosignature in the name of paper.example is forged" in trouble
    assert signed_at(folder, paper.key) is None


def test_the_keys_of_log_and_witnesses_are_published(folder: Path, settings: Any) -> None:
    key = Newsroom().key
    settings.LEDGER_WITNESSES = [("http://127.0.0.1:9/witness", str(key.verifier))]
    grow()
    published = (folder / "keys").read_text("utf-8").splitlines()
    assert published == [str(signing_key().verifier), str(key.verifier)]


def test_a_host_that_moves_keeps_its_log(folder: Path, settings: Any) -> None:
    grow()
    name = signing_key().name
    settings.LEDGER_NAME = "elsewhere.example/ledger"
    assert signing_key().name == name
    grow()
    assert recounted(folder).holds
