"""The goal on the card: within reach, what it opens, and what comes after it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue
from middleground.dialogues.voting.card import card_html
from middleground.dialogues.voting.dealing import Card, StatementPools, votes_for_a_place
from middleground.engine import Options
from support.cast import carry, make_crowd, make_dialogue
from support.reading import links, words
from support.serving.asgi_client import vote, voter

STOP = "Stop whenever you like."
PLACE = "more votes give you a place on the opinion map."
REACHED = "You have reached the goal, thank you. Vote on as many more as you like."


def progress(answered: int, goal: int, place: int) -> str:
    card = Card(1, "One.", "p", None, answered, 400, "seed", goal, place)
    html = card_html(Dialogue(pk=1, slug="a"), card, None)
    found = html.split('<div class="vote-progress">')[1].split("</div>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


@pytest.mark.parametrize(
    ("answered", "goal", "place", "says"),
    [
        (0, 20, 7, f"0 of 20 {STOP} 7 {PLACE}"),
        (4, 20, 7, f"4 of 20 {STOP} 3 {PLACE}"),
        (6, 20, 7, f"6 of 20 {STOP} 1 more vote gives you a place on the opinion map."),
        (7, 20, 7, f"7 of 20 {STOP} You have enough votes for a place on the opinion map."),
        (20, 20, 7, f"20 votes {REACHED}"),
        (57, 20, 7, f"57 votes {REACHED}"),
        # The goal of a host may be lower than a place; a dialogue may be too small for a map.
        (3, 3, 7, f"3 votes {REACHED} 4 {PLACE}"),
        (1, 2, 0, f"1 of 2 {STOP}"),
    ],
)
def test_the_card_tells_a_goal_and_what_it_opens(
    answered: int, goal: int, place: int, says: str
) -> None:
    assert progress(answered, goal, place) == says


def test_the_bar_is_drawn_with_the_place_on_it() -> None:
    def drawn(**counts: int) -> str:
        return render_to_string("dialogues/card/progress.html", counts)

    html = drawn(answered=4, goal=20, place=7)
    assert 'viewBox="0 0 20 1"' in html
    assert '<rect class="vote-bar-done" width="4" height="1" />' in html
    assert 'd="M7 0v1"' in html
    assert "vote-bar-place" not in drawn(answered=1, goal=3, place=7)
    assert "vote-bar-place" not in drawn(answered=1, goal=3, place=0)


def test_a_place_needs_as_many_votes_as_the_engine_says() -> None:
    options = Options()
    assert [votes_for_a_place(n) for n in (6, 7, 400)] == [0, 7, 7]
    assert (options.min_votes, options.min_statements) == (7, 7)


@pytest.mark.django_db
@pytest.mark.parametrize(("statements", "goal"), [(2, 2), (20, 20), (25, 20)])
def test_the_goal_is_never_more_than_there_are_statements(statements: int, goal: int) -> None:
    pool = StatementPools().of(make_dialogue(statements=statements))
    card = pool.next_card(new_token(), {})
    assert (card.goal, card.total) == (goal, statements)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_the_host_sets_the_goal(client: Client) -> None:
    dialogue = make_dialogue(statements=12, vote_goal=10)
    carry(client, make_crowd(dialogue, 1, votes=4)[0])
    assert f"4 of 10 {STOP} 3 {PLACE}" in words(client, "/d/harbour/take-part/")
    Dialogue.objects.update(vote_goal=5)
    assert f"4 of 5 {STOP} 3 {PLACE}" in words(client, "/d/harbour/take-part/")


THANKS = "Thank you: you have reached the goal"
CLOSE = "The dialogue is open until the host closes it. Then the final result is published."


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
@pytest.mark.parametrize("htmx", [True, False])
def test_who_reaches_the_goal_is_thanked_once_and_told_what_happens_next(
    client: Client, htmx: bool
) -> None:
    dialogue, me = make_dialogue(statements=9, vote_goal=8, promise="Answers by May."), voter()
    carry(client, me.token)
    seen = []
    for statement in dialogue.statements.all()[:9]:
        answer = vote(me, statement, htmx=htmx)
        page = answer.text if htmx else words(client, answer.header("location") or "")
        seen.append((THANKS in page, "You have answered every statement" in page))
        if THANKS in page:
            assert "8 votes are stored. You can stop here." in page
            assert "You have enough votes for a place on it." in page
            assert CLOSE in page
            assert "Undo" in page
    assert seen == [(False, False)] * 7 + [(True, False), (False, True)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_thanks_lead_on_and_come_back(client: Client) -> None:
    dialogue = make_dialogue(statements=2, promise="Answers by May.")
    carry(client, make_crowd(dialogue, 1)[0])
    page = words(client, "/d/harbour/take-part/")
    assert "You have answered every statement All 2 of them." in page
    assert f"nothing of yours: {settings.ORIGIN}/d/harbour/ " in page
    assert links(client, "/d/harbour/take-part/")[1:8] == [
        "/d/harbour/map/", "/d/harbour/write/", "/d/harbour/#promise", "/d/harbour/mine/", "/you/",
        "/you/forget/", "/d/harbour/",
    ]  # fmt: skip
