"""The desk's pages of campaigns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue, StaffAction
from middleground.outreach.campaigns.actions import (
    MOST_CAMPAIGNS,
    CampaignRefused,
    add_campaign,
)
from middleground.outreach.campaigns.visits import write_visits
from middleground.outreach.models import Campaign
from middleground.people.models import User
from support.cast import make_dialogue, make_staff
from support.reading import words, words_of

PAGE = "/desk/harbour/outreach/"


def verbs(dialogue: Dialogue) -> list[str]:
    return list(StaffAction.objects.filter(dialogue=dialogue).values_list("verb", flat=True))


def test_a_campaign_gets_an_address_a_code_and_a_text(
    desk: Client, harbour: Dialogue, settings: Any
) -> None:
    settings.ORIGIN = "https://talk.example"
    answer = desk.post(PAGE, {"label": "  Poster,  union hall ", "language": "es"}, follow=True)
    made = Campaign.objects.get()
    assert (made.label, made.language) == ("Poster, union hall", "es")
    page = answer.content.decode()
    assert f"https://talk.example/go/{made.code}/" in page
    assert "QR code" in page
    # The text is in the language of the campaign.
    assert "What should the harbour be?\n" in page
    assert f"https://talk.example/go/{made.code}/</textarea>" in page
    assert verbs(harbour) == ["add_campaign"]
    drawn = desk.get(f"{PAGE}{made.code}/code.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn["Content-Disposition"] == f'attachment; filename="harbour-{made.code}.svg"'
    assert b"<svg" in drawn.content


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("", "This field is required."),
        ("x" * 61, "has 61"),
        ("Radio", "has that name already"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    desk: Client, staff: User, harbour: Dialogue, label: str, told: str
) -> None:
    add_campaign(staff, harbour, "Radio")
    answer = desk.post(PAGE, {"label": label, "language": "ko"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert f'value="{label}"' in page or not label
    assert '<option value="ko" selected>' in page
    assert Campaign.objects.count() == 1


def test_there_is_a_limit(staff: User, harbour: Dialogue) -> None:
    for number in range(MOST_CAMPAIGNS):
        add_campaign(staff, harbour, f"Poster {number}")
    with pytest.raises(CampaignRefused, match="at most 100"):
        add_campaign(staff, harbour, "One more")


def test_it_is_changed_ended_and_resumed(desk: Client, staff: User, harbour: Dialogue) -> None:
    made = add_campaign(staff, harbour, "Radio")
    page = f"{PAGE}{made.code}/"
    assert "Saved." in words_of(desk.post(page, {"label": "Radio 1", "language": ""}, follow=True))
    assert "Nothing was changed" in words_of(desk.post(page, {"label": "Radio 1"}, follow=True))
    assert "has ended" in words_of(desk.post(page, {"do": "end"}, follow=True))
    assert "counts again" in words_of(desk.post(page, {"do": "resume"}, follow=True))
    made.refresh_from_db()
    assert (made.label, made.ended) == ("Radio 1", False)
    assert verbs(harbour) == ["resume_campaign", "end_campaign", "edit_campaign", "add_campaign"]
    told = words(desk, "/desk/harbour/")
    assert "ended the campaign “ Radio 1 ”" in told


def test_counts_are_in_steps_with_the_same_facts_as_a_picture(
    desk: Client, staff: User, harbour: Dialogue
) -> None:
    Dialogue.objects.update(minimum_shown=7)
    poster, radio = (add_campaign(staff, harbour, name) for name in ("Poster <b>", "Radio"))
    write_visits({poster.pk: 10, radio.pk: 30})
    page = desk.get(PAGE).content.decode()
    assert re.findall(r'<td class="number">([^<]+)</td>', page) == [
        "at least\N{NO-BREAK SPACE}7",
        "at least\N{NO-BREAK SPACE}28",
    ]
    desc = re.search(r'<desc id="channels-desc">([^<]+)<', page)
    assert desc is not None
    assert desc[1].endswith(
        "Radio: at least 28. Poster &lt;b&gt;: at least 7.".replace(
            "least ", "least\N{NO-BREAK SPACE}"
        )
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    desk: Client, staff: User, harbour: Dialogue, number: int, django_assert_num_queries: Any
) -> None:
    for each in range(number):
        add_campaign(staff, harbour, f"Poster {each}")
    desk.get(PAGE)
    with django_assert_num_queries(QUERIES):
        desk.get(PAGE)


QUERIES = 10


def test_the_sheet_has_those_that_go_on(desk: Client, staff: User, harbour: Dialogue) -> None:
    on, off = (add_campaign(staff, harbour, name) for name in ("Poster", "Radio"))
    Campaign.objects.filter(pk=off.pk).update(ended=True)
    page = desk.get(f"{PAGE}sheet/").content.decode()
    assert f"/go/{on.code}/" in page
    assert off.code not in page


@pytest.mark.parametrize("kind", ["poster", "cards", "half-page"])
def test_it_is_printed_in_each_language(
    desk: Client, staff: User, harbour: Dialogue, kind: str, settings: Any
) -> None:
    pytest.importorskip("typst")
    pypdfium2 = pytest.importorskip("pypdfium2")
    settings.ORIGIN = "https://talk.example"
    made = add_campaign(staff, harbour, "Radio")
    query = {"kind": kind, "language": "es", "paper": "a4"}
    answer = desk.get(f"{PAGE}{made.code}/print/", query)
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="harbour-{made.code}-{kind}.pdf"' in answer["Content-Disposition"]
    with pypdfium2.PdfDocument(answer.content) as document:
        text = "".join(document[0].get_textpage().get_text_bounded().split())
    assert f"talk.example/go/{made.code}/" in text.replace("\u200b", "").replace("\x02", "")
    assert "Whatshouldtheharbourbe?" in text.replace("\u200b", "")


def test_what_cannot_be_printed_is_told_and_kept(
    desk: Client, staff: User, harbour: Dialogue
) -> None:
    made = add_campaign(staff, harbour, "Radio")
    query = {"kind": "flag", "language": "ko", "paper": "a4"}
    page = desk.get(f"{PAGE}{made.code}/print/", query, follow=True).content.decode()
    assert "Choose what to print" in page
    assert '<option value="ko" selected>' in page


def test_that_of_another_dialogue_is_not_there(
    desk: Client, staff: User, harbour: Dialogue
) -> None:
    other = add_campaign(staff, make_dialogue("airport"), "Radio")
    assert desk.get(f"{PAGE}{other.code}/").status_code == 404
    assert desk.get(f"{PAGE}{other.code}/code.svg").status_code == 404


def test_a_moderator_may_not(harbour: Dialogue) -> None:
    client = Client()
    client.force_login(make_staff("moderator", "mo@example.org"))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"label": "Radio"}).status_code == 403
    assert not Campaign.objects.exists()
