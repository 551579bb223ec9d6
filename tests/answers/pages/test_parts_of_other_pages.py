"""What pages of dialogues, statements, participants and bodies tell of answers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.commitments.promised import promise
from answers.entered import answer_case, make_case
from middleground.answers.cases.clocks import pause_clock
from middleground.answers.cases.gathering import set_aside
from middleground.answers.cases.owners import assign, offer, refuse
from middleground.answers.models import AnswerRules, Case
from middleground.dialogues.models import Dialogue
from middleground.people.bodies.changes import abolish_body, merge_body, register_body
from middleground.people.models import Appointment, User
from support.cast import carry, make_dialogue, make_participant, make_statement, make_vote
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_dialogue_tells_before_people_take_part_what_is_answered(
    client: Client, harbour: Dialogue
) -> None:
    page = words(client, "/d/harbour/")
    assert (
        "What all opinion groups agree with, for sure, is answered within 10 working days."
        " Residents say if it is enough 28 days after an answer, those who raised the concern,"
        " then everyone who takes part, are asked"
        " if it answers them. If more than 50% say no, the case is reopened, once. After a"
        " body says it kept a promise, they are asked 28 days later if that is so."
        " All concerns, and what became of them"
    ) in page
    AnswerRules.objects.update(middle_ground=False, agreed_by=50, counting="calendar_days", days=1)
    page = words(client, "/d/harbour/")
    assert "What 50 or more people agree with is answered within 1 day." in page
    assert "all opinion groups agree with, for sure," not in page
    make_dialogue("airport")
    assert "What gets an answer" not in words(client, "/d/airport/")


def test_a_dialogue_tells_what_is_nobodys_with_both_reasons(
    client: Client, with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    assert chief.user
    assert agent.user
    for reason in ("Not our duty.", "Still not our duty."):
        offer(chief.user, with_police, chief.post, agent.post.body, "Theirs.")
        page = words(client, "/d/harbour/")
        assert "No body has accepted" not in page
        refuse(agent.user, with_police, agent.post, reason)
    page = words(client, "/d/harbour/")
    assert (
        "3 concerns: 0 answered, 3 open, 0 of them overdue No body has accepted these yet" in page
    )
    assert (
        "No body has accepted these yet: Patrols at the quay Agency did not take it: Not our duty."
        " Agency did not take it: Still not our duty."
    ) in page
    answer_case(with_police, chief)
    assert "No body has accepted" not in words(client, "/d/harbour/")


def test_what_a_body_that_ended_left_behind_is_nobodys_until_another_has_it(
    client: Client, staff: User, with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    abolish_body(staff, chief.post.body, timezone.localdate(), "Voted.")
    told = (
        "No body has accepted these yet: Patrols at the quay Police had it and ended."
        " Nobody has its duties now"
    )
    assert told in words(client, "/d/harbour/")
    assert "Police had it and ended. Nobody has its duties now. The host can give it" in words(
        client, with_police.get_absolute_url()
    )
    assign(staff, with_police, agent.post.body)
    assert "No body has accepted" not in words(client, "/d/harbour/")


def test_a_statement_and_my_votes_tell_what_became_of_it(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    token, author = make_participant(harbour)
    for number in (1, 2):
        make_vote(author, harbour.statements.get(number=number), 1)
    harbour.statements.filter(number=3).update(author=author, origin="participant")
    told = (
        "answered by Chief , Police , on May 4, 2026: will do. Patrols begin in June."
        " · Case 1 Residents were not asked yet."
    )
    assert "What became of it" not in words(client, "/d/harbour/s/1/")
    answer_case(make_case(staff, harbour, 1), chief)
    set_aside(harbour, [3], "nobody's duty")
    assert f"What became of it {told}" in words(client, "/d/harbour/s/1/")
    assert "What became of it" not in words(client, "/d/harbour/s/2/")
    assert "What became of them" not in words(client, "/d/harbour/mine/")
    carry(client, token)
    mine = words(client, "/d/harbour/mine/")
    assert (
        f"What became of them 1 Statement number 1. {told} 3 Statement number 3. set aside" in mine
    )


def test_a_long_list_of_what_became_of_own_votes_is_folded(
    client: Client, staff: User, harbour: Dialogue
) -> None:
    """Who comes to change a vote does not scroll past all that was said to others."""
    mine = "/d/harbour/mine/"
    token, author = make_participant(harbour)
    carry(client, token)
    for number in (1, 2, 3):
        make_vote(author, harbour.statements.get(number=number), 1)
        set_aside(harbour, [number], "nobody's duty")
    unfolded = client.get(mine).content.decode().split('id="became"')[1].split("</section>")[0]
    assert unfolded.count('class="concern-text"') == 3
    assert "<details>" not in unfolded
    make_vote(author, make_statement(harbour, 4), 1)
    set_aside(harbour, [4], "nobody's duty")
    folded = client.get(mine).content.decode().split('id="became"')[1].split("</section>")[0]
    assert folded.count('class="concern-text"') == 4
    assert re.search(r"<details>\s*<summary>All 4</summary>", folded)


def test_a_body_tells_what_it_owes_overdue_first_and_what_it_answered(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    assert chief.user
    page = "/bodies/police/"
    assert "What it owes" not in words(client, page)
    paused = make_case(staff, harbour, 1, title="The files")
    assign(staff, paused, chief.post.body, chief.post)
    pause_clock(chief.user, paused, chief.post, "The county has them.")
    answer_case(make_case(staff, harbour, 2, title="The sheds"), chief)
    old = make_case(staff, harbour, 3, title="The gate")
    today[0] = date(2026, 5, 15)
    for title in ("The pier", "The lamps"):
        assign(staff, make_case(staff, harbour, 3, title=title), chief.post.body)
    assign(staff, old, chief.post.body, chief.post)
    draft = make_dialogue("secret", state="draft")
    assign(staff, make_case(staff, draft, 1, title="Not public"), chief.post.body)
    today[0] = date(2026, 5, 19)
    text = words(client, page)
    assert (
        "What it owes 4 The gate Overdue since May 18, 2026. It has it since May 15, 2026."
        " Chief · What should the harbour be? The pier Due on June 1, 2026."
    ) in text
    assert "The files The clock is paused. It has it since May 4, 2026." in text
    assert "What it has answered 1 The sheds Answered on May 4, 2026: will do." in text
    assert "Not public" not in text


def test_a_heir_has_what_it_took_over_since_that_day(
    client: Client,
    staff: User,
    with_police: Case,
    chief: Appointment,
    agent: Appointment,
    today: list[date],
) -> None:
    """It inherits by event, so the page of the body that ended lists it no more."""
    assert chief.user
    promise(make_case(staff, with_police.dialogue, 2, title="Lamps"), chief, "Six lamps")
    today[0] = date(2026, 5, 6)
    offer(chief.user, with_police, chief.post, agent.post.body, "Theirs.")
    asked = words(client, "/bodies/agency/")
    assert (
        "What other bodies ask it to take 1 Patrols at the quay Offered by Police on May 6, 2026."
        " The reply is due by May 20, 2026. Theirs. · What should the harbour be?"
    ) in asked
    safety = register_body(staff, name="Safety", level="city")
    merge_body(staff, chief.post.body, safety, today[0])
    today[0] = date(2026, 5, 8)
    heir = words(client, "/bodies/safety/")
    for part in (
        "What it owes 1 Patrols at the quay Due on May 18, 2026. It has it since May 6, 2026.",
        "What it offered to others 1 Patrols at the quay Offered to Agency on May 6, 2026,",
        "What it promised 1 promised: 0 kept, 1 to come, 0 late To come 1 Six lamps Due on"
        " July 1, 2026. Promised on May 4, 2026. It owes it since May 6, 2026. Chief · What should",
        "What it has answered 1 Lamps",
    ):
        assert part in heir
    assert "What it owes" not in words(client, "/bodies/police/")


def test_the_calendar_of_a_body_is_the_same_for_everyone(
    client: Client, staff: User, with_police: Case, chief: Appointment
) -> None:
    draft = make_dialogue("secret", state="draft")
    hidden = make_case(staff, draft, 1, title="Not public")
    promise(hidden, chief, "Not public")
    made = promise(make_case(staff, with_police.dialogue, 2), chief, "Lamps")
    response = client.get("/bodies/police/deadlines.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode()
    lines = re.findall(r"^(?:UID|DTSTART|DTSTAMP|SUMMARY|URL)\S*", text, re.MULTILINE)
    assert lines == [
        "SUMMARY:Answer", "DTSTART;VALUE=DATE:20260518", "DTSTAMP:20260504T000000Z",
        f"UID:case-{with_police.pk}@127.0.0.1", "URL:http://127.0.0.1:8000/d/harbour/answers/1/",
        "SUMMARY:Promised:", "DTSTART;VALUE=DATE:20260701", "DTSTAMP:20260504T000000Z",
        f"UID:commitment-{made.pk}@127.0.0.1",
        "URL:http://127.0.0.1:8000/d/harbour/commitments/1/",
    ]  # fmt: skip
    assert "Not public" not in text
    client.force_login(staff)
    assert client.get("/bodies/police/deadlines.ics").content == response.content
    assert client.get("/bodies/nobody/deadlines.ics").status_code == 404


def test_the_parts_cost_the_same_for_one_and_for_many(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    paths = ("/d/harbour/", "/d/harbour/s/1/", "/bodies/police/", "/bodies/police/deadlines.ics")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    promise(make_case(staff, harbour, 1), chief)
    assign(staff, make_case(staff, harbour, 2), chief.post.body)
    before = [queries(path) for path in paths]
    for _ in range(3):
        promise(make_case(staff, harbour, 1, 2), chief)
        assign(staff, make_case(staff, harbour, 3), chief.post.body)
    assert [queries(path) for path in paths] == before
