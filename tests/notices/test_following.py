"""The feed of a case and the calendar of a dialogue: the same files for everyone."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import icalendar
import pytest
from django.test import Client

from answers.entered import answer_case, make_case
from middleground.answers.cases.clocks import pause_clock
from middleground.answers.cases.owners import assign
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import carry, make_dialogue, make_participant
from support.reading import links

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_of_a_case_tells_its_events_and_those_of_no_other(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    answer_case(make_case(staff, harbour, 1, title="Boats & <quays>"), chief)
    make_case(staff, harbour, 2, title="Another")
    plain = client.get("/d/harbour/answers/1/feed.atom")
    assert plain["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(plain.content)
    assert root.findtext(f"{ATOM}title") == "Boats & <quays>"
    said = [entry.findtext(f"{ATOM}summary") for entry in root.iter(f"{ATOM}entry")]
    assert said == [
        "Answered by Chief, Police: will do.",
        "It is with Chief, Police.",
        "The host opened the case. Its clock starts.",
    ]
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == (  # type: ignore[union-attr]
        "http://127.0.0.1:8000/d/harbour/answers/1/feed.atom"
    )
    carry(client, make_participant(harbour)[0])
    client.force_login(staff)
    known = client.get("/d/harbour/answers/1/feed.atom")
    assert (known.content, known.cookies) == (plain.content, {})
    assert client.get("/d/harbour/answers/3/feed.atom").status_code == 404
    make_case(staff, make_dialogue("secret", state="draft"), 1)
    assert client.get("/d/secret/answers/1/feed.atom").status_code == 404
    assert "/d/harbour/answers/1/feed.atom" in links(client, "/d/harbour/answers/1/")


def test_the_calendar_has_the_due_days_of_what_waits(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    waits, paused, answered = (make_case(staff, harbour, n, title=f"No. {n}") for n in (1, 2, 3))
    assign(staff, paused, chief.post.body, chief.post)
    assert chief.user
    pause_clock(chief.user, paused, chief.post, "The county is asked.")
    answer_case(answered, chief)
    found = client.get("/d/harbour/answers/deadlines.ics")
    assert found["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(found.content)
    assert str(calendar["X-WR-CALNAME"]) == "Answers that are due: What should the harbour be?"
    events = [
        (str(e["SUMMARY"]), e["DTSTART"].dt, str(e["URL"]), str(e["UID"]))
        for e in calendar.walk("VEVENT")
    ]
    assert events == [
        (
            "Answer due: No. 1",
            date(2026, 5, 18),
            "http://127.0.0.1:8000/d/harbour/answers/1/",
            f"case-{waits.pk}@127.0.0.1",
        )
    ]
    assert "/d/harbour/answers/deadlines.ics" in links(client, "/d/harbour/answers/")
    assert client.get("/d/nowhere/answers/deadlines.ics").status_code == 404
