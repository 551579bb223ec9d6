"""A link to a statement lets newcomers vote on it, and pages say which votes do not count."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from dialogues.participation.test_codes import make_codes
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import read_token
from middleground.dialogues.models import Participant, Vote
from support.cast import carry, make_dialogue, make_participant
from support.reading import links, words
from support.serving.asgi_client import Voter, vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]

BEFORE = "A vote here is stored, but does not count on the map."
AFTER = "This vote is stored, but does not count on the map."
WHY = "Only votes on statements we choose for you count, so nobody can send a crowd."
LAST = "It does not count in the opinion map: you opened that statement yourself."


def dealt() -> list[tuple[int, bool]]:
    return sorted(Vote.objects.values_list("statement__number", "dealt"))


def proof_in(client: Client, path: str) -> str:
    html = client.get(path).content.decode()
    return re.findall(r'name="proof" value="([^"]*)"', html)[0]


def browser_of(client: Client) -> Voter:
    token = read_token(client.cookies[COOKIE].value)
    assert token is not None
    return Voter(token)


def test_a_newcomer_votes_on_the_statement_of_a_link(client: Client) -> None:
    dialogue = make_dialogue(statements=3)
    page = client.get("/d/harbour/s/2/")
    assert (page.status_code, page.cookies) == (200, {})
    path = next(link for link in links(client, "/d/harbour/s/2/") if "again" in link)
    assert path == "/d/harbour/start/?again=2"
    page = client.get(path)
    assert (page.status_code, page.cookies) == (200, {})
    path = next(link for link in links(client, path) if "again" in link)
    assert path == "/d/harbour/take-part/?again=2"
    card = words(client, path)
    assert "Statement number 2." in card
    assert f"{BEFORE} {WHY}" in card
    two = dialogue.statements.get(number=2)
    answer = vote(browser_of(client), two, proof=proof_in(client, path))
    assert LAST in answer.text
    assert dealt() == [(2, False)]
    assert f"{AFTER} {WHY}" in words(client, "/d/harbour/mine/")
    # The statements that come next are chosen by us, and count.
    assert BEFORE not in answer.text
    vote(browser_of(client), dialogue.statements.get(number=1))
    assert words(client, "/d/harbour/mine/").count(AFTER) == 1


def test_a_plain_form_says_so_too(client: Client) -> None:
    dialogue, me = make_dialogue(statements=3), voter()
    answer = vote(me, dialogue.statements.get(number=2), dealt=False, htmx=False)
    carry(client, me.token)
    assert LAST in words(client, answer.header("location") or "")
    answer = vote(me, dialogue.statements.get(number=1), htmx=False)
    assert LAST not in words(client, answer.header("location") or "")


def test_where_codes_admit_the_link_leads_on_to_the_statement(client: Client) -> None:
    dialogue = make_dialogue(statements=3, open_participation=False)
    answer = client.get("/d/harbour/take-part/?again=2")
    assert answer.headers["Location"] == "/d/harbour/code/?again=2"
    client.get("/d/harbour/code/?again=2")  # sets the cookie
    code = make_codes(dialogue)[0]
    answer = client.post("/d/harbour/code/?again=2", {"code": code})
    target = urlsplit(answer.headers["Location"])
    assert dict(parse_qsl(target.query, keep_blank_values=True)) == {"admitted": "", "again": "2"}
    card = words(client, answer.headers["Location"])
    assert "You are admitted." in card
    assert "Statement number 2." in card
    assert BEFORE in card


@pytest.mark.parametrize("again", ["", "0", "-1", "x", "99999999999"])
def test_no_other_address_is_made_of_a_bad_number(client: Client, again: str) -> None:
    make_dialogue(open_participation=False)
    answer = client.get("/d/harbour/take-part/", {"again": again})
    assert answer.headers["Location"] == "/d/harbour/code/"


def test_a_vote_on_a_statement_that_we_chose_counts_wherever_it_is_changed(client: Client) -> None:
    dialogue = make_dialogue(statements=3)
    token, person = make_participant(dialogue)
    one, two = dialogue.statements.filter(number__in=(1, 2))
    Vote.objects.create(participant=person, statement=one, value=1, dealt=True)
    Vote.objects.create(participant=person, statement=two, value=1, dealt=False)
    Participant.objects.update(tier="open")
    carry(client, token)
    assert BEFORE not in words(client, "/d/harbour/s/1/")
    assert AFTER not in words(client, "/d/harbour/s/1/")
    assert f"{AFTER} {WHY}" in words(client, "/d/harbour/s/2/")
    assert f"{BEFORE} {WHY}" in words(client, "/d/harbour/s/3/")
    # Taken back and given again, it counts as before; with the proof of a looked-up one it did not.
    for path, counts in (("/d/harbour/s/1/", True), ("/d/harbour/mine/", True)):
        given = re.findall(
            r'value="1">\s*<input type="hidden" name="proof" value="([^"]*)"',
            client.get(path).content.decode(),
        )[0]
        vote(Voter(token), one, "withdraw", proof=given, **{"from": "statement"})
        answer = vote(Voter(token), one, "disagree", proof=given, **{"from": "statement"})
        assert AFTER not in answer.text
        assert dealt() == [(1, counts), (2, False)]
    vote(Voter(token), one, "withdraw")
    answer = vote(Voter(token), one, "agree", dealt=False, **{"from": "statement"})
    assert AFTER in answer.text
    assert dealt() == [(1, False), (2, False)]
