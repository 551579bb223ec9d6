"""The screen before the first card: it explains, sets no cookie, and leads on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.cookie import COOKIE
from support.cast import carry, make_crowd, make_dialogue
from support.reading import links, words

pytestmark = pytest.mark.django_db

START = "/d/harbour/start/"
CARDS = "/d/harbour/take-part/"


def test_it_says_what_this_is_who_is_behind_it_and_what_is_not_stored(client: Client) -> None:
    make_dialogue(statements=12, promise="The council answers by May.")
    assert words(client, START) == (
        "About this dialogue What should the harbour be?"
        " What you do Read short statements: agree, disagree or pass."
        " 12 votes are a good goal. Stop whenever you like. You can change every vote."
        " What comes of it A public map of what opinion groups share and what divides them."
        " After 7 votes on statements we choose, your votes shape the opinion map."
        " To see your own place, which only you see, agree or disagree with three of its"
        " statements. What happens with the answers"
        " Who is behind it Port City"
        " What is not stored No account, name, address, device or time of a vote. With the"
        " first statement you get a cookie, a random number that keeps your votes together."
        " Can I be identified? Start Start without being remembered The cookie goes when you close"
        " the browser. Your votes stay, but only your twelve words lead to them."
    )
    assert links(client, START) == [
        "/d/harbour/", "/d/harbour/#promise", "/what-we-know/#identified", CARDS,
        f"{CARDS}?not-remembered",
    ]  # fmt: skip


def test_no_cookie_is_set_before_the_first_card(client: Client) -> None:
    make_dialogue()
    for path in ("/", "/d/harbour/", START, "/what-we-know/"):
        assert client.get(path).cookies == {}
    assert COOKIE in client.get(CARDS).cookies  # the control


def test_the_way_of_a_newcomer_leads_over_it(client: Client) -> None:
    make_dialogue()
    for path in ("/d/harbour/", "/d/harbour/s/1/", "/d/harbour/map/"):
        assert START in links(client, path)
        assert CARDS not in links(client, path)


def test_who_has_been_here_goes_on_at_once(client: Client) -> None:
    dialogue = make_dialogue()
    carry(client, make_crowd(dialogue, 1)[0])
    assert client.get(START).headers["Location"] == CARDS
    assert client.get(f"{START}?again=2").headers["Location"] == f"{CARDS}?again=2"


def test_where_no_map_can_come_none_is_promised(client: Client) -> None:
    make_dialogue(statements=3)
    assert "place" not in words(client, START)


@pytest.mark.parametrize("phase", ["closed", "scheduled"])
def test_a_dialogue_that_is_not_open_shows_its_page(client: Client, phase: str) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    fields = {"state": "closed"} if phase == "closed" else {"opens_at": tomorrow}
    make_dialogue(**fields)
    assert client.get(START).headers["Location"] == "/d/harbour/"


def test_half_a_screen_answers_whether_one_can_be_identified(client: Client) -> None:
    page = words(client, "/what-we-know/")
    asked = [
        "By my votes Not from what is published.",
        "By my name, address or device No.",
        "By what I write Yes,",
    ]
    asked += [
        "By somebody with my phone or computer Yes,",
        "By the host As by somebody who takes its machines.",
    ]
    places = [page.index(each) for each in asked]
    assert places == sorted(places)
    assert places[-1] < page.index("What your browser keeps")
