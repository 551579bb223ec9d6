"""Many own votes are shown in pages: none is lost, and a vote leads back to its place."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from middleground.dialogues.models import Participant, Vote
from middleground.dialogues.pages.participate import my_votes
from support.cast import carry, make_dialogue, make_participant, make_statement

pytestmark = pytest.mark.django_db
HERE = "/d/harbour/mine/"
FEW, MANY = 3, 8  # on a page, and in all


@pytest.fixture
def voter(client: Client, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Participant:
    """Somebody who has voted on every statement, with their cookie in the client."""
    monkeypatch.setattr(my_votes, "VOTES_A_PAGE", FEW)
    dialogue = make_dialogue(statements=MANY)
    token, participant = make_participant(dialogue)
    vote_on(participant, *range(1, MANY + 1))
    carry(client, token)
    return participant


def vote_on(participant: Participant, *numbers: int) -> None:
    statements = participant.dialogue.statements.filter(number__in=numbers)
    Vote.objects.bulk_create(
        Vote(participant=participant, statement=statement, value=1) for statement in statements
    )


def shown(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li id="s(\d+)">', html)]


def link(html: str, words: str) -> str | None:
    found = re.search(rf'<a [^>]*href="([^"]+)">{words}</a>', html)
    return found and found[1]


@pytest.mark.usefixtures("voter")
def test_going_from_page_to_page_shows_each_vote_once(client: Client) -> None:
    address: str | None = HERE
    pages, backs = [], []
    while address:
        html = client.get(address).text
        pages.append(shown(html))
        backs.append(link(html, "Back"))
        assert f"Page {len(pages)} of 3" in html
        following = link(html, "Next")
        assert following is None or following.endswith("#voted")
        assert 'id="voted"' in html
        address = urljoin(HERE, following) if following else None
    assert pages == [[8, 7, 6], [5, 4, 3], [2, 1]]
    assert backs == [None, "?page=1#voted", "?page=2#voted"]


def test_a_page_costs_the_same_whatever_the_number_of_votes(
    client: Client, voter: Participant
) -> None:
    with CaptureQueriesContext(connection) as of_many:
        many = client.get(HERE).text
    voter.votes.filter(statement__number__lt=MANY - FEW).delete()
    with CaptureQueriesContext(connection) as of_few:
        few = client.get(HERE).text
    assert shown(many) == shown(few)
    assert len(of_many) == len(of_few)


@pytest.mark.usefixtures("voter")
@pytest.mark.parametrize("number", range(1, MANY + 1))
def test_a_changed_vote_leads_back_to_its_page(client: Client, number: int) -> None:
    assert number in shown(client.get(f"{HERE}?at={number}").text)


def test_a_vote_taken_back_leads_to_its_neighbours(client: Client, voter: Participant) -> None:
    voter.votes.filter(statement__number__in=(1, 2, 4)).delete()
    assert shown(client.get(f"{HERE}?at=4").text) == [5, 3]
    # It was the only one on its page.
    voter.votes.filter(statement__number__in=(3, 5)).delete()
    assert shown(client.get(f"{HERE}?at=2").text) == [8, 7, 6]
    voter.votes.all().delete()
    assert "Nothing from this browser yet" in client.get(f"{HERE}?at=7").text


@pytest.mark.usefixtures("voter")
@pytest.mark.parametrize(
    ("query", "first"),
    [("page=0", 2), ("page=99", 2), ("page=x", 8), ("page=2&at=", 5), ("at=-1", 8), ("at=9e9", 8),
     ("at=99999999999999999999", 8), ("at=0", 2), ("at=999999999", 8)],
)  # fmt: skip
def test_any_page_that_is_asked_for_is_one_of_the_pages(
    client: Client, query: str, first: int
) -> None:
    response = client.get(f"{HERE}?{query}")
    assert response.status_code == 200
    assert shown(response.text)[0] == first


def test_few_votes_are_one_page_without_links(client: Client, voter: Participant) -> None:
    voter.votes.filter(statement__number__gt=FEW).delete()
    html = client.get(HERE).text
    assert shown(html) == [3, 2, 1]
    assert "Page 1 of" not in html


def test_the_thanks_for_a_statement_stand_above_the_votes(
    client: Client, voter: Participant
) -> None:
    make_statement(voter.dialogue, MANY + 1, "A wish", status="pending", author=voter)
    html = client.get(f"{HERE}?sent={MANY + 1}").text
    assert 'id="written"' in html
    assert "Your statement waits for a moderator" in html
    assert shown(html) == [8, 7, 6]
