"""What somebody who takes the machine reads from checks: sums, and nothing of one person."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from answers.entered import answer_case
from middleground.answers.cases.gathering import open_case
from middleground.answers.checks import answer as answering
from middleground.answers.checks import people
from middleground.answers.checks.people import answer_mark
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.models import CheckAnswer, ResidentCheck
from middleground.dialogues.identity.keys import key_bytes
from middleground.dialogues.models import Dialogue, Participant
from middleground.people.models import Appointment, User
from support.cast import make_participant

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def two_checks(
    keys: object, staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> list[ResidentCheck]:
    for number in (1, 2):
        answer_case(open_case(staff, harbour, title=f"Case {number}", numbers=[number]), chief)
    today[0] += timedelta(days=28)
    keep_checks()
    return list(ResidentCheck.objects.order_by("pk"))


def answered_twice(checks: list[ResidentCheck], people: int) -> int:
    """Each answers in both checks; how many rows the database alone then ties to another."""
    CheckAnswer.objects.all().delete()
    for _ in range(people):
        token, _row = make_participant(checks[0].case.dialogue)
        for check in checks:
            answering.answer_check(check, token, "no")
    marks = Counter(mark[:32] for mark in CheckAnswer.objects.values_list("mark", flat=True))
    return sum(number for number in marks.values() if number > 1)


def test_nothing_ties_what_one_person_said_in_two_checks(
    two_checks: list[ResidentCheck], harbour: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered_twice(two_checks, 4) == 0
    assert CheckAnswer.objects.count() == 8
    # Neither the dialogue's key nor a pseudonym makes a mark.
    secrets = [key_bytes(harbour.pk)]
    secrets += [pk.to_bytes(8, "big") for pk in Participant.objects.values_list("pk", flat=True)]
    made = {answer_mark(secret, check.pk) for secret in secrets for check in two_checks}
    assert not CheckAnswer.objects.filter(mark__in=made).exists()
    # The control: a mark that forgets the check ties them. (Unlike a real one it needs a longer
    # column, so that both rows can be stored.)
    for module in (answering, people):
        monkeypatch.setattr(
            module, "answer_mark", lambda token, check: f"{answer_mark(token, 0)}{check}"
        )
    assert answered_twice(two_checks, 4) == 8


def test_a_row_holds_nothing_else() -> None:
    assert [field.name for field in CheckAnswer._meta.fields] == [
        "mark", "check_of", "kind", "said",
    ]  # fmt: skip
