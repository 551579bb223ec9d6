"""The page for the wall of a meeting: one screen, the same for everyone, renewed by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from dialogues.pages.results.test_map_page import page, store, with_map
from disclosure.made_facts import made_facts
from middleground.dialogues.identity import cookie, tokens
from middleground.dialogues.models import StoredMap
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db
WALL = "/d/harbour/wall/"


def test_it_shows_the_way_in_the_summary_and_the_picture(client: Client) -> None:
    with_map()
    wall = page(client, WALL)
    assert "Take part on your phone, without an account." in wall
    address = settings.ORIGIN.partition("://")[2] + "/d/harbour/"
    assert f'<a class="wall-address" dir="ltr" href="/d/harbour/">{address}</a>' in wall
    assert "Every group agrees with 1 statement:" in wall
    assert wall.count("<svg") == 2  # the code, and the picture of statements
    assert not re.search(r"<(form|button|nav|header|footer)\b", wall)


def test_its_figures_are_those_of_the_map(client: Client) -> None:
    with_map()
    summary = re.compile(r'<div class="summary".*?</div>', re.DOTALL)
    assert summary.findall(page(client, WALL)) == summary.findall(page(client))


def test_an_open_dialogue_without_a_map_says_when_it_comes(client: Client) -> None:
    make_dialogue()
    assert "The opinion map appears here when enough people have voted." in page(client, WALL)


def test_a_scheduled_dialogue_leads_to_its_page(client: Client) -> None:
    make_dialogue(opens_at=timezone.now() + timedelta(days=1))
    wall = page(client, WALL)
    assert "Read about it on your phone." in wall
    assert "The map appears when people have taken part." in wall


def test_a_closed_dialogue_leads_to_the_result(client: Client) -> None:
    dialogue = with_map(state="closed")
    StoredMap.objects.update(final=True)
    wall = page(client, WALL)
    assert "See the result on your phone." in wall
    StoredMap.objects.all().delete()
    assert "The final map is being computed." in page(client, WALL)
    few = replace(made_facts({}), status="too_little")
    store(dialogue, few, final=True)
    assert "Too few people voted for an opinion map." in page(client, WALL)


def test_a_draft_has_none(client: Client) -> None:
    make_dialogue(state="draft")
    assert client.get(WALL).status_code == 404


def test_it_is_the_same_for_somebody_who_takes_part_and_sets_no_cookie(client: Client) -> None:
    with_map()
    stranger = client.get(WALL)
    client.cookies[cookie.COOKIE] = tokens.write_token(tokens.new_token())
    known = client.get(WALL)
    assert known.content == stranger.content
    assert not known.cookies


def test_a_newer_map_replaces_the_screen_only(client: Client) -> None:
    with_map()
    part = client.get(WALL, headers={"HX-Request": "true", "HX-Target": "wall"})
    assert part.content.decode().lstrip().startswith('<div id="wall"')


def test_it_renews_itself_when_the_dialogue_opens_and_closes(client: Client) -> None:
    dialogue = make_dialogue(opens_at=timezone.now() + timedelta(days=1))

    def is_renewed(wall: str) -> bool:
        [address] = re.findall(r'hx-get="(/d/harbour/map/newer/[^"]*)"', wall)
        return client.get(address).headers.get("HX-Trigger") == "newer-map"

    scheduled = page(client, WALL)
    assert not is_renewed(scheduled)
    dialogue.opens_at = timezone.now() - timedelta(minutes=1)
    dialogue.save()
    assert is_renewed(scheduled)
    opened = page(client, WALL)
    assert not is_renewed(opened)
    dialogue.state = "closed"
    dialogue.save()
    assert is_renewed(opened)
