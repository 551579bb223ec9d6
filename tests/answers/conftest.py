"""A dialogue with three concerns, rules for answers, and officials of two bodies."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from middleground.answers.cases.gathering import open_case
from middleground.answers.cases.owners import assign
from middleground.answers.models import AnswerRules, Case
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import make_dialogue, make_official, make_staff

MONDAY = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """Today, as a list of one day that a test may change."""
    days = [MONDAY]
    monkeypatch.setattr(timezone, "localdate", lambda *_: days[0])
    return days


@pytest.fixture
def staff(db: None) -> User:
    return make_staff(email="fay@example.org")


@pytest.fixture
def harbour(db: None) -> Dialogue:
    dialogue = make_dialogue()
    AnswerRules.objects.create(dialogue=dialogue, days=10)
    return dialogue


@pytest.fixture
def chief(staff: User) -> Appointment:
    return make_official(staff, "Police", "Chief", name="A. Example")


@pytest.fixture
def agent(staff: User) -> Appointment:
    return make_official(staff, "Agency", "Field director", "federal")


@pytest.fixture
def case(staff: User, harbour: Dialogue) -> Case:
    return open_case(staff, harbour, title="Patrols at the quay", numbers=[1, 2])


@pytest.fixture
def with_police(staff: User, case: Case, chief: Appointment) -> Case:
    assign(staff, case, chief.post.body, chief.post)
    case.refresh_from_db()
    return case
