"""Whether the browser remembers somebody is their choice, and stands in the cookie alone."""

from __future__ import annotations

import pytest
from django.test import Client

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import NOT_REMEMBERED, new_token, phrase, write_token
from middleground.dialogues.models import Participant, Vote
from support.cast import carry, make_dialogue
from support.reading import links, words
from support.serving.asgi_client import post, vote, voter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
YEAR = 34_560_000
START, CARD = "/d/harbour/start/", "/d/harbour/take-part/"


def kept(client: Client) -> tuple[bool, object]:
    """Whether the cookie carries the choice, and for how long the browser keeps it."""
    morsel = client.cookies[COOKIE]
    return morsel.value.endswith(NOT_REMEMBERED), morsel["max-age"]


def test_a_newcomer_chooses_on_the_first_screen(client: Client) -> None:
    make_dialogue()
    once = f"{CARD}?not-remembered"
    assert [link for link in links(client, START) if link.startswith(CARD)] == [CARD, once]
    assert COOKIE not in client.cookies
    client.get(once)
    assert kept(client) == (True, "")
    for page in (CARD, "/d/harbour/write/", "/you/"):  # no page makes it last
        client.get(page)
        assert kept(client) == (True, "")
    client.post("/d/harbour/write/", {"text": "A park"})
    assert kept(client) == (True, "")


def test_control_who_chooses_nothing_is_remembered(client: Client) -> None:
    make_dialogue()
    client.get(CARD)
    assert kept(client) == (False, YEAR)


def test_a_link_takes_back_nothing_that_a_browser_remembers(client: Client) -> None:
    make_dialogue()
    client.get(CARD)
    before = client.cookies[COOKIE].value
    client.get(f"{CARD}?not-remembered")
    assert (client.cookies[COOKIE].value, *kept(client)) == (before, False, YEAR)


def test_the_choice_goes_along_to_the_code(client: Client) -> None:
    make_dialogue(open_participation=False)
    response = client.get(f"{CARD}?again=2&not-remembered")
    assert response.headers["Location"] == "/d/harbour/code/?again=2&not-remembered"
    client.get(response.headers["Location"])
    assert kept(client) == (True, "")


def test_it_can_be_changed_and_changed_back(client: Client) -> None:
    make_dialogue()
    token = new_token()
    carry(client, token)
    assert "For four hundred days, or until" in words(client, "/you/")
    for answer, choice in (("no", (True, "")), ("yes", (False, YEAR))):
        response = client.post("/you/remembering/", {"remembered": answer})
        assert response.headers["Location"] == "/you/?remembering#remembering"
        assert kept(client) == choice
        assert client.cookies[COOKIE].value.removesuffix(NOT_REMEMBERED) == write_token(token)
    client.post("/you/remembering/", {"remembered": "no"})
    assert "It does not remember you: its cookie goes" in words(client, "/you/?remembering")


def test_who_carries_nothing_gets_nothing(client: Client) -> None:
    for response in (client.get("/you/remembering/"), client.post("/you/remembering/", {})):
        assert (response.status_code, response.headers["Location"]) == (302, "/you/")
    assert COOKIE not in client.cookies
    assert "How long this browser remembers you" not in words(client, "/you/")


def test_another_site_cannot_choose() -> None:
    browser = Client(enforce_csrf_checks=True)
    carry(browser, new_token())
    assert browser.post("/you/remembering/", {"remembered": "no"}).status_code == 403


def test_the_words_of_another_device_keep_the_choice(client: Client) -> None:
    client.cookies[COOKIE] = write_token(new_token()) + NOT_REMEMBERED
    other = new_token()
    client.post("/you/carry-on/", {"phrase": phrase(other), "replace": "1"})
    assert client.cookies[COOKIE].value == write_token(other) + NOT_REMEMBERED
    assert kept(client) == (True, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_votes_and_the_own_page_follow_the_same_number() -> None:
    dialogue, who = make_dialogue(), voter()
    statement = dialogue.statements.get(number=1)
    assert vote(who, statement, "agree").status == 200
    once = Client()
    once.cookies[COOKIE] = write_token(who.token) + NOT_REMEMBERED
    assert "Your vote: agree" in words(once, "/d/harbour/mine/")
    cookie = f"{COOKIE}={once.cookies[COOKIE].value}".encode()
    headers = [(b"host", b"localhost"), (b"cookie", cookie), (b"hx-request", b"true")]
    answer = post("/d/harbour/vote", who.form(statement, "disagree"), headers)
    assert (answer.status, answer.header("set-cookie")) == (200, None)
    assert Vote.objects.get().value == -1
    assert Participant.objects.count() == 1
