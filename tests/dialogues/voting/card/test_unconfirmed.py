"""Whose votes do not count yet is told so where they are thanked, and led on in one step."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import with_map
from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.participation.admission import confirm
from support.cast import carry, make_crowd, make_dialogue, make_participant, make_vote
from support.reading import words
from support.serving.asgi_client import vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]
CARD = "/d/harbour/take-part/"
NOT_YET = (
    "Your votes are stored, but do not count yet. Confirming usually takes half a minute, once."
    " Let my votes count"
)
APART = "The host counts them apart, not in the findings. Confirm my votes"


def warnings(html: str) -> list[str]:
    """The opening tags of the warning in the thanks."""
    return re.findall(r"<div data-until-confirmed[^>]*>", html)


def someone(tier: str, votes: int, statements: int) -> tuple[Dialogue, bytes]:
    dialogue = make_dialogue(statements=statements, vote_goal=statements)
    token, person = make_participant(dialogue)
    Participant.objects.update(tier=tier)
    for statement in dialogue.statements.order_by("number")[:votes]:
        make_vote(person, statement, 1)
    return dialogue, token


@pytest.mark.parametrize(
    ("tier", "told"), [("unconfirmed", ["<div data-until-confirmed>"]), ("open", [])]
)
def test_the_thanks_say_whether_the_votes_count(client: Client, tier: str, told: list[str]) -> None:
    carry(client, someone(tier, 3, 3)[1])
    html = client.get(CARD).content.decode()
    assert warnings(html) == told
    assert "You have answered every statement" in html
    # The second is shown by the script if it fails; without a script the first is enough.
    page = words(client, CARD)
    assert page.count(NOT_YET) == 2 * len(told)


def test_no_vote_is_no_thanks(client: Client) -> None:
    carry(client, someone("unconfirmed", 0, 3)[1])
    assert warnings(client.get(CARD).content.decode()) == []


def test_votes_that_count_apart_are_not_said_to_count(client: Client) -> None:
    _, token = someone("unconfirmed", 3, 3)
    Dialogue.objects.update(uncounted_tiers=["open"])
    carry(client, token)
    page = words(client, CARD)
    assert APART in page
    assert "Let my votes count" not in page


def test_the_script_shows_what_the_card_of_a_vote_brings() -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    answer = vote(me, dialogue.statements.get(), htmx=True)
    assert warnings(answer.text) == ["<div data-until-confirmed hidden>"]


def test_the_card_says_that_enough_votes_wait(client: Client) -> None:
    dialogue, token = someone("unconfirmed", 7, 9)
    carry(client, token)
    waits = "Once confirmed, your votes shape the opinion map."
    assert waits in words(client, CARD)
    confirm(dialogue, token, "work")
    page = words(client, CARD)
    assert "You have enough votes to shape the opinion map." in page
    assert waits not in page


def test_the_own_place_on_the_map_says_it(client: Client) -> None:
    dialogue = with_map()
    carry(client, make_crowd(dialogue, 1)[0])
    assert NOT_YET in words(client, "/d/harbour/map/")


def test_control_confirmed_votes_on_the_map_do_not_wait(client: Client) -> None:
    carry(client, make_crowd(with_map(), 1)[0])
    Participant.objects.update(tier="open")
    page = words(client, "/d/harbour/map/")
    assert "Only your browser shows you this." in page
    assert NOT_YET not in page
