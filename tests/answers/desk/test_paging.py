"""Lists of staff and officials are shown page by page, and keep their places apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.commitments.promised import promise
from answers.entered import answer_case
from middleground.answers.cases.gathering import open_case, set_aside
from middleground.answers.cases.owners import assign
from middleground.answers.desk import inbox
from middleground.answers.desk import staff as desk_pages
from middleground.answers.models import Case
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import make_statement
from support.reading import words

pytestmark = pytest.mark.django_db
TRIAGE = "/desk/harbour/cases/"


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_pages, "PAGE", 2)
    monkeypatch.setattr(inbox, "ENTRIES_ON_A_PAGE", 2)


@pytest.fixture
def full(staff: User, harbour: Dialogue) -> Dialogue:
    """Three cases about 1, four statements set aside, and three that are open."""
    for number in range(1, 4):
        open_case(staff, harbour, title=f"Matter {number}", numbers=[1])
    for number in range(4, 10):
        make_statement(harbour, number, f"Text {number}")
    harbour.statements.filter(number__in=(2, 3)).delete()
    set_aside(harbour, [4, 5, 6], "nothing asked")
    return harbour


@pytest.mark.usefixtures("full", "pages_of_two")
def test_each_list_of_triage_has_pages_of_its_own(desk: Client) -> None:
    page = words(desk, TRIAGE)
    assert "Cases 3 1. Matter 1" in page
    assert "2. Matter 2" in page
    assert "3. Matter 3" not in page
    assert "Open concerns 3" in page
    assert "Set aside 3 4. Text 4" in page
    assert "6. Text 6" not in page
    html = desk.get(f"{TRIAGE}?page=2&cases=2&aside=2&x=1").content.decode()
    for address in (
        "?page=2&amp;aside=2&amp;cases=1#cases",
        "?cases=2&amp;aside=2&amp;page=1#concerns",
        "?page=2&amp;cases=2&amp;aside=1#aside",
    ):
        assert f'href="{address}"' in html
    assert 'action="?page=2&amp;cases=2&amp;aside=2"' in html
    page = words(desk, f"{TRIAGE}?page=2&cases=2&aside=2")
    assert ("3. Matter 3" in page, "2. Matter 2" in page) == (True, False)
    assert ("Text 9" in page, "Text 8" in page) == (True, False)
    assert ("6. Text 6" in page, "5. Text 5" in page) == (True, False)
    assert words(desk, f"{TRIAGE}?cases=x&aside=99") == words(desk, f"{TRIAGE}?cases=1&aside=2")


@pytest.mark.usefixtures("full", "pages_of_two")
def test_a_case_that_is_on_no_list_is_chosen_by_its_number(
    desk: Client, staff: User, chief: Appointment
) -> None:
    assert '<select id="case"' not in desk.get(TRIAGE).content.decode()
    desk.post(f"{TRIAGE}?cases=2", {"decide": "gather", "chosen": ["8"], "case": "3"})
    case = Case.objects.get(number=3)
    assert {each.number for each in case.concerns.all()} == {1, 8}
    assert staff
    answer_case(case, chief)  # two cases wait, which are few enough to choose from
    html = desk.get(TRIAGE).content.decode()
    assert ('<option value="2"' in html, '<option value="3"' in html) == (True, False)


@pytest.mark.usefixtures("pages_of_two")
def test_triage_takes_as_many_queries_for_any_number_of_pages(
    desk: Client, staff: User, harbour: Dialogue
) -> None:
    taken = []
    for number in range(4, 10):
        make_statement(harbour, number, f"Text {number}")
    for number in (1, 4, 5, 6):
        open_case(staff, harbour, title=f"Matter {number}", numbers=[number])
        set_aside(harbour, [{1: 2, 4: 3, 5: 7, 6: 8}[number]], "nothing asked")
        with CaptureQueriesContext(connection) as captured:
            desk.get(TRIAGE)
        taken.append(len(captured))
    assert taken == [taken[0]] * 4


@pytest.mark.usefixtures("pages_of_two")
def test_the_inbox_has_pages_and_counts_all_that_is_overdue(
    staff: User, with_police: Case, chief: Appointment, today: list[date]
) -> None:
    assert chief.user
    for number in range(2):
        case = open_case(staff, with_police.dialogue, title=f"More {number}", numbers=[3])
        assign(staff, case, chief.post.body, chief.post)
    promise(open_case(staff, with_police.dialogue, title="Done", numbers=[3]), chief)
    today[0] = date(2026, 6, 1)
    office = Client()
    office.force_login(chief.user)
    first, second = (words(office, f"/desk/inbox/?page={page}") for page in (1, 2))
    assert "Inbox 4" in first
    assert "3 are overdue" in first
    assert "3 are overdue" in second
    assert ("More 0" in first, "More 1" in first, "Page 1 of 2" in first) == (True, False, True)
    assert ("More 1" in second, "Two patrols a week" in second) == (True, True)
