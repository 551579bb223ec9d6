"""The desk's list: searched, filtered, in pages and in order; and the archive."""

from __future__ import annotations

import re
from datetime import date
from time import thread_time

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue
from support.cast import make_dialogue, make_member

pytestmark = pytest.mark.django_db
ROW = re.compile(r'class="row-title">\s*<a href="/desk/([^"/]+)/"')


def shown(client: Client, **query: str) -> list[str]:
    return ROW.findall(client.get("/desk/", query).content.decode())


def make_all() -> None:
    make_dialogue("one", statements=0, question="What should the harbour be?")
    make_dialogue("two", statements=0, question="Where do buses go?", background="Harbour line.")
    make_dialogue("draft", statements=0, state="draft", question="A harbour for whom?")
    make_dialogue("over", statements=0, state="closed", question="Which trees?")
    make_dialogue(
        "old", statements=0, state="closed", question="Old harbour?", archived_on=date(2026, 11, 3)
    )


def test_dialogues_are_filtered_and_searched(desk: Client) -> None:
    make_all()
    assert shown(desk) == ["two", "one", "draft", "over"]
    assert shown(desk, state="open") == ["two", "one"]
    assert shown(desk, state="draft") == ["draft"]
    assert shown(desk, state="closed") == ["over"]
    assert shown(desk, state="archived") == ["old"]
    assert shown(desk, state="nonsense") == ["two", "one", "draft", "over"]
    assert shown(desk, q="HARBOUR") == ["two", "one", "draft", "old"]
    assert shown(desk, q="harbour", state="open") == ["two", "one"]
    page = desk.get("/desk/", {"q": "whales <i>", "state": "draft"}).content.decode()
    assert "Nothing found" in page
    assert 'value="whales &lt;i&gt;"' in page
    assert 'name="state" value="draft"' in page
    assert "There is no dialogue yet." not in page


def test_members_find_their_own_dialogues_only(client: Client) -> None:
    make_all()
    client.force_login(make_member(Dialogue.objects.get(slug="one"), "moderator", "m@example.org"))
    assert shown(client) == ["one"]
    assert shown(client, q="harbour") == ["one"]
    assert shown(client, state="archived") == []
    assert "Move up" not in client.get("/desk/").content.decode()


def test_moving_with_plain_buttons(desk: Client, moderation: Client) -> None:
    make_all()
    page = desk.get("/desk/").content.decode()
    assert page.count('action="/desk/one/move/"') == 1
    assert 'action="/desk/draft/move/"' not in page
    moved = desk.post("/desk/one/move/", {"way": "up"}, follow=True)
    assert moved.redirect_chain == [("/desk/#dialogue-one", 302)]
    assert "It is moved, on the front page too." in moved.content.decode()
    assert shown(desk) == ["one", "two", "draft", "over"]
    again = desk.post("/desk/one/move/", {"way": "up"}, follow=True).content.decode()
    assert "It stands at the end already." in again
    assert "moved it up on the front page" in desk.get("/desk/one/").content.decode()
    assert moderation.post("/desk/one/move/", {"way": "down"}).status_code == 403
    assert "Move up" not in moderation.get("/desk/").content.decode()
    member = Client()
    one = Dialogue.objects.get(slug="one")
    member.force_login(make_member(one, "facilitator", "f@example.org"))
    assert member.post("/desk/one/move/", {"way": "down"}).status_code == 403
    assert shown(desk) == ["one", "two", "draft", "over"]


def test_archiving_at_the_desk(desk: Client, moderation: Client) -> None:
    make_all()
    assert "Put it into the archive" in desk.get("/desk/over/").content.decode()
    assert "Put it into the archive" not in desk.get("/desk/one/").content.decode()
    assert "archive" not in moderation.get("/desk/over/").content.decode()
    assert moderation.post("/desk/over/state/archive/").status_code == 403
    page = desk.post("/desk/over/state/archive/", follow=True).content.decode()
    assert "It is in the archive." in page
    assert "Take it out of the archive" in page
    assert shown(desk, state="archived") == ["old", "over"]
    assert (
        "It is not closed." in desk.post("/desk/one/state/archive/", follow=True).content.decode()
    )
    desk.post("/desk/over/state/unarchive/")
    assert shown(desk) == ["two", "one", "draft", "over"]


def test_a_thousand_dialogues_stay_quick(desk: Client) -> None:
    Dialogue.objects.bulk_create(
        Dialogue(
            slug=f"d{n}", question=f"Question {n}?", host_name="P", state="open",
            background="The old harbour is wide. " * 40,
        )
        for n in range(1000)
    )  # fmt: skip
    assert shown(desk, page="50")[-1] == "d0"
    for query in ({}, {"page": "50"}, {"q": "harbour 999"}):
        desk.get("/desk/", query)
        took = []
        for _again in range(5):
            begin = thread_time()
            desk.get("/desk/", query)
            took.append(thread_time() - begin)
        assert min(took) < 0.3, (query, took)
