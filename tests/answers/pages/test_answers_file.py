"""Whoever changes an answer of old in the database is found out by both verifiers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.entered import answer_case, make_case
from ledger.checking import failing
from middleground.answers.cases.endings import reopen
from middleground.answers.cases.gathering import describe_case
from middleground.answers.models import Case, CaseEvent, Disposition, Response
from middleground.answers.responses.publish import retract_response
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from middleground.publiclog.publisher import publish_log
from support.logged import seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def answered(folder: Path, staff: User, harbour: Dialogue, chief: Appointment) -> Case:
    """Answered, corrected, reopened under another title, answered, and withdrawn; all is logged."""
    assert folder
    case = make_case(staff, harbour, 1, 2, title="Patrols at the quay")
    answer_case(case, chief)
    answer_case(case, chief, summary="Patrols begin in May.", correction="The month was wrong.")
    reopen(staff, case, "No patrol came.")
    describe_case(staff, case, title="Patrols at the quay and the mole", summary="")
    answer_case(case, chief, summary="They came.", resolution="done")
    assert chief.user
    retract_response(chief.user, case, chief.post, "They did not.")
    publish_log()
    return case


def test_all_versions_are_shown_as_they_were_logged(
    answered: Case, folder: Path, harbour: Dialogue
) -> None:
    report = seen(folder, harbour)
    assert not failing(report)
    sentence = "Answers of bodies that are shown as they were logged: 3."
    assert sentence in [each.sentence for each in report.findings]
    listed = json.loads((folder / f"site/{harbour.slug}/answers.json").read_bytes())["responses"]
    withdrawn_on = answered.events.get(kind=CaseEvent.Kind.RETRACTED).on.isoformat()
    names = ("case", "version", "withdrawn", "withdrawn_on")
    assert [tuple(each[name] for name in names) for each in listed] == [
        (answered.number, 1, False, ""), (answered.number, 2, False, ""),
        (answered.number, 3, True, withdrawn_on),
    ]  # fmt: skip


def test_the_file_takes_as_many_queries_for_three_cases_as_for_one(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    address = f"/d/{harbour.slug}/answers/answers.json"
    taken = []
    for numbers in ((1,), (2,), (3,)):
        answer_case(make_case(staff, harbour, *numbers), chief)
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(address)
        taken.append(len(captured))
    assert set(taken) == {5}
    listed = shown.json()["responses"]
    assert [(each["case"], each["dispositions"][0]["concern"]) for each in listed] == [
        (1, 1), (2, 2), (3, 3),
    ]  # fmt: skip
    assert len(shown.content.decode().splitlines()) == len(listed) + 2  # a line for each


def test_a_withdrawal_of_which_the_log_has_nothing_is_caught_by_both(
    answered: Case, folder: Path, harbour: Dialogue
) -> None:
    """Somebody writes in the database that the body withdrew its first answer."""
    withdrawal = answered.events.get(kind=CaseEvent.Kind.RETRACTED)
    event = {"on": withdrawal.on, "facts": {**withdrawal.facts, "version": 1}}
    CaseEvent.objects.create(
        case=answered, kind=withdrawal.kind, body=withdrawal.body, post=withdrawal.post, **event
    )
    today = datetime.combine(withdrawal.on, time(12), UTC)
    assert not failing(seen(folder, harbour, today))  # the log may not have it yet
    found = failing(seen(folder, harbour, today + timedelta(days=4)))
    said = f"{harbour.slug}, case 1, version 1: that it was withdrawn was never logged."
    assert found["answers"].details == (said,)


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("what", ["its words", "what it says to one concern"])
def test_a_silent_change_is_caught_by_both(what: str, folder: Path, harbour: Dialogue) -> None:
    if what == "its words":
        Response.objects.filter(version=1).update(summary="Patrols begin in July.")
    else:
        Disposition.objects.filter(response__version=1).update(outcome="not ours")
    found = failing(seen(folder, harbour))
    assert list(found) == ["answers"]
    changed = f"{harbour.slug}, case 1, version 1: it is not what was logged."
    assert found["answers"].details == (changed,)
