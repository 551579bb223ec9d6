"""Two jobs, or two taps, at the same moment: nothing is opened, counted or reopened twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from answers.entered import answer_case
from middleground.answers.cases.gathering import open_case
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.models import CheckAnswer, ResidentCheck
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import make_participant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def harbour(keys: object, harbour: Dialogue) -> Dialogue:
    return harbour


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do all together; what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 -- a test tells what it was
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_nothing_happens_twice(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    cases = [open_case(staff, harbour, title=f"Case {n}", numbers=[n]) for n in (1, 2, 3)]
    for case in cases:
        answer_case(case, chief)
    today[0] += timedelta(days=28)
    assert at_once(*[keep_checks] * 3) == []
    checks = list(ResidentCheck.objects.order_by("pk"))
    assert [check.case for check in checks] == cases
    tokens = [make_participant(harbour)[0] for _ in range(6)]
    for check in checks:
        for token in tokens:
            taps = [lambda check=check, token=token: answer_check(check, token, "no")] * 2
            assert at_once(*taps) == []
    assert CheckAnswer.objects.count() == 18
    today[0] += timedelta(days=28)
    assert at_once(*[keep_checks] * 3) == []
    for case in cases:
        case.refresh_from_db()
        assert list(case.events.values_list("kind", flat=True)).count("reopened") == 1
        assert (case.status, case.resident_checks.get().reopened) == ("reopened", True)
    assert not CheckAnswer.objects.exists()
