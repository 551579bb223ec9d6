"""The front page, the archive and the search."""

from __future__ import annotations

import re
from datetime import date, timedelta
from time import thread_time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from middleground.core import rate_limits
from middleground.core.rate_limits import Limit, RateLimit
from middleground.dialogues.lifecycle import actions
from middleground.dialogues.lifecycle.listing import (
    archive_dialogue,
    move_dialogue,
    unarchive_dialogue,
)
from middleground.dialogues.models import Dialogue
from support.cast import make_dialogue, make_participant, make_staff

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<h2 dir="auto"[^>]*><a href="([^"]+)">')


def shown(client: Client, address: str, **query: str) -> list[str]:
    page = client.get(address, query).content.decode()
    return [found.strip("/").removeprefix("d/") for found in CARD.findall(page)]


def closed(slug: str, **fields: Any) -> Dialogue:
    return make_dialogue(slug, statements=0, state="closed", **fields)


def test_an_archived_dialogue_moves_to_the_archive_and_keeps_its_addresses(client: Client) -> None:
    old = closed("old")
    closed("newer")
    make_dialogue("open", statements=0)
    assert shown(client, "/") == ["open", "newer", "old"]
    assert "Earlier dialogues" not in client.get("/").content.decode()
    archive_dialogue(make_staff(), old)
    Dialogue.objects.filter(pk=old.pk).update(archived_on=date(2026, 11, 3))
    assert shown(client, "/") == ["open", "newer"]
    assert '<a href="/earlier/">Earlier dialogues</a>' in client.get("/").content.decode()
    assert shown(client, "/earlier/") == ["old"]
    assert "Archived on Nov. 3, 2026" in client.get("/earlier/").content.decode()
    page = client.get("/d/old/").content.decode()
    assert "<dt>Archived</dt>" in page
    assert "Nov. 3, 2026" in page
    for address in ("map/", "results/", "moderation/"):
        assert client.get(f"/d/old/{address}").status_code == 200
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/d/old/results/</loc>" in sitemap
    assert "/earlier/</loc>" in sitemap
    unarchive_dialogue(make_staff(email="b@example.org"), old)
    assert shown(client, "/") == ["open", "newer", "old"]
    assert shown(client, "/earlier/") == []
    verbs = old.staff_actions.values_list("verb", flat=True)
    assert list(verbs) == ["unarchive", "archive"]


def test_only_a_closed_dialogue_is_archived_and_a_reopened_one_is_not(client: Client) -> None:
    staff, dialogue = make_staff(), make_dialogue(statements=0)
    with pytest.raises(actions.LifecycleRefused) as refused:
        archive_dialogue(staff, dialogue)
    assert refused.value.code == "not_closed"
    actions.close_dialogue(staff, dialogue)
    archive_dialogue(staff, dialogue)
    actions.reopen_dialogue(staff, dialogue)
    assert shown(client, "/") == ["harbour"]
    assert shown(client, "/earlier/") == []


def test_staff_order_the_open_ones_and_new_ones_come_first(client: Client) -> None:
    staff = make_staff()
    first, second, third = (make_dialogue(slug, statements=0) for slug in ("a", "b", "c"))
    closed("over")
    assert shown(client, "/") == ["c", "b", "a", "over"]
    assert move_dialogue(staff, first, up=True)
    assert shown(client, "/") == ["c", "a", "b", "over"]
    assert move_dialogue(staff, third, up=False)
    assert shown(client, "/") == ["a", "c", "b", "over"]
    assert not move_dialogue(staff, first, up=True)
    assert not move_dialogue(staff, second, up=False)
    assert shown(client, "/") == ["a", "c", "b", "over"]
    make_dialogue("new", statements=0)
    assert shown(client, "/") == ["new", "a", "c", "b", "over"]
    assert not move_dialogue(staff, Dialogue.objects.get(slug="over"), up=True)
    draft = make_dialogue("draft", statements=0, state="draft")
    assert not move_dialogue(staff, draft, up=True)


