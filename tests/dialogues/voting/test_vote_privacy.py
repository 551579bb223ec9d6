"""A vote leaves no data that identifies its participant, in the database or in a log."""

from __future__ import annotations

import asyncio
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import write_token
from middleground.dialogues.models import Participant, Statement, Vote
from middleground.dialogues.voting.writer import NotStored, VoteWriter
from support.cast import make_dialogue
from support.serving.asgi_client import Voter, ask, voter
from support.serving.server_process import ServerProcess
from support.serving.servers import fill

ADDRESS, AGENT = "203.0.113.7", "Netscape Navigator 4.04 on an old phone"
FROM = "https://search.example/?q=how+do+I+vote"


def tell_tale(me: Voter) -> list[tuple[bytes, bytes]]:
    """The identifying headers that browsers and proxies send."""
    return [
        *me.headers(), (b"user-agent", AGENT.encode()), (b"referer", FROM.encode()),
        (b"x-forwarded-for", ADDRESS.encode()), (b"forwarded", f"for={ADDRESS}".encode()),
    ]  # fmt: skip


def database_files() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    name = str(connection.settings_dict["NAME"])
    files = [Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def traces(me: Voter) -> list[bytes]:
    """Every value that must not be found."""
    return [
        ADDRESS.encode(), AGENT.encode(), FROM.encode(), b"Netscape", b"search.example",
        me.token, write_token(me.token).encode(), me.token.hex().encode(),
    ]  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_no_data_of_the_request_is_stored() -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    for form in (me.form(one), me.form(one, "pass", proof="x"), {}):
        asyncio.run(ask("/d/harbour/vote", form, tell_tale(me)))
    browser = Client()
    browser.cookies[COOKIE] = write_token(me.token)
    browser.get("/d/harbour/take-part/", headers={"user-agent": AGENT, "referer": FROM})
    assert Vote.objects.count() == 1
    found = database_files()
    assert [trace for trace in traces(me) if trace in found] == []
    # The control: the same search finds the data in a statement's text.
    Statement.objects.filter(pk=one.pk).update(text=f"{ADDRESS} {AGENT}")
    assert ADDRESS.encode() in database_files()
    assert AGENT.encode() in database_files()


def test_votes_and_participants_have_exactly_these_columns() -> None:
    columns = {
        model: [(field.column, type(field).__name__) for field in model._meta.concrete_fields]
        for model in (Vote, Participant)
    }
    assert columns == {
        Vote: [
            ("participant_id", "ForeignKey"), ("statement_id", "ForeignKey"),
            ("value", "SmallIntegerField"), ("dealt", "BooleanField"),
        ],
        Participant: [
            ("id", "BigIntegerField"), ("dialogue_id", "ForeignKey"), ("tier", "CharField"),
            ("set_aside_hour_id", "ForeignKey"),  # empty unless staff set that hour aside
            ("batch_id", "ForeignKey"),  # empty unless a helper entered what they said
        ],
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_no_data_of_the_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    with caplog.at_level(logging.DEBUG):
        for form in (me.form(one), me.form(one, proof="x"), me.form(one, number="x"), {}):
            asyncio.run(ask("/d/harbour/vote", form, tell_tale(me)))
    written = caplog.text.encode()
    assert [trace for trace in traces(me) if trace in written] == []
    assert str(pseudonym(dialogue.pk, me.token)) not in caplog.text


def logged_when_storing_fails(
    fail: Callable[..., None], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> str:
    """What the writer logs of a vote that ``fail`` keeps from being stored."""
    monkeypatch.setattr("middleground.dialogues.voting.writer.store_votes", fail)
    writer = VoteWriter()
    writer.start()
    try:
        with pytest.raises(NotStored):
            asyncio.run(writer.submit(Any))  # type: ignore[arg-type]
    finally:
        writer.stop()
    (record,) = [r for r in caplog.records if r.name == "middleground.dialogues.voting.writer"]
    return logging.Formatter().format(record)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys")
def test_an_unforeseen_error_is_logged_without_its_message(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue, me = make_dialogue(), voter()
    me_here = pseudonym(dialogue.pk, me.token)

    def fail(*_: Any) -> None:
        raise KeyError(me_here)

    text = logged_when_storing_fails(fail, caplog, monkeypatch)
    assert "1 votes were not stored" in text
    assert "in fail" in text  # the place of the error
    assert str(me_here) not in text
    # The control: logging the exception as usual reveals the pseudonym.
    try:
        fail()
    except KeyError:
        caplog.clear()
        logging.getLogger("control").exception("failed")
    assert str(me_here) in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys")
def test_a_database_error_is_logged_without_its_message(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Databases name the offending row: PostgreSQL writes "Key (participant_id)=(…)"."""
    dialogue, me = make_dialogue(), voter()
    me_here = pseudonym(dialogue.pk, me.token)

    def fail(*_: Any) -> None:
        raise DatabaseError(f"Key (participant_id)=({me_here}) already exists.")

    text = logged_when_storing_fails(fail, caplog, monkeypatch)
    assert text == "1 votes were not stored: DatabaseError"


WITH_ACCESS_LOG = """
import sys, uvicorn
uvicorn.run("middleground.config.asgi:application", port=int(sys.argv[1]), access_log=True)
"""


def visit(address: str) -> None:
    """Open the page and send a vote that is refused, with identifying headers."""
    headers = {"User-Agent": AGENT, "Referer": FROM, "X-Forwarded-For": ADDRESS}
    for path, data, status in (("take-part/", None, 200), ("vote", b"vote=agree", 403)):
        asked = urllib.request.Request(f"{address}/d/harbour/{path}", data, headers)
        with nullcontext() if status == 200 else suppress(urllib.error.HTTPError):
            urllib.request.urlopen(asked, timeout=20).close()


def test_the_server_logs_neither_addresses_nor_paths(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", tmp_path / "log")
    fill(server.data)
    seen = []
    for command in (None, ["-c", WITH_ACCESS_LOG, str(server.port)]):
        with server.running(command):
            visit(server.address)
        log = server.log.read_text().replace(server.address, "")  # its own address is logged
        seen.append([trace for trace in ("127.0.0.1:", "/d/harbour/vote", AGENT) if trace in log])
        server.log.unlink()
    # The second run is the control: with an access log, address and path are logged.
    assert seen == [[], ["127.0.0.1:", "/d/harbour/vote"]]
