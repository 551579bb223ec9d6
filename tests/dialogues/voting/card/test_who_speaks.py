"""Cards and a statement's page say who speaks: the host, a participant, or people elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

from middleground.dialogues.models import Statement
from support.cast import make_dialogue, make_statement
from support.reading import words
from support.serving.asgi_client import vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]

CARD = {
    "seed": "The host asks if you agree:",
    "participant": "Somebody who takes part says:",
    "imported": "Imported with the votes from elsewhere:",
}
PAGE = {
    "seed": "Statement 1 · from the host",
    "participant": "Statement 1 · from somebody who takes part",
    "imported": "Statement 1 · imported with the votes from elsewhere",
}


@pytest.mark.parametrize("origin", Statement.Origin.values)
def test_pages_say_who_speaks(client: Client, origin: str) -> None:
    make_statement(make_dialogue(statements=0), 1, origin=origin)
    card, page = words(client, "/d/harbour/take-part/"), words(client, "/d/harbour/s/1/")
    assert {key for key, text in CARD.items() if text in card} == {origin}
    assert {key for key, text in PAGE.items() if text in page} == {origin}


@pytest.mark.parametrize("origin", Statement.Origin.values)
def test_the_card_that_answers_a_vote_says_who_speaks(origin: str) -> None:
    dialogue = make_dialogue(statements=1)
    make_statement(dialogue, 2, origin=origin)
    answer = vote(voter(), dialogue.statements.get(number=1)).text
    assert {key for key, text in CARD.items() if text in answer} == {origin}