def test_twenty_stand_on_a_page(client: Client) -> None:
    for number in range(21):
        closed(f"d{number}")
    assert len(shown(client, "/")) == 20
    assert shown(client, "/", page="2") == ["d0"]
    assert "Page 2 of 2" in client.get("/?page=2").content.decode()
    Dialogue.objects.update(archived_on=date(2026, 11, 3))
    assert shown(client, "/") == []
    assert "No dialogue is open now" in client.get("/").content.decode()
    assert shown(client, "/earlier/", page="2") == ["d0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("harbour", ["harbour"]),
        ("HARB", ["harbour"]),
        ("ferry", ["harbour"]),  # in the background
        ("council 2027", ["harbour"]),  # one word in the promise, one in the background
        ("council rents", []),
        ("école", ["school"]),
        ("ÉCOLE", ["school"]),
        ("E\u0301cole", ["school"]),  # as some keyboards send it
        ("住宅", ["homes"]),
        ("ЖИЛЬЁ", ["rents"]),
        ("ภาษาไทย", ["thai"]),
        ("port city", ["harbour", "homes", "rents", "school", "thai"]),  # who hosts it
        ("100%", []),
        ("_", []),
        ("\x00", []),
        ('"', []),
    ],
)
def test_words_are_found_in_every_script(client: Client, query: str, found: list[str]) -> None:
    make_dialogue(
        statements=0, background="A **ferry** until 2027.", promise="The council reads it."
    )
    closed("school", question="Une École pour qui ?")
    closed("homes", question="住宅政策")
    closed("rents", question="Сколько стоит жильё?")
    closed("thai", question="ภาษา\u200bไทย", archived_on=date(2026, 11, 3))
    make_dialogue("draft", statements=0, state="draft", background="harbour école 住宅 ferry")
    assert sorted(shown(client, "/search/", q=query)) == found


def test_what_was_typed_is_kept_and_an_empty_result_says_so(client: Client) -> None:
    make_dialogue(statements=0)
    page = client.get("/search/", {"q": '<b>"boats"'})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'value="&lt;b&gt;&quot;boats&quot;"' in text
    assert "Nothing found" in text
    assert "no-store" in page["Cache-Control"]
    assert page.cookies == {}
    empty = client.get("/search/").content.decode()
    assert "What you type is not stored." in empty
    assert "Nothing found" not in empty
    assert shown(client, "/search/", q="x" * 5000) == []
    assert "Disallow: /search/\n" in client.get("/robots.txt").content.decode()


def test_a_search_is_offered_where_there_is_something_to_search(client: Client) -> None:
    for slug in ("a", "b", "c"):
        closed(slug)
    assert 'role="search"' not in client.get("/").content.decode()
    closed("d")
    assert 'action="/search/"' in client.get("/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"), [("/", 2), ("/earlier/", 3), ("/search/?q=question", 3)]
)
def test_each_list_takes_the_same_queries_for_one_and_three(
    client: Client, number: int, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        dialogue = closed(f"d{place}", question=f"Question {place}?")
        make_participant(dialogue)
    if address == "/earlier/":
        Dialogue.objects.update(archived_on=date(2026, 11, 3))
    with django_assert_num_queries(queries):
        assert len(shown(client, address)) == number


def test_a_thousand_dialogues_are_listed_and_searched_quickly(client: Client) -> None:
    background = "The old harbour is wide, and its quays are long. " * 20
    Dialogue.objects.bulk_create(
        Dialogue(
            slug=f"d{n}", question=f"Question {n}?", host_name="P", state="closed",
            background=background,
        )
        for n in range(1000)
    )  # fmt: skip
    for address in ("/", "/?page=50", "/search/?q=quays+999"):
        client.get(address)
        took = min(_seconds(client, address) for _again in range(5))
        assert took < 0.3, (address, took)


def _seconds(client: Client, address: str) -> float:
    begin = thread_time()
    client.get(address)
    return thread_time() - begin


def test_a_dialogue_that_gets_a_later_end_leaves_the_archive(client: Client) -> None:
    staff, now = make_staff(), timezone.now()
    over = make_dialogue("over", statements=0, closes_at=now - timedelta(minutes=1))
    archive_dialogue(staff, over)
    assert shown(client, "/") == []
    over.refresh_from_db()
    actions.edit_dialogue(staff, over, {"closes_at": now + timedelta(days=1)})
    assert shown(client, "/") == ["over"]
    assert shown(client, "/earlier/") == []


def test_too_many_searches_from_one_network_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = RateLimit(Limit(1, 60), Limit(2, 60))
    monkeypatch.setattr(rate_limits, "RATES", {**rate_limits.RATES, "search": rate})

    def search(address: str) -> int:
        return client.get("/search/?q=a", REMOTE_ADDR=address).status_code

    assert [search("1.2.3.4") for _ in range(3)] == [200, 200, 429]
    assert search("5.6.7.8") == 200
