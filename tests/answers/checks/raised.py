"""People who raised a matter, and a check that they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from answers.entered import answer_case
from middleground.answers.cases.gathering import open_case
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.models import Case, ResidentCheck
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.statements.submit import submit_statement
from middleground.people.models import Appointment, User
from support.cast import make_participant


def raise_it(dialogue: Dialogue, people: int) -> tuple[list[bytes], list[int]]:
    """Each writes a statement with a mark: their tokens, and the numbers of the statements."""
    tokens = [make_participant(dialogue)[0] for _ in range(people)]
    sent = [
        submit_statement(dialogue, token, f"Lamp {n} is broken.", marked=True)
        for n, token in enumerate(tokens)
    ]
    Statement.objects.filter(pk__in=[each.pk for each in sent]).update(
        status="approved", reviewed=True
    )
    return tokens, [each.number for each in sent]


def later(today: list[date], days: int) -> int:
    today[0] += timedelta(days=days)
    return keep_checks()


def answers(check: ResidentCheck, tokens: Sequence[bytes], *said: str) -> None:
    for token, each in zip(tokens, said, strict=True):
        answer_check(check, token, each)


def answered(staff: User, dialogue: Dialogue, chief: Appointment, numbers: list[int]) -> Case:
    case = open_case(staff, dialogue, title="Lamps at the quay", numbers=numbers)
    answer_case(case, chief)
    return case
