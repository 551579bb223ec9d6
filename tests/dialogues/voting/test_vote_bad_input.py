"""The vote route answers invalid input with a designed page, stores nothing, and never fails."""

from __future__ import annotations

import asyncio

import pytest

from middleground.dialogues.models import Dialogue, Statement, Vote
from support.cast import make_dialogue
from support.serving.asgi_client import ask, post, vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


def first(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_gets_a_designed_page(method: str) -> None:
    make_dialogue()
    answer = asyncio.run(ask("/d/harbour/vote", method=method))
    assert (answer.status, answer.header("allow")) == (405, "POST")
    if method != "HEAD":
        assert "Use the buttons on a page to vote" in answer.text
        assert 'href="/d/harbour/take-part/"' in answer.text


GOOD = b"statement=1&vote=agree&from=card&proof="


@pytest.mark.parametrize(
    "body",
    [
        b"", b"&&&&", b"=", b"statement=1", b"statement=1&vote=agree", b"vote=agree&proof=x",
        b'{"statement": 1, "vote": "agree"}', b"\0\0\0", "statement=1&vote=agrée&proof=x".encode(),
        b"statement=1&vote=agree&proof=%ff%fe", b"statement=1&vote=%&proof=%zz",
        b"statement=&vote=agree&proof=x", b"statement=-1&vote=agree&proof=x",
        b"statement=1.0&vote=agree&proof=x", b"statement=1_0&vote=agree&proof=x",
        b"statement=+1&vote=agree&proof=x", b"statement=%2B1&vote=agree&proof=x",
        b"statement=" + b"9" * 1500 + b"&vote=agree&proof=x", b"statement=1%00&vote=agree&proof=x",
        b"statement=%D9%A1&vote=agree&proof=x", b"statement=1&vote=1&proof=x",
        b"statement=1&vote=AGREE&proof=x", b"&".join([b"a=b"] * 9),
    ],
)  # fmt: skip
def test_an_invalid_body_is_refused_and_not_stored(body: bytes) -> None:
    dialogue, me = make_dialogue(), voter()
    for htmx in (True, False):
        answer = post("/d/harbour/vote", body, me.headers(htmx))
        assert answer.status == 400
        assert "We could not understand this vote" in answer.text
    assert not Vote.objects.exists()
    mark = me.form(first(dialogue))["proof"].encode()
    assert post("/d/harbour/vote", GOOD + mark, me.headers()).status == 200  # the control


@pytest.mark.parametrize("nonce", ["00" * 15, "00" * 17, "0" * 31, "AB" * 16, "+", "0" * 31 + "g"])
def test_a_nonce_is_sixteen_bytes_in_small_letters_or_nothing_is_stored(nonce: str) -> None:
    dialogue, me = make_dialogue(), voter()
    assert vote(me, first(dialogue), nonce=nonce).status == 400
    assert not Vote.objects.exists()
    assert vote(me, first(dialogue), nonce="ab" * 16).status == 200  # the control


@pytest.mark.parametrize("twice", ["statement=2", "vote=disagree", "vote=agree", "proof=x"])
def test_a_repeated_field_is_refused(twice: str) -> None:
    dialogue, me = make_dialogue(), voter()
    body = GOOD + me.form(first(dialogue))["proof"].encode() + b"&" + twice.encode()
    assert post("/d/harbour/vote", body, me.headers()).status == 400
    assert not Vote.objects.exists()


def test_a_large_body_is_refused_before_it_is_read() -> None:
    dialogue, me = make_dialogue(), voter()
    good = GOOD + me.form(first(dialogue))["proof"].encode()
    fits = good + b"&x=" + b"y" * (2_000 - len(good) - 3)
    assert post("/d/harbour/vote", fits, me.headers()).status == 200
    for chunks in ([fits + b"y"], [fits, b"y"], [b"x" * 1_000] * 10_000):
        answer = post("/d/harbour/vote", chunks, me.headers())
        assert answer.status == 413
        assert "That is too much for one vote" in answer.text
        assert answer.chunks_read == min(len(chunks), 3)


def test_a_body_in_many_pieces_is_read_whole() -> None:
    dialogue, me = make_dialogue(), voter()
    body = GOOD + me.form(first(dialogue))["proof"].encode()
    answer = post("/d/harbour/vote", [bytes([byte]) for byte in body], me.headers())
    assert (answer.status, Vote.objects.count()) == (200, 1)


def test_a_broken_connection_stores_nothing() -> None:
    make_dialogue()
    answer = post("/d/harbour/vote", [], voter().headers())
    assert (answer.status, "The connection broke" in answer.text) == (400, True)


@pytest.mark.parametrize("query", [b"\xff\xfe", "after=é".encode(), b"after=%ff&again=%00", b"%"])
def test_a_query_with_invalid_bytes_gets_the_page(query: bytes) -> None:
    make_dialogue()
    answer = asyncio.run(ask("/d/harbour/take-part/", method="GET", query=query))
    assert (answer.status, "Statement number" in answer.text) == (200, True)
