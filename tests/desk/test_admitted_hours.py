"""Patterns shows who was admitted by which way in each hour, in steps, and names nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, HourlyAdmission, Participant
from middleground.dialogues.participation.admission import admit_with_code, confirm, make_codes
from middleground.dialogues.participation.hours import (
    HOURS_KEPT,
    admitted_by_hour,
    delete_old_hours,
)
from support.cast import make_dialogue, make_participant, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/desk/harbour/patterns/"
Way = HourlyAdmission.Way


def come(dialogue: Dialogue, way: str, count: int) -> None:
    for _ in range(count):
        token, person = make_participant(dialogue)
        Participant.objects.filter(pk=person.pk).update(tier="unconfirmed")
        assert confirm(dialogue, token, way)
        assert confirm(dialogue, token, way)  # a second time counts nobody


def test_each_way_is_counted_in_its_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    dialogue = make_dialogue()
    come(dialogue, Way.WAITING, 2)
    come(dialogue, Way.WORK, 3)
    (code,) = make_codes(make_staff(), dialogue, "invited", 1, "form")
    admit_with_code(dialogue, new_token(), code)
    hours = admitted_by_hour(dialogue, now)
    assert len(hours) == HOURS_KEPT
    assert hours[-1] == (
        int(now.timestamp()) // 3600, {"waiting": 2, "work": 3, "code": 1},
    )  # fmt: skip
    assert {sum(ways.values()) for _began, ways in hours[:-1]} == {0}
    delete_old_hours(now + timedelta(hours=HOURS_KEPT - 1))
    assert HourlyAdmission.objects.count() == 3
    delete_old_hours(now + timedelta(hours=HOURS_KEPT))
    assert HourlyAdmission.objects.count() == 0


def test_staff_see_steps_and_few_look_like_nobody(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    dialogue = make_dialogue()

    def shown() -> Any:
        page = desk.get(PAGE).content.decode()
        return page[page.index("Who was admitted, hour by hour") : page.index("Statements that")]

    nobody = shown()
    come(dialogue, Way.WORK, 4)
    assert shown() == nobody
    come(dialogue, Way.WORK, 9)
    page = shown()
    assert page.count("<svg") == 3
    cells = re.findall(r"<td>(.*?)</td>", page)
    shown_cells = [cell.replace("\xa0", " ") for cell in cells]
    assert shown_cells == ["fewer than 5", "at least 10", "fewer than 5"]
