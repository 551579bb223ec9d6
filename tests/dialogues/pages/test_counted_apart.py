"""The pages explain to participants whether their tier counts or is counted apart."""

from __future__ import annotations

import pytest
from django.test import Client

from middleground.dialogues.models import Participant
from support.cast import carry, make_dialogue, make_participant, make_statement, make_vote
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
APART = "Your votes are counted apart, not in the findings:"
COUNT = (
    "Your votes already count.",
    "Thank you. Your votes count.",
    "You are admitted. Your votes count.",
)
NOT_YET = "Your votes are stored, but do not count yet."


def visit(client: Client, tier: str, uncounted: list[str]) -> dict[str, str]:
    """The text of each page for a participant of this tier who has voted."""
    dialogue = make_dialogue(uncounted_tiers=uncounted)
    token, me = make_participant(dialogue)
    Participant.objects.update(tier=tier)
    make_vote(me, dialogue.statements.get(number=1), 1)
    carry(client, token)
    pages = ("confirm/", "take-part/?confirmed", "take-part/?admitted", "take-part/", "mine/")
    return {page: words(client, f"/d/harbour/{page}") for page in pages}


def told(pages: dict[str, str], *said: str) -> list[str]:
    return [page for page, text in pages.items() if any(each in text for each in said)]


def test_participants_of_a_counted_tier_read_that_votes_count(client: Client) -> None:
    pages = visit(client, "open", ["in_person"])
    assert told(pages, *COUNT) == ["confirm/", "take-part/?confirmed"]
    assert told(pages, APART, "apart") == []


def test_confirmed_participants_read_that_they_are_counted_apart(client: Client) -> None:
    pages = visit(client, "open", ["open"])
    assert told(pages, APART) == ["confirm/", "take-part/?confirmed", "mine/"]
    assert "You are already confirmed." in pages["confirm/"]
    assert told(pages, *COUNT, NOT_YET, "So that your votes count", "Let my votes count") == []


@pytest.mark.parametrize(("uncounted", "said"), [([], "Your votes count."), (["in_person"], APART)])
def test_participants_with_a_code_read_about_their_own_tier(
    client: Client, uncounted: list[str], said: str
) -> None:
    pages = visit(client, "in_person", uncounted)
    assert f"You are admitted. {said}" in pages["take-part/?admitted"]


def test_unconfirmed_participants_read_the_effect_of_confirming(client: Client) -> None:
    pages = visit(client, "unconfirmed", ["open"])
    assert "confirmed votes of people without a code apart" in pages["confirm/"]
    stored = "Your votes are stored but not confirmed yet."
    assert told(pages, stored) == ["take-part/?confirmed", "take-part/?admitted", "take-part/",
                                   "mine/"]  # fmt: skip
    assert told(pages, *COUNT, NOT_YET, "So that your votes count", "Let my votes count") == []
    assert "You are admitted" not in pages["take-part/?admitted"]


def test_participants_without_votes_read_nothing_about_votes(client: Client) -> None:
    dialogue = make_dialogue()
    token, me = make_participant(dialogue)
    Participant.objects.update(tier="unconfirmed")
    make_statement(dialogue, 4, status="pending", author=me)
    carry(client, token)
    page = client.get("/d/harbour/take-part/").content.decode()
    noscript = page.split("<noscript>")[1].split("</noscript>")[0]
    assert NOT_YET not in noscript
    assert 'data-voted="no"' in page
    assert NOT_YET not in words(client, "/d/harbour/mine/")
    make_vote(me, dialogue.statements.get(number=1), 1)  # the control
    assert NOT_YET in words(client, "/d/harbour/mine/")
    assert 'data-voted="yes"' in client.get("/d/harbour/take-part/").content.decode()
