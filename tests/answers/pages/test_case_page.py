"""The public page of a case."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.entered import answer_case, make_answered_case, make_case
from middleground.answers.cases.clocks import extend_clock, pause_clock, resume_clock
from middleground.answers.cases.endings import reopen
from middleground.answers.cases.gathering import gather
from middleground.answers.cases.owners import accept, offer, refuse
from middleground.answers.models import Case
from middleground.answers.responses.publish import retract_response
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import make_dialogue, make_official
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGE = "/d/harbour/answers/1/"


def test_an_answer_is_shown_with_its_signature_and_what_it_says_to_each_concern(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    case = make_answered_case(staff, harbour, chief)
    assert case.get_absolute_url() == PAGE
    html = client.get(PAGE).content.decode()
    page = words(client, PAGE)
    for part in (
        "Status Answered: will do Who had it Chief , Police , since May 4, 2026",
        "Clock Stopped in time on May 4, 2026; due on May 18, 2026.",
        "Will do · A. Example , Chief , Police · May 4, 2026",
        "What was corrected: The quay is private ground. How Two officers on foot ,",
        "1 Statement number 1. accepted 2 Statement number 2. not accepted The quay is private",
        "Version 1 of May 4, 2026: corrected on May 4, 2026 (The quay is private ground.)",
        "Statement 2 accepted Version 1 · in the public log",
        "May 4, 2026 Answered by Chief, Police: will do.",
    ):
        assert part in page
    hashes = [each.document for each in case.responses.order_by("-version")]
    assert re.findall(r'href="/ledger/documents/(\w+)"', html) == hashes
    assert re.findall(r'itemprop="(\w+)"', html) == [
        "name", "text", "answerCount", "dateCreated", "suggestedAnswer", "text", "author", "url",
        "name", "datePublished",
    ]  # fmt: skip


def test_the_sum_of_a_clock_gives_its_due_day(
    client: Client, with_police: Case, chief: Appointment, today: list[date]
) -> None:
    assert chief.user
    today[0] = date(2026, 5, 11)
    pause_clock(chief.user, with_police, chief.post, "The county has the files.")
    paused = words(client, PAGE)
    assert "Clock It is paused. 6 days are left." in paused
    assert "Last day before the pause: May 10, 2026 6" in paused
    today[0] = date(2026, 5, 18)
    resume_clock(chief.user, with_police, chief.post)
    extend_clock(chief.user, with_police, chief.post, 2, "A report is due.")
    page = words(client, PAGE)
    assert (
        "An answer is due on May 28, 2026. Show the sum Step Days"
        " It starts on May 4, 2026. This day is not counted."
        " The days that are allowed. (10 working days) + 10"
        " May 25, 2026 is a holiday: Memorial Day. + 1 Weekends in between. + 4"
        " Paused from May 11, 2026 until May 18, 2026: The county has the files. + 7"
        " Extended on May 18, 2026: A report is due. + 2 Due on May 28, 2026 24"
    ) in page
    today[0] = date(2026, 5, 29)
    assert "Clock Overdue since May 28, 2026." in words(client, PAGE)
    today[0] = date(2026, 6, 28)
    assert "Very overdue: due on May 28, 2026, 31 days ago." in words(client, PAGE)


def test_what_was_refused_twice_shows_both_reasons(
    client: Client, with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    assert chief.user
    assert agent.user
    for reason in ("Not our duty.", "Still not our duty."):
        assert "nobody’s" not in words(client, PAGE)
        offer(chief.user, with_police, chief.post, agent.post.body, "Theirs.")
        assert "Offered to Agency , which must reply by May 18, 2026" in words(client, PAGE)
        refuse(agent.user, with_police, agent.post, reason)
    page = words(client, PAGE)
    assert "At present this case is nobody’s" in page
    assert "Agency Not our duty. May 4, 2026 Agency Still not our duty. May 4, 2026" in page
    offer(chief.user, with_police, chief.post, agent.post.body, "Please.")
    accept(agent.user, with_police, agent.post)
    page = words(client, PAGE)
    assert "nobody’s" not in page
    assert "Who has it Field director , Agency , since May 4, 2026" in page


def test_a_withdrawn_answer_is_marked_and_a_reopened_case_waits(
    client: Client, staff: User, with_police: Case, chief: Appointment, today: list[date]
) -> None:
    assert chief.user
    answer_case(with_police, chief)
    today[0] = date(2026, 5, 20)
    retract_response(chief.user, with_police, chief.post, "It was about another quay.")
    page = words(client, PAGE)
    assert "withdrawn on May 20, 2026 (It was about another quay.)" in page
    assert "The answer Patrols" not in page
    assert "Status Reopened Who has it" in page
    assert "Earlier periods From May 4, 2026: answered or closed in time, on May 4, 2026." in page
    answer_case(with_police, chief)
    reopen(staff, with_police, "Residents say it is not so.")
    page = words(client, PAGE)
    assert "Version 2 of May 20, 2026: case reopened on May 20, 2026 (Residents say" in page
    assert "Version 1 of May 4, 2026: withdrawn on May 20, 2026" in page


def test_what_is_no_longer_shown_is_not_quoted(
    client: Client, staff: User, harbour: Dialogue, case: Case
) -> None:
    gather(staff, case, [3])
    statements = harbour.statements
    merged = {"status": "merged", "merged_into": statements.get(number=2), "reviewed": True}
    statements.filter(number=1).update(**merged)
    statements.get(number=3).delete()
    assert (
        "1 Statement number 1. merged into 2 2 Statement number 2. 3 Withdrawn by its author"
    ) in words(client, PAGE)
    statements.filter(number=2).update(status="rejected", reason="attack", reviewed=True)
    page = words(client, PAGE)
    assert "1 No longer shown 2 No longer shown 3 Withdrawn by its author" in page
    assert "Statement number" not in page


def test_a_community_organization_is_marked_and_drafts_are_not_found(
    client: Client, staff: User, harbour: Dialogue
) -> None:
    union = make_official(staff, "Union", "Speaker", "community")
    answer_case(make_case(staff, harbour), union)
    page = words(client, PAGE)
    assert "Union , since May 4, 2026 no authority" in page
    assert "A community organization, not an authority." in page
    make_case(staff, make_dialogue("secret", state="draft"))
    paths = ("/d/secret/answers/1/", "/d/harbour/answers/2/", f"/d/harbour/answers/{10**30}/")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_case_costs_the_same_with_one_and_many_of_everything(
    client: Client, staff: User, with_police: Case, chief: Appointment
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    answer_case(with_police, chief)
    before = queries()
    reopen(staff, with_police, "Again.")
    gather(staff, with_police, [3])
    answer_case(with_police, chief)
    answer_case(with_police, chief, summary="Another.", correction="Words.")
    # One more: what residents said of answers that no longer stand.
    assert (before, queries()) == (10, 11)
