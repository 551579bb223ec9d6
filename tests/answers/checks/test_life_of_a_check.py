"""The resident check, from the answer to its publication, and what a failed one does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.checks.raised import answered, answers, later, raise_it
from answers.entered import answer_case
from middleground.answers.cases import endings
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.checks.told import checks_of_answers
from middleground.answers.models import Case, CheckAnswer, ResidentCheck
from middleground.answers.responses.publish import retract_response
from middleground.dialogues.identity.tokens import new_token, phrase, token_from_phrase
from middleground.dialogues.models import Dialogue, Participant, StatementMark
from middleground.dialogues.privacy.retention import destroy_key
from middleground.people.models import Appointment, User
from support.cast import carry, make_participant
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGE = "/d/harbour/answers/1/check/"
Said = CheckAnswer.Said


@pytest.fixture(autouse=True)
def rules(keys: object, harbour: Dialogue) -> None:
    Dialogue.objects.update(moderation="after", votes_before_writing=0)
    harbour.refresh_from_db()


def only_check() -> ResidentCheck:
    return ResidentCheck.objects.get()


def story_of(case: Case) -> list[str]:
    return list(case.events.values_list("kind", flat=True))


def test_a_whole_life(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date], client: Client
) -> None:
    tokens, numbers = raise_it(harbour, 12)
    case = answered(staff, harbour, chief, numbers)
    others = [make_participant(harbour)[0] for _ in range(8)]
    assert (later(today, 27), ResidentCheck.objects.count()) == (0, 0)
    assert client.get(PAGE).status_code == 404
    assert "were not asked yet" in words(client, case.get_absolute_url())
    assert (later(today, 1), keep_checks()) == (1, 0)  # opened once
    check = only_check()
    assert (check.stage, check.stage_ends_on - check.opened_on) == ("raised", timedelta(28))
    with refused(CheckRefused, "not_asked"):
        answer_check(check, others[0], Said.YES)
    with refused(CheckRefused, "said_what"):
        answer_check(check, tokens[0], "maybe")
    answers(check, tokens, *["yes"] * 7, *["partly"] * 3, *["no"] * 2)
    answer_check(
        check, token_from_phrase(phrase(tokens[11])), Said.YES
    )  # changed, not counted twice
    assert CheckAnswer.objects.count() == 12
    assert only_check().published == {}  # nothing is told while they are being asked
    assert later(today, 28) == 1
    check = only_check()
    assert (check.stage, check.published) == ("anyone", {"raised": [5, 0, 0]})
    answers(check, others, *["no"] * 6, *["partly"] * 2)
    for stranger in (None, new_token()):
        with refused(CheckRefused, "not_asked"):
            answer_check(check, stranger, Said.NO)
    later(today, 28)
    it_is_over(client, case, tokens[0])
    case.refresh_from_db()
    assert (case.status, keep_checks()) == ("answered", 0)


def it_is_over(client: Client, case: Case, token: bytes) -> None:
    check = only_check()
    assert (check.stage, check.reopened) == ("over", False)
    assert check.published == {"raised": [5, 0, 0], "others": [0, 0, 5]}
    # Nothing else is kept: no answer, and no mark, since nobody will be asked again.
    assert (CheckAnswer.objects.count(), StatementMark.objects.count()) == (0, 0)
    with refused(CheckRefused, "over"):
        answer_check(check, token, Said.NO)
    told = checks_of_answers([case.pk])[case.pk]
    assert told.state == "divided"
    assert [(row.who, row.yes, row.no) for row in told.rows] == [
        ("Those who raised it", "at\xa0least\xa020%", "at\xa0most\xa070%"),
        ("Others who take part", "at\xa0most\xa070%", "at\xa0least\xa020%"),
        ("All together", "9–86%", "9–86%"),
    ]
    assert told.sentence == "9–86% of the residents who replied say it answers them."
    assert told.sentence in client.get("/bodies/police/").content.decode()


@pytest.mark.parametrize(
    ("no", "yes", "percent", "least", "reopens"),
    [
        (5, 0, 50, 5, True),
        (4, 0, 50, 1, False),  # fewer than are shown: nothing follows from them
        (7, 5, 50, 5, False),  # by the published bands as many as say yes
        (10, 5, 50, 5, True),
        (10, 5, 70, 5, False),
        (10, 0, 50, 11, False),
    ],
)
def test_too_many_no_reopen_the_case(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date],
    no: int, yes: int, percent: int, least: int, reopens: bool,
) -> None:  # fmt: skip
    harbour.answer_rules.check_percent = percent
    harbour.answer_rules.check_least = least
    harbour.answer_rules.save()
    tokens, numbers = raise_it(harbour, no + yes)
    case = answered(staff, harbour, chief, numbers)
    later(today, 28)
    answers(only_check(), tokens, *["no"] * no, *["yes"] * yes)
    later(today, 28)
    check = only_check()
    assert (check.reopened, check.stage) == (reopens, "over" if reopens else "anyone")
    assert (story_of(case)[-1] == "reopened") == reopens


def test_a_case_is_reopened_once_and_its_history_stays(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date], client: Client
) -> None:
    tokens, numbers = raise_it(harbour, 6)
    case = answered(staff, harbour, chief, numbers)
    later(today, 28)
    answers(only_check(), tokens, *["no"] * 6)
    later(today, 28)
    case.refresh_from_db()
    assert (case.status, case.resolution, case.answered_on) == ("reopened", "", None)
    assert case.due_on
    assert StatementMark.objects.count() == 6  # they will be asked about the next answer
    page = words(client, case.get_absolute_url())
    assert "Reopened: the published numbers show that more than 50 percent of the residents" in page
    said_of_it = "What residents said of it At most 70% of the residents"
    assert said_of_it in page
    answer_case(case, chief, summary="Four officers each evening.")
    page = words(client, case.get_absolute_url())
    assert "were not asked yet" in page
    assert said_of_it in page  # of the first answer
    later(today, 28)
    second = ResidentCheck.objects.get(version=2)
    answers(second, tokens, *["no"] * 6)
    later(today, 28)
    later(today, 28)
    second.refresh_from_db()
    case.refresh_from_db()
    assert (second.stage, second.reopened, case.status) == ("over", False, "answered")
    assert story_of(case).count("reopened") == 1
    told = checks_of_answers([case.pk])[case.pk]
    assert told.sentence == "At\xa0most\xa070% of the residents who replied say it answers them."


def test_after_the_key_is_destroyed_only_marks_still_work(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date], client: Client
) -> None:
    tokens, numbers = raise_it(harbour, 5)
    other = make_participant(harbour)[0]
    answered(staff, harbour, chief, numbers)
    destroy_key(harbour)
    later(today, 28)
    carry(client, tokens[0])
    own = client.get("/d/harbour/mine/").content
    assert PAGE.encode() in own
    assert client.post(PAGE, {"said": "no"}).headers["Location"] == f"{PAGE}?sent"
    assert b"Your answer counts" in client.get(f"{PAGE}?sent").content
    assert b"You said: no." in client.get("/d/harbour/mine/").content
    carry(client, other)
    assert PAGE.encode() not in client.get("/d/harbour/mine/").content
    assert b"This browser has no such mark" in client.get(PAGE).content
    assert client.post(PAGE, {"said": "no"}).status_code == 403
    later(today, 28)
    assert only_check().stage == "over"  # nobody else could be asked
    assert "Too few residents replied to show a result." in words(client, "/d/harbour/answers/")


def test_only_those_whose_votes_count_are_asked_with_anyone(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    answered(staff, harbour, chief, [1])
    later(today, 28)
    check = only_check()
    assert check.stage == "anyone"  # nobody had left a mark
    token, person = make_participant(harbour)
    for change in ({"tier": "unconfirmed"}, {"tier": "in_person"}):
        Participant.objects.filter(pk=person.pk).update(**change)
        Dialogue.objects.update(uncounted_tiers=["in_person"])
        with refused(CheckRefused, "not_asked"):
            answer_check(check, token, Said.NO)
    Participant.objects.filter(pk=person.pk).update(tier="open")
    assert answer_check(check, token, Said.NO).kind == "others"


@pytest.mark.parametrize("how", ["reopen", "retract", "close"])
def test_a_check_ends_with_the_answer_that_it_is_about(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date], how: str
) -> None:
    tokens, numbers = raise_it(harbour, 6)
    case = answered(staff, harbour, chief, numbers)
    later(today, 28)
    answers(only_check(), tokens, *["no"] * 6)
    assert chief.user
    if how == "retract":
        retract_response(chief.user, case, chief.post, "Wrong quay.")
    else:
        getattr(endings, how)(staff, case, "They ask for it.")
    events = len(story_of(case))
    assert later(today, 1) == 1
    assert (only_check().stage, only_check().reopened) == ("over", False)
    assert len(story_of(case)) == events
    # Whoever raised it is asked about the next answer; after a close there is none.
    assert StatementMark.objects.count() == (0 if how == "close" else 6)


def test_who_wrote_what_was_merged_raised_it_too_and_comments_count(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    tokens, numbers = raise_it(harbour, 2)
    one, two = (harbour.statements.get(number=number) for number in numbers)
    case = answered(staff, harbour, chief, [one.number])
    two.move_to(two.state.MERGED, merged_into=one)
    later(today, 28)
    for token in tokens:
        assert answer_check(only_check(), token, Said.YES).kind == "raised"
    assert case.pk == only_check().case_id


def test_the_pages_read_the_database_as_often_for_three_checks_as_for_one(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date], client: Client
) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    tokens, numbers = raise_it(harbour, 3)
    carry(client, tokens[0])
    quiet = queries("/d/harbour/mine/")
    answered(staff, harbour, chief, numbers[:1])
    later(today, 28)
    ResidentCheck.objects.update(stage="anyone")
    pages = ("/d/harbour/mine/", "/d/harbour/answers/", "/d/harbour/", "/bodies/police/")
    before = [queries(page) for page in pages]
    for number in numbers[1:]:
        answered(staff, harbour, chief, [number])
    later(today, 27)
    later(today, 1)
    ResidentCheck.objects.update(stage="anyone")
    assert ResidentCheck.objects.count() == 3
    assert [queries(page) for page in pages] == before
    ResidentCheck.objects.update(stage="over")
    # One looks for checks, one for what is told of answers; the others tell of statements.
    assert (quiet, queries("/d/harbour/mine/")) == (9, 17)
