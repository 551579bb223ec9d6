"""What anybody can pass on from a dialogue's page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def section(page: str) -> str:
    return page[
        page.index('<section id="share">') : page.index("</section>", page.index('id="share"'))
    ]


def test_the_links_are_plain_and_say_the_same_as_the_text(client: Client, settings: Any) -> None:
    settings.ORIGIN = "https://talk.example"
    make_dialogue(question="Fish & ships?")
    shown = section(client.get("/d/harbour/").content.decode())
    assert "<script" not in shown
    assert "<img" not in shown
    text = unescape(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", shown)[0])
    assert text.splitlines() == [
        "Port City asks: Fish & ships?",
        "Agree or disagree with short statements. You need no account. Take part here:",
        "https://talk.example/d/harbour/",
    ]
    links = [unescape(each) for each in re.findall(r'<a href="([^"]+)"', shown)]
    assert [link.split("?")[0] for link in links] == [
        "mailto:", "sms:", "https://wa.me/", "https://t.me/share/url",
    ]  # fmt: skip
    assert all(unquote(link).endswith(text) for link in links)
    assert shown.count('rel="noopener noreferrer"') == 2


def test_the_text_is_in_the_readers_language(client: Client) -> None:
    make_dialogue()
    assert "What should the harbour be?" in section(client.get("/es/d/harbour/").content.decode())


def test_the_period_is_two_days_in_a_calendar(client: Client, settings: Any) -> None:
    settings.ORIGIN = "https://talk.example"
    opens = timezone.now() - timedelta(days=1)
    closes = datetime(2099, 3, 5, 18, tzinfo=UTC)
    made = make_dialogue(opens_at=opens, closes_at=closes)
    answer = client.get("/d/harbour/period.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    first, last = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(first["summary"]) == "First day: What should the harbour be?"
    assert last["dtstart"].dt == timezone.localdate(closes)
    assert str(last["uid"]) == f"dialogue-{made.pk}-closes@talk.example"
    assert str(last["url"]) == "https://talk.example/d/harbour/"
    assert "until March 5, 2099" in str(last["description"])
    assert "/d/harbour/period.ics" in section(client.get("/d/harbour/").content.decode())


def test_without_days_there_is_no_calendar(client: Client) -> None:
    make_dialogue()
    assert client.get("/d/harbour/period.ics").status_code == 404
    assert "period.ics" not in client.get("/d/harbour/").content.decode()


def test_of_a_closed_dialogue_the_results_are_passed_on(client: Client) -> None:
    make_dialogue(state="closed", closes_at=timezone.now() - timedelta(days=1))
    shown = section(client.get("/d/harbour/").content.decode())
    assert "See what people share, and where they disagree:" in shown
    assert "period.ics" not in shown
