"""The feed of what happens to the cases of a dialogue."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.entered import answer_case, make_case
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import carry, make_dialogue, make_participant

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FEED, ATOM = "/d/harbour/answers/feed.atom", "{http://www.w3.org/2005/Atom}"


def test_the_feed_tells_what_happened_the_newest_first(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    assert "entry" not in client.get(FEED).content.decode()
    case = make_case(staff, harbour, 1, title="Boats & <quays>")
    today[0] = date(2026, 5, 6)
    answer_case(case, chief)
    make_case(staff, make_dialogue("secret", state="draft"), 1, title="Not public")
    response = client.get(FEED)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    entries = [
        [entry.findtext(f"{ATOM}{name}") for name in ("title", "summary", "updated")]
        for entry in root.iter(f"{ATOM}entry")
    ]
    assert entries == [
        ["Boats & <quays>", "Answered by Chief, Police: will do.", "2026-05-06T00:00:00+00:00"],
        ["Boats & <quays>", "It is with Chief, Police.", "2026-05-06T00:00:00+00:00"],
        [
            "Boats & <quays>",
            "The host opened the case. Its clock starts.",
            "2026-05-04T00:00:00+00:00",
        ],
    ]
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 3
    links = [link.get("href") for link in root.iter(f"{ATOM}link")]
    assert links[-1] == "http://127.0.0.1:8000/d/harbour/answers/1/"


def test_the_feed_is_the_same_for_everyone_and_asks_for_nothing(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    case = make_case(staff, harbour, 1)
    plain = client.get(FEED)
    token, _author = make_participant(harbour)
    carry(client, token)
    client.force_login(staff)
    known = client.get(FEED)
    assert (known.content, known.cookies) == (plain.content, {})
    assert client.get("/d/secret/answers/feed.atom").status_code == 404
    with CaptureQueriesContext(connection) as captured:
        client.get(FEED)
    before = len(captured)
    answer_case(case, chief)
    with CaptureQueriesContext(connection) as captured:
        client.get(FEED)
    assert len(captured) == before
