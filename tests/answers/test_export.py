"""The cases of a dialogue as files for a host's own case system."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from answers.commitments.promised import promise
from answers.entered import answer_case, make_answered_case, make_case
from middleground.answers.export import COLUMNS, cases_csv, cases_json, cases_of
from middleground.answers.models import CommitmentEvent
from middleground.answers.responses.drafts import DraftText, save_draft
from middleground.cli.app import app
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_table_has_a_row_for_each_case_and_no_formula(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    case = make_answered_case(staff, harbour, chief)
    promise(case, chief)
    make_case(staff, harbour, 3, title="=HYPERLINK(1)")
    today[0] = date(2026, 5, 19)
    header, first, second = csv.reader(io.StringIO(cases_csv(harbour).decode("utf-8-sig")))
    assert tuple(header) == COLUMNS
    newest = case.responses.get(version=2)
    address = "http://127.0.0.1:8000/d/harbour/answers/"
    assert first == [
        "1", "Patrols at the quay", "Several ask for it.", "answered", "will do", "city", "Police",
        "Chief", "2026-05-04", "", "False", "2026-05-04", "1 2", "Patrols begin in June.", "2",
        newest.document, "1", "", f"{address}1/",
    ]  # fmt: skip
    assert second[1] == "'=HYPERLINK(1)"
    assert second[9:] == ["2026-05-18", "True", "", "3", "", "", "", "", "", f"{address}2/"]


def test_json_has_what_pages_show_and_nothing_of_drafts(
    staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    case = make_case(staff, harbour, 1, 2)
    answer_case(case, chief)
    harbour.statements.filter(number=2).update(status="rejected", reason="attack", reviewed=True)
    save_draft(staff, case, DraftText(summary="Only a draft."), 0)
    text = cases_json(harbour).decode()
    found = json.loads(text)
    assert (found["format"], found["dialogue"]) == ("middleground-cases/1", "harbour")
    (only,) = found["cases"]
    assert only["concerns"] == [
        {"number": 1, "place": "", "text": "Statement number 1.", "gone": ""},
        {"number": 2, "place": "", "text": "", "gone": "hidden"},
    ]
    assert only["versions"][0]["dispositions"] == [
        {"concern": 1, "outcome": "accepted", "words": ""},
        {"concern": 2, "outcome": "accepted", "words": ""},
    ]
    assert only["story"][-1]["sentence"] == "Answered by Chief, Police: will do."
    assert chief.user
    for secret in ("Only a draft", "Statement number 2", chief.user.email, staff.email):
        assert secret not in text


def test_json_has_commitments_with_their_story(
    staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    promise(make_case(staff, harbour, 1), chief, "Lamps")
    (only,) = cases_of(harbour)
    (lamps,) = only["commitments"]
    document = CommitmentEvent.objects.get().document
    assert lamps.pop("story") == [
        {
            "on": "2026-05-04",
            "kind": "made",
            "sentence": "Promised by Chief, Police, by July 1, 2026: Lamps",
            "words": "",
            "link": "",
            "document": document,
        }
    ]
    assert lamps == {
        "number": 1, "what": "Lamps", "standing": "next", "body": "Police", "post": "Chief",
        "made_on": "2026-05-04", "first_due_on": "2026-07-01", "due_on": "2026-07-01", "slips": 0,
        "ended_on": "", "checks": [], "address": "http://127.0.0.1:8000/d/harbour/commitments/1/",
    }  # fmt: skip


def test_the_command_writes_a_new_file_or_says_what_to_do(
    staff: User, harbour: Dialogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(staff, harbour, 1)
    monkeypatch.setattr("middleground.cli.exchange.cases.set_up", lambda **_: None)

    def run(dialogue: str, name: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["export", "cases", dialogue, str(tmp_path / name)])
        return done.exit_code, " ".join(done.output.split())

    assert run("harbour", "cases.csv")[0] == 0
    assert run("harbour", "cases.json")[0] == 0
    assert json.loads((tmp_path / "cases.json").read_text())["cases"][0]["case"] == 1
    for dialogue, name, told in (
        ("harbour", "cases.csv", "name a new file"),
        ("harbour", "cases.xls", "end the name with .csv or .json"),
        ("airport", "new.csv", "There is no dialogue “airport”. There are: harbour."),
    ):
        code, output = run(dialogue, name)
        assert (code, told in output) == (2, True), output


def test_many_cases_cost_the_queries_of_one(
    staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            cases_of(harbour)
        return len(captured)

    promise(make_case(staff, harbour, 1), chief)
    before = queries()
    for _ in range(3):
        case = make_case(staff, harbour, 1, 2)
        promise(case, chief)
        promise(case, chief)
    assert queries() == before
