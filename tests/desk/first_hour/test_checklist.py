"""The checklist of a draft: what is needed to open, what is advice, and where to do it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.models import Dialogue
from support.cast import make_dialogue, make_member, make_staff, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

PAGE = "/desk/harbour/"
POINT = re.compile(r'<li class="checklist-(\w+)">(.*?)</li>', re.DOTALL)


def points(client: Client) -> list[tuple[str, str, str]]:
    """Title, state and address of each point."""
    page = client.get(PAGE).content.decode()
    found = []
    for state, html in POINT.findall(page):
        title = re.search(r'checklist-title">(.*?)<span class="tag">', html, re.DOTALL)
        assert title
        address = re.search(r'href="([^"]+)"', title[1])
        text = re.sub(r"<[^>]+>", "", title[1]).strip()
        needed = "" if '<span class="optional">optional</span>' in html else "!"
        found.append((f"{text}{needed}", state, address[1] if address else ""))
    return found


def test_an_empty_draft_says_what_is_needed_and_what_is_advice(desk: Client) -> None:
    make_dialogue(state="draft", statements=0)
    assert points(desk) == [
        ("Question!", "done", "/desk/harbour/edit/#id_question"),
        ("Who hosts it!", "done", "/desk/harbour/edit/#id_host_name"),
        ("Background", "to_do", "/desk/harbour/edit/#id_background"),
        ("What happens with the answers", "to_do", "/desk/harbour/edit/#id_promise"),
        ("First statements, from all sides!", "to_do", "/desk/harbour/statements/"),
        ("Who may take part", "done", "/desk/harbour/codes/"),
        ("What is not shown", "to_do", "/desk/harbour/edit/#id_moderation_policy"),
        ("Who moderates", "for_people", "/desk/harbour/edit/#id_moderation_0"),
        ("How long things are kept", "done", "/desk/harbour/edit/#id_key_days"),
        ("Preview", "for_people", "/desk/harbour/preview/"),
        ("A look from outside", "for_people", "/desk/harbour/preview/links/"),
        ("The server", "for_people", ""),
    ]
    page = " ".join(desk.get(PAGE).content.decode().split())
    assert "Needed to open: 2 of 3 done." in page
    assert "At least 2 must be ready to be shown; 0 are." in page


def test_a_full_draft_is_ready(desk: Client) -> None:
    make_dialogue(state="draft", background="B", promise="P", moderation_policy="M")
    states = {title: state for title, state, _address in points(desk)}
    assert [title for title, state in states.items() if state == "to_do"] == []
    page = " ".join(desk.get(PAGE).content.decode().split())
    assert "You can open it." in page
    assert "There are 3. Does each side find its view" in page


def test_every_page_and_field_that_it_leads_to_is_there(desk: Client) -> None:
    make_dialogue(state="draft", closes_at=timezone.now() - timedelta(days=1))
    addresses = [address for _title, _state, address in points(desk) if address]
    assert "/desk/harbour/edit/#id_closes_at" in addresses
    for address in addresses:
        path, _hash, field = address.partition("#")
        response = desk.get(path)
        assert response.status_code == 200
        assert not field or f'id="{field}"' in response.content.decode()


def test_codes_are_needed_where_only_a_code_admits(desk: Client) -> None:
    dialogue = make_dialogue(state="draft", open_participation=False)
    assert ("Who may take part", "to_do", "/desk/harbour/codes/") in points(desk)
    assert "People need a code, and there is none yet." in desk.get(PAGE).content.decode()
    now = timezone.now()
    dialogue.code_batches.create(tier="invited", kind="printed", size=4, form="f", made_at=now)
    assert ("Who may take part", "done", "/desk/harbour/codes/") in points(desk)
    assert "4 codes are made." in desk.get(PAGE).content.decode()


def test_it_counts_who_may_moderate_this_dialogue(desk: Client) -> None:
    dialogue, other = make_dialogue(state="draft"), make_dialogue("other")
    assert "1 person can decide." in desk.get(PAGE).content.decode()
    make_staff("moderator", "mo@example.org")
    make_member(dialogue, "moderator", "here@example.org")
    make_member(other, "moderator", "elsewhere@example.org")
    assert "3 people can decide." in desk.get(PAGE).content.decode()


def test_a_moderator_reads_it_without_links_to_pages_of_facilitators(moderation: Client) -> None:
    make_dialogue(state="draft")
    assert [address for _title, _state, address in points(moderation) if address] == [
        "/desk/harbour/preview/"
    ]


def test_outsiders_do_not_see_it_and_public_dialogues_have_none(
    client: Client, desk: Client
) -> None:
    dialogue = make_dialogue(state="draft")
    make_statement(dialogue, 9)
    assert points(desk) != []
    assert client.get(PAGE).status_code == 302
    elsewhere = Client()
    elsewhere.force_login(make_member(make_dialogue("other"), "facilitator", "out@example.org"))
    assert elsewhere.get(PAGE).status_code == 403
    Dialogue.objects.filter(pk=dialogue.pk).update(state="open")
    assert points(desk) == []


@pytest.mark.parametrize("statements", [1, 3])
def test_the_overview_of_a_draft_takes_twenty_queries(
    desk: Client, statements: int, django_assert_num_queries: object
) -> None:
    make_dialogue(state="draft", statements=statements)
    with django_assert_num_queries(20):
        desk.get(PAGE)
