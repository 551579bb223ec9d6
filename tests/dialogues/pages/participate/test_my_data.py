"""The page “You and your data”: stored data, the phrase, carrying on and being forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import new_token, phrase, write_token
from middleground.dialogues.models import Vote
from support.cast import carry, make_dialogue, make_participant, make_statement, make_vote
from support.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TOKEN = bytes(range(16))
WORDS = phrase(TOKEN)
NO_STORE = "max-age=0, no-cache, no-store, must-revalidate, private"


def test_an_unknown_browser_gets_no_cookie(client: Client) -> None:
    response = client.get("/you/")
    assert COOKIE not in response.cookies
    page = words(client, "/you/")
    assert "We do not know you" in page
    assert "Show my twelve words" not in page
    assert "Forget me here" not in page


def test_stored_data_is_listed_by_dialogue(client: Client) -> None:
    dialogue = make_dialogue(statements=2)
    token, me = make_participant(dialogue)
    for statement in dialogue.statements.all():
        make_vote(me, statement, 1)
    make_statement(dialogue, 3, author=me)
    over = make_dialogue("over", state="closed", question="Is it over?")
    make_participant(over, token)
    make_participant(make_dialogue("other"))
    make_participant(make_dialogue("draft", state="draft"), token)
    carry(client, token)
    assert (
        "Is it over? 0 votes, 0 statements See them Delete what is mine … "
        "What should the harbour be? 2 votes, 1 statement See and change them Delete what is mine …"
    ) in words(client, "/you/")
    assert links(client, "/you/") == [
        "/what-we-know/#cookies",
        "/d/over/",
        "/d/over/mine/",
        "/d/over/mine/delete/",
        "/d/harbour/",
        "/d/harbour/mine/",
        "/d/harbour/mine/delete/",
        "/what-we-know/",
        "/you/forget/",
    ]


def test_data_of_other_participants_is_not_listed(client: Client) -> None:
    make_participant(make_dialogue())
    carry(client, new_token())
    assert "Nothing under your number yet: no vote, no statement." in words(client, "/you/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_seven_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        _, me = make_participant(dialogue := make_dialogue(f"d{place}", statements=1), TOKEN)
        make_vote(me, dialogue.statements.get(), 1)
    carry(client, TOKEN)
    with django_assert_num_queries(7):
        client.get("/you/")


@pytest.mark.parametrize("path", ["/you/", "/you/phrase/", "/you/carry-on/", "/you/forget/"])
def test_the_pages_are_not_cached(client: Client, path: str) -> None:
    carry(client, TOKEN)
    assert client.get(path).headers["Cache-Control"] == NO_STORE
    assert client.post(path).headers.get("Cache-Control", NO_STORE) == NO_STORE


def test_the_phrase_is_shown_by_post_only(client: Client) -> None:
    carry(client, TOKEN)
    assert client.get("/you/phrase/").status_code == 302
    response = client.post("/you/phrase/")
    page = response.content.decode()
    assert re.findall(r"<li>(\w+)</li>", page) == WORDS.split()
    assert response.headers["Cache-Control"] == NO_STORE


def test_without_cookie_there_is_no_phrase(client: Client) -> None:
    response = client.post("/you/phrase/")
    assert (response.status_code, response.headers["Location"]) == (302, "/you/")


def test_another_site_can_send_none_of_the_forms() -> None:
    client = Client(enforce_csrf_checks=True)
    carry(client, new_token())
    for path, fields in [
        ("/you/phrase/", {}),
        ("/you/carry-on/", {"phrase": WORDS, "replace": "1"}),
        ("/you/forget/", {}),
    ]:
        response = client.post(path, fields)
        assert response.status_code == 403
        assert COOKIE not in response.cookies


@pytest.mark.parametrize(
    "typed",
    [
        WORDS,
        WORDS.upper(),
        f"  {WORDS.replace(' ', '  ')}\n",
        f"{WORDS.replace(' ', ', ')}.",
        WORDS.replace(" ", ","),
        "\n".join(f"{place}. {word}" for place, word in enumerate(WORDS.split(), start=1)),
    ],
)
def test_the_phrase_restores_the_participant(client: Client, typed: str) -> None:
    response = client.post("/you/carry-on/", {"phrase": typed})
    assert (response.status_code, response.headers["Location"]) == (302, "/you/?carried-on#main")
    assert response.cookies[COOKIE].value == write_token(TOKEN)
    assert "Welcome back." in words(client, "/you/?carried-on")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "The phrase has 12 words. You entered 0."),
        ("abandon amount", "The phrase has 12 words. You entered 2."),
        (WORDS.replace("cage", "caeg"), "Word 7, “caeg”, is not one of ours."),
        (WORDS.replace("cage", "<b>"), "Word 7, “&lt;b&gt;”, is not one of ours."),
        (" ".join(reversed(WORDS.split())), "Each word is right, but not in this order."),
        ("abandon " * 5000, "The phrase has 12 words. You entered 50."),
    ],
)
def test_a_wrong_phrase_is_explained_and_kept(client: Client, typed: str, told: str) -> None:
    response = client.post("/you/carry-on/", {"phrase": typed})
    assert response.status_code == 422
    assert COOKIE not in response.cookies
    page = response.content.decode()
    assert told in page
    field = re.search(r'<textarea id="phrase"[^>]*>([^<]*)</textarea>', page)
    assert field
    assert field[1].replace("&lt;", "<").replace("&gt;", ">") == typed[:400]


def test_another_identity_is_replaced_only_when_confirmed(client: Client) -> None:
    carry(client, new_token())
    response = client.post("/you/carry-on/", {"phrase": WORDS})
    assert response.status_code == 422
    assert COOKIE not in response.cookies
    assert "not those of this browser. Please confirm." in response.content.decode()
    assert WORDS in response.content.decode()
    response = client.post("/you/carry-on/", {"phrase": WORDS, "replace": "1"})
    assert response.cookies[COOKIE].value == write_token(TOKEN)


def test_the_same_identity_needs_no_confirmation(client: Client) -> None:
    carry(client, TOKEN)
    assert client.post("/you/carry-on/", {"phrase": WORDS}).status_code == 302


def test_the_phrase_is_never_in_an_address(client: Client) -> None:
    response = client.get("/you/carry-on/", {"phrase": WORDS})
    assert response.headers["Location"] == "/you/"
    form = re.search(
        r'<form[^>]*action="/you/carry-on/#phrase"', client.get("/you/").content.decode()
    )
    assert form
    assert 'method="post"' in form[0]


def test_forgetting_deletes_the_cookie_and_keeps_the_votes(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    _, me = make_participant(dialogue, TOKEN)
    make_vote(me, dialogue.statements.get(), 1)
    carry(client, TOKEN)
    asked = client.get("/you/forget/")
    assert (asked.status_code, COOKIE in asked.cookies) == (200, False)
    response = client.post("/you/forget/")
    assert (response.status_code, response.headers["Location"]) == (302, "/you/?forgotten")
    assert (response.cookies[COOKIE].value, response.cookies[COOKIE]["max-age"]) == ("", 0)
    assert (response.cookies["csrf"].value, response.cookies["csrf"]["max-age"]) == ("", 0)
    assert Vote.objects.count() == 1
    del client.cookies["csrf"]  # as a browser does
    after = client.get("/you/?forgotten")
    assert (after.cookies, "<form" in after.content.decode()) == ({}, False)
    assert "This browser has forgotten you." in words(client, "/you/?forgotten")


def test_forgetting_without_a_cookie_redirects(client: Client) -> None:
    assert client.get("/you/forget/").status_code == 302


def test_messages_depend_on_the_cookie_not_only_on_the_address(client: Client) -> None:
    assert "your browser did not keep our cookie" in words(client, "/you/?carried-on")
    carry(client, TOKEN)
    assert "has forgotten you" not in words(client, "/you/?forgotten")
