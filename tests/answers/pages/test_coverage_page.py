"""The list of all concerns, each with what became of it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.entered import answer_case, make_case
from middleground.answers.cases.clocks import pause_clock
from middleground.answers.cases.endings import close
from middleground.answers.cases.gathering import gather, set_aside
from middleground.answers.cases.owners import assign
from middleground.answers.models import Case
from middleground.answers.pages.flow_figure import flow_paths
from middleground.answers.queries import concern_rows, coverage_of
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from middleground.pictures import FlowPath
from support.cast import make_comment, make_dialogue, make_statement
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGE = "/d/harbour/answers/"


@pytest.fixture
def sorted_out(staff: User, harbour: Dialogue, chief: Appointment, agent: Appointment) -> Dialogue:
    """Ten concerns in every state; today is the day on which the agency's answer is due."""
    for number in range(4, 11):
        make_statement(harbour, number)
    answer_case(make_case(staff, harbour, 1, 2), chief)
    waiting = make_case(staff, harbour, 3, 4, title="The gate")
    assign(staff, waiting, agent.post.body, agent.post)
    assert agent.user
    paused = make_case(staff, harbour, 5, title="The files")
    assign(staff, paused, agent.post.body, agent.post)
    pause_clock(agent.user, paused, agent.post, "The county has them.")
    make_case(staff, harbour, 6, title="The sheds")
    close(staff, make_case(staff, harbour, 7, title="A mistake"), "It was about another port.")
    set_aside(harbour, [8], "same", same_as=harbour.statements.get(number=1), note="Word by word.")
    set_aside(harbour, [9], "nothing asked")
    return harbour


def test_everything_that_was_raised_is_counted_and_listed(
    client: Client, sorted_out: Dialogue, today: list[date]
) -> None:
    page = words(client, PAGE)
    assert (
        "10 concerns: 2 answered, 5 open, 0 of them overdue, 2 set aside,"
        " 1 closed without an answer"
    ) in page
    today[0] = date(2026, 5, 19)
    page = words(client, PAGE)
    assert "2 answered, 5 open, 3 of them overdue, 2 set aside" in page
    for part in (
        "1 Statement number 1. answered by Chief , Police , on May 4, 2026: will do."
        " Patrols begin in June. · Case 1"
        " Residents were not asked yet.",
        "2 Statement number 2. answered as above · Case 1 3",
        "3 Statement number 3. overdue since May 18, 2026: Agency · Case 2",
        "4 Statement number 4. overdue as above · Case 2",
        "5 Statement number 5. waiting Agency , the clock is paused · Case 3",
        "6 Statement number 6. overdue since May 18, 2026 · Case 4",
        "7 Statement number 7. closed without an answer · Case 5",
        "8 Statement number 8. set aside says the same as another: statement 1 · Word by word.",
        "9 Statement number 9. set aside an opinion that asks nothing of anyone: noted",
        "10 Statement number 10. in no case yet",
    ):
        assert part in page


def test_the_list_is_filtered_by_body_level_and_state(
    client: Client, sorted_out: Dialogue, today: list[date]
) -> None:
    today[0] = date(2026, 5, 19)
    everything = list(range(1, 11))
    for query, found in (
        ("", everything), ("state=answered", [1, 2]), ("state=open", [3, 4, 5, 6, 10]),
        ("state=overdue", [3, 4, 6]), ("state=waiting", [5]), ("state=unseen", [10]),
        ("state=aside", [8, 9]), ("state=closed", [7]), ("body=agency", [3, 4, 5]),
        ("level=city", [1, 2]), ("level=federal&state=waiting&body=agency", [5]),
        ("level=federal&body=police", []), ("level=moon&body=x'&state=%00", everything),
        ("page=7&state=closed", [7]), ("page=x", everything),
    ):  # fmt: skip
        html = client.get(f"{PAGE}?{query}").content.decode()
        assert [int(n) for n in re.findall(r'id="concern-(\d+)"', html)] == found, query
    assert "0 concerns are like that. Show all" in words(
        client, f"{PAGE}?level=federal&body=police"
    )


def test_the_most_open_of_several_cases_decides(
    staff: User, sorted_out: Dialogue, today: list[date]
) -> None:
    gather(staff, Case.objects.get(number=2), [1])
    row = concern_rows(sorted_out, date(2026, 5, 4))[0]
    assert (row.state, [line.number for line in row.cases]) == ("waiting", [2, 1])
    assert coverage_of([row]).open == 1
    only = concern_rows(sorted_out, date(2026, 5, 19), [row.statement_id])
    assert [(each.number, each.state) for each in only] == [(1, "overdue")]


def test_the_picture_takes_each_concern_once(sorted_out: Dialogue) -> None:
    start = "all"
    rows = concern_rows(sorted_out, date(2026, 5, 19))
    assert flow_paths(rows, {}) == [
        FlowPath((start, "in a case", "Agency", "waiting"), 1),
        FlowPath((start, "in a case", "Agency", "overdue"), 2),
        FlowPath((start, "in a case", "Police", "answered", "not asked yet"), 2),
        FlowPath((start, "in a case", "no body yet", "closed without an answer"), 1),
        FlowPath((start, "in a case", "no body yet", "overdue"), 1),
        FlowPath((start, "set aside"), 2),
        FlowPath((start, "in no case yet"), 1),
    ]
    answered = next(row.cases[0].pk for row in rows if row.state == "answered")
    ends = {state: flow_paths(rows, {answered: state})[2].stops[-1] for state in ("no", "asked")}
    assert ends == {"no": "most say no", "asked": "being asked"}


def test_what_is_not_shown_is_no_concern_and_nothing_is_a_state_of_its_own(
    client: Client, sorted_out: Dialogue
) -> None:
    sorted_out.statements.filter(number=10).update(status="rejected", reason="spam", reviewed=True)
    assert "9 concerns" in words(client, PAGE)
    make_dialogue("airport", statements=2)
    page = words(client, "/d/airport/answers/")
    assert "Nothing is answered yet" in page
    assert "2 concerns: 0 answered, 2 open" in page
    assert "0 concerns" in words(client, f"/d/{make_dialogue('empty', 0).slug}/answers/")
    make_dialogue("secret", state="draft")
    assert client.get("/d/secret/answers/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many_and_has_pages(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    def queries(address: str = PAGE) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    answer_case(make_case(staff, harbour, 1), chief)
    before = queries()
    for number in range(4, 104):
        make_statement(harbour, number)
    for number in (2, 3, 4):
        answer_case(make_case(staff, harbour, number), chief)
    set_aside(harbour, [5, 6], "nothing asked")
    assert (before, queries()) == (11, 11)
    below = harbour.statements.get(number=1)
    for number in (20_000_001, 20_000_002, 20_000_003):
        make_comment(below, f"Comment {number}.", number)
    set_aside(harbour, [20_000_001], "nothing asked")
    before = queries(f"{PAGE}?state=aside")
    set_aside(harbour, [20_000_002, 20_000_003], "nothing asked")
    assert (before, queries(f"{PAGE}?state=aside")) == (11, 11)
    html = client.get(f"{PAGE}?state=unseen").content.decode()
    assert html.count('<li id="concern-') == 97
    html = client.get(PAGE).content.decode()
    assert (html.count('<li id="concern-'), 'href="?page=2#concerns"' in html) == (100, True)
    second = client.get(f"{PAGE}?page=2").content.decode()
    assert re.findall(r'id="concern-(\d+)"', second) == [
        "101", "102", "103", "20000001", "20000002", "20000003",
    ]  # fmt: skip
    assert "<svg" not in second.split("<main")[1]
