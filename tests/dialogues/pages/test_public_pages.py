"""The list of dialogues and a dialogue's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.models import Dialogue, StoredMap
from support.cast import make_dialogue, make_participant, make_statement
from support.reading import links, words


def publish(dialogue: Dialogue, participants: int) -> None:
    """Store a map of this many participants; its other values do not matter here."""
    StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now(), participants=participants, tiers={},
        data={},
    )  # fmt: skip


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def test_a_draft_answers_like_an_unknown_dialogue(client: Client) -> None:
    make_dialogue(state="draft")
    assert client.get("/d/harbour/").status_code == 404
    assert client.get("/d/nowhere/").status_code == 404
    assert links(client, "/") == ["/desk/"]


def test_an_empty_list_says_so(client: Client) -> None:
    assert "There is no dialogue here yet" in words(client, "/")
    assert 'id="to-the-desk" href="/desk/"' in client.get("/").content.decode()


def test_only_an_empty_site_leads_its_host_to_the_desk(client: Client) -> None:
    make_dialogue("over", state="closed")
    assert 'href="/desk/"' not in client.get("/").content.decode()


def test_dialogues_are_listed_open_then_scheduled_then_closed(client: Client) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    make_dialogue("over", state="closed")
    make_dialogue("coming", opens_at=tomorrow)
    make_dialogue("now")
    make_dialogue("draft", state="draft")
    make_dialogue("newer")
    assert links(client, "/") == ["/d/newer/", "/d/now/", "/d/coming/", "/d/over/"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_two_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        make_participant(make_dialogue(f"d{place}"))
    with django_assert_num_queries(2):
        client.get("/")


@pytest.mark.parametrize("number", [1, 3])
def test_a_dialogue_takes_ten_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    make_dialogue(statements=number)
    with django_assert_num_queries(10):
        client.get("/d/harbour/")


@pytest.mark.parametrize(
    ("participants", "told"),
    [
        (0, "fewer than 5 people"),
        (4, "fewer than 5 people"),
        (5, "at least 5 people"),
        (9, "at least 5 people"),
        (10, "at least 10 people"),
    ],
)
def test_the_number_of_participants_is_shown_in_steps(
    client: Client, participants: int, told: str
) -> None:
    dialogue = make_dialogue()
    publish(dialogue, 1)
    publish(dialogue, participants)
    assert f"Took part {told} Statements" in words(client, "/d/harbour/")
    assert f"· {told}" in words(client, "/")


def test_participants_since_the_published_map_are_not_counted(client: Client) -> None:
    dialogue = make_dialogue()
    for _ in range(6):
        make_participant(dialogue)
    assert "fewer than 5 people" in words(client, "/d/harbour/")
    publish(dialogue, 6)
    make_participant(dialogue)
    assert "at least 5 people" in words(client, "/d/harbour/")


def test_the_step_is_the_hosts_minimum(client: Client) -> None:
    dialogue = make_dialogue(minimum_shown=7)
    assert "fewer than 7 people" in words(client, "/d/harbour/")
    publish(dialogue, 13)
    assert "at least 7 people" in words(client, "/d/harbour/")


def own_links(client: Client) -> list[str]:
    """Those of the dialogue's page before the links by which it is passed on."""
    found = links(client, "/d/harbour/")
    return found[: next(at for at, link in enumerate(found) if link.startswith("mailto:?"))]


def test_an_open_dialogue_links_to_taking_part(client: Client) -> None:
    make_dialogue(background="See [this](https://example.org).", promise="The council **answers**.")
    assert own_links(client) == [
        "/d/harbour/start/",
        "/d/harbour/map/",
        "/d/harbour/write/",
        "/d/harbour/mine/",
        "/d/harbour/moderation/",
        "https://example.org",
        "/what-we-know/",
    ]
    page = words(client, "/d/harbour/")
    assert "What should the harbour be? Hosted by Port City" in page
    assert "What happens with the answers The council answers ." in page


def test_waiting_and_rejected_statements_are_not_counted(client: Client) -> None:
    dialogue = make_dialogue(statements=2)
    make_statement(dialogue, 3, status="pending")
    make_statement(dialogue, 4, status="rejected", reviewed=True, reason="spam")
    assert "Statements 2 What was not shown, and why" in words(client, "/d/harbour/")


def test_a_scheduled_dialogue_says_when_it_opens(client: Client) -> None:
    make_dialogue(opens_at=timezone.now() + timedelta(days=1))
    assert own_links(client) == ["/what-we-know/"]
    page = words(client, "/d/harbour/")
    assert "Not open yet You can take part from" in page
    assert "Took part" not in page


def test_a_closed_dialogue_links_to_its_results(client: Client) -> None:
    make_dialogue(closes_at=timezone.now() - timedelta(days=1))
    assert own_links(client) == [
        "/d/harbour/results/", "/d/harbour/mine/", "/d/harbour/moderation/", "/what-we-know/",
    ]  # fmt: skip


def test_the_page_is_the_same_for_everyone_and_sets_no_cookie(client: Client) -> None:
    make_dialogue()
    response = client.get("/d/harbour/")
    assert dict(response.cookies) == {}
    assert "csrf" not in response.content.decode()


def test_html_in_every_text_is_escaped(client: Client) -> None:
    nasty = "<script>alert(1)</script>"
    make_dialogue(question=nasty, host_name=nasty, background=nasty, promise=nasty)
    for path in ("/", "/d/harbour/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_result_is_called_final_only_once_it_is(client: Client) -> None:
    dialogue = make_dialogue(state="closed")
    html = client.get("/d/harbour/").content.decode()
    assert "The final result is being computed." in html
    assert "The result is final" not in html
    assert [words in html for words in ("Who could take part", "Who may take part")] == [
        True,
        False,
    ]
    publish(dialogue, 40)
    dialogue.maps.update(final=True)
    html = client.get("/d/harbour/").content.decode()
    assert "The result is final." in html
    assert "being computed" not in html
    Dialogue.objects.update(state="open")
    assert "Who may take part" in client.get("/d/harbour/").content.decode()
