"""Pictures in frames on other sites: what they show, and to whom."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from dialogues.pages.results.test_map_page import page, with_map
from dialogues.pages.results.test_results import with_results
from middleground.core.page.middleware import SELF_ONLY
from middleground.dialogues.models import Dialogue, Statement
from support.cast import make_dialogue, make_member, make_staff

pytestmark = pytest.mark.django_db
CHARTS = ("/d/harbour/embed/statements/", "/d/harbour/embed/groups/", "/d/harbour/embed/s/1/")
DESK = "/desk/harbour/embedding/"


@pytest.mark.parametrize("address", CHARTS)
def test_only_the_frames_may_be_framed(client: Client, address: str) -> None:
    with_map()
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == f"{SELF_ONLY}; frame-ancestors *"
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.cookies == {}
    for control in ("/d/harbour/map/", "/d/harbour/s/1/", "/d/harbour/report/"):
        other = client.get(control)
        assert other["Content-Security-Policy"] == f"{SELF_ONLY}; frame-ancestors 'none'"
        assert other["X-Frame-Options"] == "DENY"
    Dialogue.objects.update(state="draft")
    assert client.get(address)["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", CHARTS)
def test_a_frame_has_picture_day_source_and_licence_and_leads_out(
    client: Client, address: str
) -> None:
    with_map(simulated=True)
    text = page(client, address)
    assert "<svg" in text
    assert "not final." in text
    assert "Example." in text  # all participants are simulated
    assert "<form" not in text
    assert "<script" not in text
    links = [" ".join(link.split()) for link in re.findall(r"<a [^>]*>", text)]
    inside = [link for link in links if "target=" not in link]
    assert inside == ['<a class="skip" href="#main">']
    assert any("creativecommons.org" in link for link in links)
    assert "What should the harbour be?" in text


@pytest.mark.parametrize("address", CHARTS)
def test_the_picture_is_that_of_the_page(client: Client, address: str) -> None:
    with_results()
    shown = re.findall(r"<text[^>]*>(.*?)</text>", page(client, address))
    place = "/d/harbour/s/1/" if "/s/" in address else "/d/harbour/results/"
    assert shown
    assert set(shown) <= set(re.findall(r"<text[^>]*>(.*?)</text>", page(client, place)))
    assert "final." in page(client, address)


@pytest.mark.parametrize("address", CHARTS)
def test_a_draft_an_unknown_one_and_another_method(client: Client, address: str) -> None:
    dialogue = make_dialogue(state="draft")
    client.force_login(make_member(dialogue, "facilitator", "mo@example.org"))
    assert client.get(address).status_code == 404
    assert client.get(address.replace("harbour", "nowhere")).status_code == 404
    assert client.post(address).status_code == 405


def test_unknown_charts_and_hidden_statements_are_not_found(client: Client) -> None:
    with_map()
    for wrong in ("sure", "group-A", "tier-open", "s"):
        assert client.get(f"/d/harbour/embed/{wrong}/").status_code == 404, wrong
    assert client.get("/d/harbour/embed/s/99/").status_code == 404
    Statement.objects.filter(number=1).update(status="rejected", reason="spam", reviewed=True)
    assert client.get("/d/harbour/embed/s/1/").status_code == 404


@pytest.mark.parametrize("address", CHARTS)
def test_before_a_map_it_says_so(client: Client, address: str) -> None:
    make_dialogue()
    text = page(client, address)
    assert "There is no opinion map yet." in text
    assert "<svg" not in text


def test_what_is_withheld_stays_withheld(client: Client) -> None:
    with_map({1: {"A": (1, 1, 1), "B": (1, 0, 2)}, 2: {"A": (40, 3, 7), "B": (33, 6, 8)}})
    text = page(client, "/d/harbour/embed/s/1/")
    assert "<svg" not in text
    assert "The figures are withheld" in text


@pytest.mark.parametrize("address", CHARTS)
def test_a_closed_dialogue_whose_key_is_destroyed_is_shown_as_before(
    client: Client, address: str
) -> None:
    with_results()
    before = page(client, address)
    Dialogue.objects.update(key_destroyed_on=timezone.localdate())
    assert page(client, address) == before


def snippets(text: str) -> list[str]:
    return [
        html.unescape(each)
        for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
        if "iframe" in each
    ]


def test_the_desk_offers_each_picture(client: Client) -> None:
    with_map()
    client.force_login(make_staff())
    addresses = [re.search(r'src="([^"]+)"', each) for each in snippets(page(client, DESK))]
    assert [found and found[1] for found in addresses] == [
        f"http://127.0.0.1:8000/d/harbour/embed/{name}"
        for name in ("", "statements/", "groups/", "s/1/")
    ]


def test_pages_offer_the_frame_beside_their_pictures(client: Client) -> None:
    with_results()
    for address, expected in (
        ("/d/harbour/results/", ["statements/", "groups/"]),
        ("/d/harbour/map/", ["statements/", "groups/"]),
        ("/d/harbour/s/1/", ["s/1/"]),
    ):
        found = [re.search(r'/embed/([^"]*)"', each) for each in snippets(page(client, address))]
        assert [each and each[1] for each in found] == expected, address
