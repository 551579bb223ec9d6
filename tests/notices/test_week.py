"""The sheet of a week: what is on it, for which weeks there is one, and that it fits."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.commitments.promised import promise as make_promise
from answers.entered import answer_case, make_case
from middleground.answers.cases.endings import close, reopen
from middleground.answers.cases.owners import assign, offer, refuse
from middleground.answers.commitments import keeping
from middleground.answers.models import AnswerRules
from middleground.core.page.style_sheet import style_sheet
from middleground.dialogues.models import Dialogue
from middleground.notices.week.fitting import SheetEntry, SheetSection, fitted
from middleground.notices.week.weeks import Week, read_week, week_of
from middleground.people.models import Appointment, User
from support.cast import make_dialogue
from support.reading import words
from support.serving.browsers import ARGUMENTS, chromium_path

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
WEEK = "/d/harbour/answers/week/"


@pytest.fixture
def three_weeks(staff: User, chief: Appointment, agent: Appointment, today: list[date]) -> Dialogue:
    """Cases opened on May 4; most happens on May 13, and one answer comes on Monday, May 18."""
    harbour = make_dialogue(statements=8)
    AnswerRules.objects.create(dialogue=harbour, days=8)  # until May 14
    names = ("Done", "Promise", "No", "Late", "Soon", "Again", "Shut")
    done, promise, no, late, _soon, again, shut = (
        make_case(staff, harbour, at + 1, title=name) for at, name in enumerate(names)
    )
    assert chief.user
    assert agent.user
    assign(staff, late, chief.post.body, chief.post)
    answer_case(again, chief, resolution="done", summary="All is well.")
    today[0] = date(2026, 5, 13)
    answer_case(done, chief, resolution="done", summary="Lamps are up.")
    answer_case(promise, chief)
    lamps = make_promise(promise, chief, "Lamps at the quay", date(2026, 5, 19))
    answer_case(no, chief, resolution="declined", summary="The quay is private.")
    reopen(staff, again, "It is not well.")
    close(staff, shut, "Asked twice.")
    offer(chief.user, late, chief.post, agent.post.body, "Theirs.")
    refuse(agent.user, late, agent.post, "Not our duty.")
    today[0] = date(2026, 5, 18)
    answer_case(late, chief, resolution="done", summary="At last.")
    keeping.slip(chief.user, lamps, chief.post, to=date(2026, 5, 20), reason="Two are broken.")
    return harbour


@pytest.mark.usefixtures("three_weeks")
def test_a_week_tells_what_happened_in_it_and_what_was_due_on_its_last_day(client: Client) -> None:
    sheet = words(client, f"{WEEK}2026-W20/")
    assert words(client, WEEK) == sheet  # the last week that is over
    assert sheet.split("Port City What should", 1)[1] == (
        " the harbour be? Answers from Monday, May 11, 2026 to Sunday, May 17, 2026"
        " QR code 127.0.0.1:8000/d/harbour/answers/"
        " Answered 1 Done Chief, Police: done Lamps are up."
        " Promised 2 Promise Chief, Police: will do Patrols begin in June."
        " Lamps at the quay Promised by Chief, Police, by May 19, 2026: Lamps at the quay"
        " What became of promises 0"
        " Declined, not taken over, or closed 3"
        " No Chief, Police: declined, with the reason The quay is private."
        " Late Agency did not take it: Not our duty."
        " Shut Closed: Asked twice."
        " Waits for an answer again 1 Again Reopened: It is not well."
        " Due next 1 as of May 17, 2026 Lamps at the quay Police: due on May 19, 2026"
        " Late 2 as of May 17, 2026 Late Police: was due on May 14, 2026"
        " Soon no body has it yet: was due on May 14, 2026"
    )
    before = words(client, f"{WEEK}2026-W19/")
    assert "Answered 1 Again Chief, Police: done All is well." in before
    assert "Due next 6 as of May 10, 2026" in before
    assert "Late 0" in before
    now = words(client, f"{WEEK}2026-W21/")
    assert "Monday, May 18, 2026 to May 18, 2026. The week is not over" in now
    assert "Answered 1 Late Chief, Police: done At last." in now
    assert (
        "What became of promises 1 Lamps at the quay Slipped to May 20, 2026, says Chief, Police:"
        " Two are broken."
    ) in now
    assert "Due next 1 as of May 18, 2026 Lamps at the quay Police: due on May 20, 2026" in now
    for code in ("2026-W18", "2026-W22", "2026-W54", "2026-W1", "0000-W01", "2026-W٢٠"):
        assert client.get(f"{WEEK}{code}/").status_code == 404, code


def test_before_the_first_week_is_over_the_sheet_is_of_this_week(
    client: Client, staff: User, harbour: Dialogue
) -> None:
    assert "Answered 0 Promised 0" in words(client, WEEK)
    make_case(staff, harbour, 1)
    assert "Monday, May 4, 2026 to May 4, 2026. The week is not over" in words(client, WEEK)
    with CaptureQueriesContext(connection) as captured:
        client.get(WEEK)
    before = len(captured)
    make_case(staff, harbour, 2)
    with CaptureQueriesContext(connection) as captured:
        client.get(WEEK)
    assert len(captured) == before


def test_codes_of_weeks_are_those_of_iso_8601() -> None:
    week = week_of(date(2027, 1, 3))
    assert (week.code, week.start, week.end) == ("2026-W53", date(2026, 12, 28), date(2027, 1, 3))
    assert read_week("2026-W53") == week
    assert (read_week("2025-W53"), read_week("1999-W01")) == (None, None)
    assert week.before().after() == week == Week(date(2026, 12, 28))


def _section(kind: str, number: int, letters: int = 56) -> SheetSection:
    entry = SheetEntry(1, "t" * letters, "o" * letters)
    return SheetSection(kind, (entry,) * number)


def test_no_section_pushes_another_off_the_sheet() -> None:
    sections = [_section("answered", 500), _section("due", 0), _section("late", 2)]
    answered, due, late = fitted(sections, lines=30)
    assert (len(late.entries), late.left_out, late.total) == (2, 0, 2)
    assert (due.entries, due.total) == ((), 0)
    # 30 lines, less 3.3 for each section, hold eight entries of 2.5.
    assert (len(answered.entries), answered.left_out, answered.total) == (6, 494, 500)
    wide = SheetEntry(1, "水" * 30, "")
    assert wide.lines == SheetEntry(1, "o" * 60, "").lines


def _pages_on_paper(html: str, paper: str, folder: Path) -> int:
    """How many pages a browser prints it on."""
    css = f"<style>{style_sheet().decode()} @page {{ size: {paper}; }}</style>"
    page, pdf = folder / "sheet.html", folder / "sheet.pdf"
    page.write_text(re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: css, html), "utf-8")
    command = [chromium_path(), *ARGUMENTS, "--headless", "--no-pdf-header-footer"]
    command += [f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


@pytest.mark.browser
@pytest.mark.parametrize(("paper", "word"), [("A4", "M"), ("letter", "水"), ("letter", "word ")])
def test_the_fullest_sheet_takes_two_pages_and_not_more(
    client: Client, staff: User, chief: Appointment, tmp_path: Path, paper: str, word: str
) -> None:
    def filled(letters: int) -> str:
        return (word * letters)[:letters].strip()

    harbour = make_dialogue(statements=30, question=filled(200), host_name=filled(120))
    for number in range(1, 31):
        case = make_case(staff, harbour, number, title=filled(120 if number % 3 else 30))
        if number <= 20:
            resolution = ("done", "will do", "declined")[number % 3]
            answer_case(case, chief, resolution=resolution, summary=filled(200))
    html = client.get(WEEK).content.decode()
    assert _pages_on_paper(html, paper, tmp_path) == 2
    # The control: a sheet without an end is longer.
    longer = html.replace("</article>", "<p>word</p>" * 60 + "</article>")
    assert _pages_on_paper(longer, paper, tmp_path) > 2
