"""“Could the host cheat?”: six questions, linked from each page of a result."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import store
from disclosure.made_facts import made_facts
from support.cast import make_dialogue
from support.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/could-the-host-cheat/"
QUESTIONS = [
    "Could the host leave votes out?",
    "Could the host invent people?",
    "Could the host show or hide statements to steer it?",
    "Could the host change the result afterwards?",
    "Could the host see what I vote?",
    "Could one side flood it?",
]
PARTS = ("What nobody would notice", "What stands against it", "How to check")


def test_each_of_six_questions_says_what_is_not_noticed_and_how_to_check(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert re.findall(r"<h2 id=[^>]*>(.*?)</h2>", page) == QUESTIONS
    sections = re.findall(r"<section aria-labelledby.*?</section>", page, re.DOTALL)
    assert [re.findall("<dt>(.*?)</dt>", part) for part in sections] == [list(PARTS)] * 6
    assert [part.count("<strong>") for part in sections] == [1] * 6


def test_it_says_whether_there_is_a_witness(client: Client, settings: Any) -> None:
    settings.LEDGER_WITNESSES = ()
    assert "This site has no witness yet, so copies matter." in words(client, PAGE)
    key = "newsroom.example+00000000+AA=="
    settings.LEDGER_WITNESSES = (("https://newsroom.example/", key),)
    assert "This site names 1 witness." in words(client, PAGE + "?again")


def test_each_page_of_a_result_leads_there(client: Client) -> None:
    dialogue = make_dialogue(state="closed")
    keys = dict(dialogue.statements.values_list("number", "pk"))
    dialogue.topics.create(number=1, place=1, name="Boats").statements.set(list(keys.values())[:3])
    shown = {"A": (40, 10, 7), "B": (33, 6, 8)}
    store(dialogue, made_facts({keys[n]: shown for n in (1, 2, 3)}), final=True)
    for path in ("map/", "map/middle-ground/", "results/", "report/", "s/1/", "topics/1/"):
        assert PAGE in links(client, f"/d/harbour/{path}"), path
    assert PAGE in links(client, "/ledger/")
    assert PAGE not in links(client, "/")  # as a control


def test_what_it_links_to_exists(client: Client) -> None:
    for address in links(client, PAGE):
        path, _, anchor = address.partition("#")
        page = client.get(path).content.decode()
        assert not anchor or f'id="{anchor}"' in page, address
