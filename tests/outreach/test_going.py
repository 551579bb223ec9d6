"""A short address leads to its dialogue, and what is counted of it tells of nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue
from middleground.outreach.campaigns.actions import add_campaign, end_campaign
from middleground.outreach.campaigns.short_codes import ALPHABET, campaign_of, new_short_code
from middleground.outreach.campaigns.visits import STEP, Openings, is_somebody, write_visits
from middleground.outreach.models import Campaign, CampaignVisits
from middleground.people.models import User
from support.cast import make_dialogue

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def poster(staff: User, harbour: Dialogue) -> Campaign:
    return add_campaign(staff, harbour, "Poster at the union hall")


def go(campaign: Campaign, client: Client | None = None, **headers: str) -> Any:
    address = f"/go/{campaign.code}/"
    return (client or Client()).get(address, headers={**BROWSER, **headers})


def test_a_code_can_be_read_out() -> None:
    codes = {new_short_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {7}
    assert set("".join(codes)) == set(ALPHABET)
    assert set(ALPHABET) & set("aeiouyl01") == set()


def test_it_leads_to_the_dialogue_and_sets_no_cookie(poster: Campaign, opened: Openings) -> None:
    answer = go(poster)
    assert (answer.status_code, answer["Location"]) == (302, "/d/harbour/")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert opened.take_rest_by_lot() in ({}, {poster.pk: STEP})


def test_it_is_found_however_it_is_typed(poster: Campaign) -> None:
    assert campaign_of(poster.code.upper() + " ") == poster
    assert campaign_of(poster.code[:-1]) is None
    assert Client().get("/go/zzzzzzz/").status_code == 404


@pytest.mark.parametrize(
    ("language", "asked", "leads"),
    [
        ("es", "/go/{}/", "/es/d/harbour/"),
        ("es", "/ko/go/{}/", "/es/d/harbour/"),
        ("", "/ko/go/{}/", "/ko/d/harbour/"),
        ("xx", "/go/{}/", "/d/harbour/"),  # a language that the site no longer offers
    ],
)
def test_it_leads_to_the_campaigns_language(
    staff: User, harbour: Dialogue, language: str, asked: str, leads: str
) -> None:
    code = add_campaign(staff, harbour, "Radio", language).code
    assert Client().get(asked.format(code))["Location"] == leads


def test_that_of_a_draft_is_not_there(staff: User, keys: object) -> None:
    draft = add_campaign(staff, make_dialogue("draft", state="draft"), "Radio")
    assert go(draft).status_code == 404


def test_ended_it_still_leads_there_and_counts_no_longer(
    staff: User, poster: Campaign, opened: Openings
) -> None:
    end_campaign(staff, poster)
    for _ in range(STEP):
        assert go(poster)["Location"] == "/d/harbour/"
    assert opened.take_steps() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_programs_and_what_is_fetched_ahead_do_not_count(
    poster: Campaign, opened: Openings, headers: dict[str, str]
) -> None:
    for _ in range(STEP):
        assert go(poster, **headers).status_code == 302
    assert opened.take_steps() == {}


def test_a_head_does_not_count(poster: Campaign, opened: Openings) -> None:
    for _ in range(STEP):
        assert Client().head(f"/go/{poster.code}/", headers=BROWSER).status_code == 302
    assert opened.take_steps() == {}


def test_control_people_count(poster: Campaign, opened: Openings) -> None:
    for _ in range(STEP):
        go(poster, **{"Sec-Fetch-Mode": "navigate"})
    assert opened.take_steps() == {poster.pk: STEP}
    phone = "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 21) Chrome/140.0 Mobile"
    assert is_somebody("GET", {"User-Agent": phone})


# What is stored


def test_only_whole_steps_are_written_and_the_rest_waits(
    poster: Campaign, django_assert_num_queries: Any
) -> None:
    mine = Openings()
    for _ in range(2 * STEP + 3):
        mine.add(poster.pk)
    write_visits(mine.take_steps())
    assert CampaignVisits.objects.get().opened == 2 * STEP
    assert mine.take_steps() == {}
    for _ in range(STEP - 3):
        mine.add(poster.pk)
    write_visits(mine.take_steps())
    assert CampaignVisits.objects.get().opened == 3 * STEP


def test_an_opening_writes_nothing(
    poster: Campaign, opened: Openings, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1) as asked:
        go(poster)
    assert [query["sql"][:6] for query in asked] == ["SELECT"]
    assert not CampaignVisits.objects.exists()


def test_rests_are_rounded_by_lot_and_right_on_average() -> None:
    mine, sums = Openings(), {1: 0, 2: 0}
    for _ in range(2000):
        for _each in range(3):
            mine.add(1)
        for _each in range(STEP + 5):
            mine.add(2)
        rounded = mine.take_rest_by_lot()
        assert rounded.get(1, 0) in (0, STEP)
        assert rounded[2] in (STEP, 2 * STEP)
        sums = {pk: sums[pk] + rounded.get(pk, 0) for pk in sums}
    # Four standard deviations: 10 √(.3 × .7 / 2000) is .1, and 10 √(.5 × .5 / 2000) is .11.
    assert sums[1] / 2000 == pytest.approx(3, abs=0.42)
    assert sums[2] / 2000 == pytest.approx(STEP + 5, abs=0.46)


def test_what_was_deleted_meanwhile_is_left_out(poster: Campaign) -> None:
    write_visits({poster.pk: STEP, poster.pk + 1: STEP})
    assert CampaignVisits.objects.get().opened == STEP
