"""The goal on the card: within reach, what it opens, and what comes after it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from dialogues.pages.results.test_map_page import with_map
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.queries import OwnVotes
from middleground.dialogues.voting.card import card_html
from middleground.dialogues.voting.dealing import Card, StatementPools, votes_to_count
from middleground.engine import Options
from support.cast import carry, make_crowd, make_dialogue
from support.reading import links, words
from support.serving.asgi_client import vote, voter

STOP = "Stop whenever you like."
COUNTED = "more votes on statements we choose, and your votes shape the opinion map."
ONE_MORE = "more vote on a statement we choose, and your votes shape the opinion map."
ENOUGH = "You have enough votes to shape the opinion map."
ENOUGH_WAITING = "Once confirmed, your votes shape the opinion map."
OWN_PLACE = (
    "To see your own place, which only you see, agree or disagree with three of its statements."
)
REACHED = "You have reached the goal. Thank you."


def progress(answered: int, goal: int, needed: int, looked_up: int = 0) -> str:
    card = Card(1, "One.", "p", None, answered, 400, "seed", goal, needed, looked_up=looked_up)
    html = card_html(Dialogue(pk=1, slug="a"), card, None)
    found = html.split('<div class="vote-progress">')[1].split("</div>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


@pytest.mark.parametrize(
    ("answered", "goal", "needed", "says"),
    [
        (0, 20, 7, f"0 of 20 {STOP} 7 {COUNTED}"),
        (4, 20, 7, f"4 of 20 {STOP} 3 {COUNTED}"),
        (6, 20, 7, f"6 of 20 {STOP} 1 {ONE_MORE}"),
        (7, 20, 7, f"7 of 20 {STOP} {ENOUGH}"),
        (20, 20, 7, f"20 votes {REACHED}"),
        (57, 20, 7, f"57 votes {REACHED}"),
        # The goal of a host may be lower than that; a dialogue may be too small for a map.
        (3, 3, 7, f"3 votes {REACHED} 4 {COUNTED}"),
        (1, 2, 0, f"1 of 2 {STOP}"),
    ],
)
def test_the_card_tells_a_goal_and_what_it_opens(
    answered: int, goal: int, needed: int, says: str
) -> None:
    assert progress(answered, goal, needed) == says


def test_looked_up_votes_do_not_bring_the_map_nearer() -> None:
    assert progress(1, 20, 7, looked_up=1) == f"1 of 20 {STOP} 7 {COUNTED}"
    assert progress(7, 20, 7, looked_up=7) == f"7 of 20 {STOP} 7 {COUNTED}"
    assert progress(14, 20, 7, looked_up=7) == f"14 of 20 {STOP} {ENOUGH}"
    assert progress(7, 20, 7) == f"7 of 20 {STOP} {ENOUGH}"  # the control
    card = Card(1, "One.", "p", None, 9, 400, "seed", 20, 7, looked_up=7)
    assert 'd="M14 0v1"' in card_html(Dialogue(pk=1, slug="a"), card, None)
    assert replace(card, needed=0).mark == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
@pytest.mark.parametrize("htmx", [True, False])
def test_who_came_by_a_shared_link_reads_one_thing(client: Client, htmx: bool) -> None:
    """The vote on the linked statement does not count; the card, the map and the start agree."""
    dialogue, me = make_dialogue(statements=12), voter()
    carry(client, me.token)
    first, *others = dialogue.statements.order_by("number")

    def seen(place: int, value: str = "agree") -> str:
        statement = [first, *others][place]
        answer = vote(me, statement, value, dealt=place > 0, htmx=htmx)
        return (
            " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())
            if htmx
            else words(client, answer.header("location") or "")
        )

    assert f"1 of 12 {STOP} 7 {COUNTED}" in seen(0)
    assert f"2 of 12 {STOP} 6 {COUNTED}" in seen(1)
    assert f"1 of 12 {STOP} 7 {COUNTED}" in seen(1, "withdraw")
    assert f"1 of 12 {STOP} 7 {COUNTED}" in seen(0, "disagree")  # a changed vote stays looked up
    pages = [seen(place) for place in range(1, 8)]
    assert [
        f"{n} {COUNTED}" in page for n, page in zip((6, 5, 4, 3, 2), pages[:5], strict=True)
    ] == ([True] * 5)
    assert f"1 {ONE_MORE}" in pages[5]
    assert f"8 of 12 {STOP} {ENOUGH if htmx else ENOUGH_WAITING}" in pages[6]


@pytest.mark.django_db
def test_start_and_map_say_the_same(client: Client) -> None:
    with_map(vote_goal=3)
    many = make_dialogue("pier", statements=8)
    said = f"After 7 votes on statements we choose, your votes shape the opinion map. {OWN_PLACE}"
    assert said in words(client, f"/d/{many.slug}/start/")
    assert said in words(client, "/d/harbour/map/")
    assert "place on it" not in words(client, "/d/harbour/start/")  # too small for a map


def test_the_bar_is_drawn_with_the_mark_on_it() -> None:
    def drawn(**counts: int) -> str:
        return render_to_string("dialogues/card/progress.html", counts)

    html = drawn(answered=4, goal=20, mark=7)
    assert 'viewBox="0 0 20 1"' in html
    assert '<rect class="vote-bar-done" width="4" height="1" />' in html
    assert 'd="M7 0v1"' in html
    assert "vote-bar-place" not in drawn(answered=1, goal=3, mark=7)
    assert "vote-bar-place" not in drawn(answered=1, goal=3, mark=0)


def test_to_count_takes_as_many_votes_as_the_engine_says() -> None:
    options = Options()
    assert [votes_to_count(Dialogue(), n) for n in (6, 7, 400)] == [0, 7, 7]
    assert (options.min_votes, options.min_statements) == (7, 7)


@pytest.mark.django_db
def test_no_place_is_promised_where_votes_without_a_code_count_apart(client: Client) -> None:
    dialogue = with_map()
    Dialogue.objects.update(uncounted_tiers=["open"])
    dialogue.refresh_from_db()
    assert votes_to_count(dialogue, 400) == 0
    card = StatementPools().of(dialogue).next_card(new_token(), OwnVotes())
    assert (card.needed, card.until_counted, card.mark) == (0, 0, 0)
    for page in ("start", "map"):
        assert "your votes shape the opinion map" not in words(client, f"/d/harbour/{page}/")


@pytest.mark.django_db
@pytest.mark.parametrize(("statements", "goal"), [(2, 2), (20, 20), (25, 20)])
def test_the_goal_is_never_more_than_there_are_statements(statements: int, goal: int) -> None:
    pool = StatementPools().of(make_dialogue(statements=statements))
    card = pool.next_card(new_token(), OwnVotes())
    assert (card.goal, card.total) == (goal, statements)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_the_host_sets_the_goal(client: Client) -> None:
    dialogue = make_dialogue(statements=12, vote_goal=10)
    carry(client, make_crowd(dialogue, 1, votes=4)[0])
    assert f"4 of 10 {STOP} 3 {COUNTED}" in words(client, "/d/harbour/take-part/")
    Dialogue.objects.update(vote_goal=5)
    assert f"4 of 5 {STOP} 3 {COUNTED}" in words(client, "/d/harbour/take-part/")


THANKS = "Thank you: you have reached the goal"
CLOSE = (
    "You can vote and change votes until the host closes the dialogue. Then comes the final result."
)


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
            assert "8 votes are stored." in page
            assert f"{ENOUGH if htmx else ENOUGH_WAITING} {OWN_PLACE}" in page
            assert CLOSE in page
            assert "Undo" in page
    assert seen == [(False, False)] * 7 + [(True, False), (False, True)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_thanks_lead_on_and_come_back(client: Client) -> None:
    dialogue = make_dialogue(statements=2, promise="Answers by May.")
    carry(client, make_crowd(dialogue, 1)[0])
    Participant.objects.update(tier="open")
    page = words(client, "/d/harbour/take-part/")
    assert "You have answered every statement All 2 of them." in page
    assert f"nothing about you: {settings.ORIGIN}/d/harbour/ " in page
    assert links(client, "/d/harbour/take-part/")[1:8] == [
        "/d/harbour/map/#people", "/d/harbour/write/", "/d/harbour/#promise", "/d/harbour/mine/",
        "/you/", "/you/forget/", "/d/harbour/",
    ]  # fmt: skip
