"""Somebody with a clock looks for who wrote which comment, and what somebody said of an answer.

The attacker saw in which order people wrote, or when somebody answered a resident check, and reads
all that is published before and after. Each attack has a control in which it succeeds.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from django.db import models
from django.db.models import Count
from django.test import Client

from answers.entered import make_answered_case
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.rounds import open_check
from middleground.answers.models import CheckAnswer, ResidentCheck
from middleground.dialogues.models import Dialogue, StaffAction
from middleground.dialogues.texts import submission
from middleground.disclosure.resident_checks import RAISED, published_counts
from middleground.ledger.records.entries import SealedText
from middleground.publiclog.publisher import publish_log
from middleground.threads.models import Comment, CommentAppeal, CommentMark, Reaction
from middleground.threads.submit import comment_on
from support.cast import make_dialogue, make_official, make_participant, make_staff
from support.logged import entries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]
MINIMUM = 5
THREADS, WRITERS = 12, 8


# Who wrote which comment


def write_in_turn(folder: Path) -> list[tuple[list[int], list[list[int]]]]:
    """For each thread, the numbers in the order of writing, and in each order that is published."""
    dialogue = make_dialogue(
        statements=THREADS, takes_comments=True, votes_before_commenting=0, moderation="after",
        statements_an_hour=1000,
    )  # fmt: skip
    tokens = [make_participant(dialogue)[0] for _ in range(WRITERS)]
    written = [
        [comment_on(each, token, f"Words {n}.", "for").number for n, token in enumerate(tokens)]
        for each in dialogue.statements.order_by("number")
    ]
    publish_log()
    sealed = [each.number for each in entries(folder) if isinstance(each, SealedText)]
    found = []
    for at, numbers in enumerate(written, start=1):
        page = Client().get(f"/d/harbour/s/{at}/").content.decode()
        on_page = [int(number) for number in re.findall(r'<li class="comment" id="c(\d+)"', page)]
        in_log = [number for number in sealed if number in numbers]
        assert sorted(on_page) == sorted(in_log) == sorted(numbers)
        found.append((numbers, [on_page, in_log, sorted(numbers)]))
    return found


def right_guesses(found: list[tuple[list[int], list[list[int]]]]) -> int:
    """The attacker takes the first that stands there for the first that was written, and so on.

    Of the published orders they take the one that tells most.
    """
    each_order = zip(*(orders for _written, orders in found), strict=True)
    return max(
        sum(
            guess == number
            for (written, _), order in zip(found, orders, strict=True)
            for guess, number in zip(order, written, strict=True)
        )
        for orders in each_order
    )


def test_no_published_order_tells_who_wrote_first(folder: Path) -> None:
    """By chance one of eight is right, so 12 of 96; 35 or more come once in millions of runs."""
    assert right_guesses(write_in_turn(folder)) < 35


def test_control_numbers_that_count_up_tell_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "choice", lambda numbers: numbers[Comment.objects.count()])
    assert right_guesses(write_in_turn(folder)) == THREADS * WRITERS


def with_times(*tables: type[models.Model]) -> set[str]:
    """The columns that tell more than a day."""
    fine = (models.DateTimeField, models.TimeField)
    fields = [field for table in tables for field in table._meta.get_fields()]
    return {f"{field.model.__name__}.{field.name}" for field in fields if isinstance(field, fine)}


def test_no_row_of_a_participant_holds_a_time() -> None:
    assert with_times(Comment, CommentAppeal, CommentMark, Reaction, CheckAnswer) == set()
    assert with_times(StaffAction) == {"StaffAction.at"}  # the control: acts of staff do


# What somebody said of an answer


@pytest.fixture
def check() -> ResidentCheck:
    """One that asks everyone who takes part."""
    dialogue, staff = make_dialogue(), make_staff()
    open_check(make_answered_case(staff, dialogue, make_official(staff)))
    ResidentCheck.objects.update(stage=ResidentCheck.Stage.ANYONE)
    return ResidentCheck.objects.get()


def pages(_dialogue: Dialogue) -> list[tuple[str, str, bytes]]:
    found = []
    for path in ("/d/harbour/", "/d/harbour/answers/", "/d/harbour/answers/1/", "/bodies/police/"):
        response = Client().get(path)
        body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", response.content)
        found.append((path, response.headers.get("ETag", ""), body))
    return found


def live_counts(_dialogue: Dialogue) -> dict[str, int]:
    """The control: how many said what so far."""
    said = CheckAnswer.objects.values_list("said").annotate(Count("mark"))
    return dict(said)


@pytest.mark.parametrize("said", ["yes", "partly", "no"])
def test_no_page_tells_that_somebody_just_answered(check: ResidentCheck, said: str) -> None:
    dialogue = check.case.dialogue
    for _ in range(MINIMUM - 1):  # the attacker's own, so that one more would reach the minimum
        answer_check(check, make_participant(dialogue)[0], said)
    before, counted = pages(dialogue), live_counts(dialogue)
    answer_check(check, make_participant(dialogue)[0], said)
    assert CheckAnswer.objects.count() == MINIMUM
    assert pages(dialogue) == before
    assert live_counts(dialogue) != counted


def told(own: dict[str, int], person: str, minimum: int) -> dict[str, list[int]]:
    """What is published at the end, if nobody but the attacker's own people and one more answer."""
    counts = [own[each] + (each == person) for each in ("yes", "partly", "no")]
    return published_counts({RAISED: (counts[0], counts[1], counts[2])}, minimum)


def test_the_end_of_a_check_tells_nothing_of_one_answer_among_few() -> None:
    """Whatever the attacker's own say, if of no answer one fewer than the minimum do."""
    few = range(MINIMUM - 1)
    for yes, partly, no in product(few, few, few):
        own = {"yes": yes, "partly": partly, "no": no}
        seen = [told(own, person, MINIMUM) for person in ("yes", "partly", "no", "nothing")]
        assert seen == [seen[0]] * 4
        # The control: exact counts tell it.
        exact = [told(own, person, 1) for person in ("yes", "partly", "no", "nothing")]
        assert all(each != exact[0] for each in exact[1:])


def test_who_knows_what_all_others_said_and_fills_a_step_learns_the_last_answer() -> None:
    """What remains, so that nobody takes the steps for more than they are: see the threat model."""
    own = {"yes": 0, "partly": 0, "no": MINIMUM - 1}
    assert told(own, "no", MINIMUM) != told(own, "yes", MINIMUM)
    for others in range(1, MINIMUM):  # as soon as one more may have answered, it tells less
        wrong = {**own, "no": own["no"] - others}
        assert told(wrong, "no", MINIMUM) == told(wrong, "yes", MINIMUM)
