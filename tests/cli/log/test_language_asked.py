"""Verifiers ask a site that speaks nine languages for the one in which it logs and is checked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from middleground import witness
from middleground.cli.log.http_source import HttpSource
from middleground.core.languages.offered import LANGUAGES
from middleground.core.languages.reader import reader_language
from support.cast import make_dialogue
from support.kept_pages import Front


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a web server, and which languages it was asked for."""
    languages: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            languages.append(self.headers.get("Accept-Language", ""))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", languages
    finally:
        server.shutdown()
        server.server_close()


def test_verifier_and_witness_ask_for_english(asked: tuple[str, list[str]]) -> None:
    address, languages = asked
    with HttpSource(f"{address}/ledger/", 1000) as source:
        source.get("checkpoint", 100)
        source.beside("d/done/results/", 100)
    witness.fetch_from(f"{address}/ledger")("checkpoint")
    assert languages == ["en", "en", "en"]
    assert reader_language("/d/done/results/", languages[0]).code == "en"


@pytest.mark.django_db(transaction=True)
def test_kept_pages_in_other_languages_are_not_mixed_with_what_verifiers_get() -> None:
    make_dialogue()
    front = Front()
    try:
        for code in [*LANGUAGES, *LANGUAGES]:
            answer = front.get("/d/harbour/", (b"accept-language", code.encode()))
            assert answer
            assert f'<html lang="{code}"' in answer.text
            vary = {name.lower(): value.lower() for name, value in answer.headers}["vary"]
            assert "accept-language" in vary  # of caches in front
    finally:
        front.stop()
