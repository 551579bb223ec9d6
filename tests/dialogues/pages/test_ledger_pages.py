"""The page about the public log, and its files as others copy them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from middleground.dialogues.models import DialogueLog
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogState
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue
from support.logged import closed, crowd, recounted
from support.serving.asgi_client import vote

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer", "folder"),
]  # fmt: skip


def test_an_empty_log_says_so(client: Client) -> None:
    page = client.get("/ledger/")
    assert "The log is empty" in page.text
    assert str(signing_key().verifier) in page.text


def test_the_page_shows_the_logs_size_key_and_dialogues(client: Client) -> None:
    make_dialogue("secret", question="Draft?", state="draft")
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    publish_log()
    page = client.get("/ledger/").text
    assert "3 entries, signed" in page
    assert "sealed until it closes" in page
    assert "Draft?" not in page
    assert "The path of entry 2 to the signed root of 8 entries" in page
    assert 'href="/ledger/verify/"' in page
    closed(dialogue)
    publish_log()
    assert "2 of 2 statements opened" in client.get("/ledger/").text


def test_the_page_counts_opened_statements(client: Client, folder: Path) -> None:
    """All agree with the second statement, so opening it would reveal that nobody disagreed."""
    dialogue = make_dialogue(statements=2)
    for who in crowd(dialogue, 20):
        assert vote(who, dialogue.statements.get(number=2), "agree").status == 200
    closed(dialogue)
    publish_log()
    assert "1 of 2 statements opened" in client.get("/ledger/").text
    (folder / "documents" / DialogueLog.objects.get().totals_hash).write_text("damaged\n")
    assert "its totals cannot be read" in client.get("/ledger/").text


def test_of_a_dialogue_closed_without_votes_nothing_is_opened(client: Client) -> None:
    closed(make_dialogue(statements=1))
    publish_log()
    assert "0 of 1 statements opened" in client.get("/ledger/").text


def test_the_page_says_that_the_log_cannot_go_on(client: Client) -> None:
    crowd(make_dialogue(statements=1), 20)
    publish_log()
    LogState.objects.update(placed=1, signed=1)
    assert "The log cannot go on" in client.get("/ledger/").text


def test_a_copy_made_over_http_can_be_verified(
    client: Client, folder: Path, tmp_path: Path
) -> None:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 30)
    closed(dialogue)
    publish_log()
    copy = tmp_path / "copy"
    for file in folder.rglob("*"):
        if file.is_file() and not file.name.startswith("."):  # the server's own note of its rounds
            name = str(file.relative_to(folder))
            answer = client.get(f"/ledger/{name}")
            assert answer.status_code == 200
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(b"".join(answer))
    assert recounted(copy).holds


def test_other_sites_may_read_the_files_and_cache_immutable_ones(client: Client) -> None:
    make_dialogue(statements=1)
    publish_log()
    tile, newest = client.get("/ledger/tile/0/000.p/2"), client.get("/ledger/checkpoint")
    for answer in (tile, newest):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        answer.close()
    assert "immutable" in tile.headers["Cache-Control"]
    assert newest.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "../keys/ledger.key",
        "..%2fkeys%2fledger.key",
        "tile/../../keys/ledger.key",
        "%2e%2e/middleground.sqlite3",
        "/etc/hostname",
        ".hidden",
        "tile",
        "nothing",
        "n" * 300,  # longer than a file name can be
        "n/" * 3_000,
    ],
)
def test_nothing_but_the_log_is_served(client: Client, folder: Path, path: str) -> None:
    publish_log()
    (folder / ".hidden").write_text("half written")
    assert client.get(f"/ledger/{path}").status_code == 404
