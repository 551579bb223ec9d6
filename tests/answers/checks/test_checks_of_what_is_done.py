"""Checks of what a body says is done: a milestone that is reached, a commitment that is kept."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from answers.checks.raised import answered, answers, later, raise_it
from answers.commitments.promised import promise
from middleground.answers.cases import endings
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.checks.rounds import keep_checks, open_done_check
from middleground.answers.commitments import keeping
from middleground.answers.export import cases_json
from middleground.answers.models import (
    Case,
    CheckAnswer,
    Commitment,
    CommitmentEvent,
    ResidentCheck,
)
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, StatementMark
from middleground.dialogues.privacy.retention import destroy_key
from middleground.people.models import Appointment, User
from support.cast import carry, make_dialogue, make_participant
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGE = "/d/harbour/commitments/1/check/2/"


@pytest.fixture(autouse=True)
def rules(keys: object, harbour: Dialogue) -> None:
    Dialogue.objects.update(moderation="after", votes_before_writing=0)
    harbour.refresh_from_db()


@pytest.fixture
def raisers(harbour: Dialogue) -> list[bytes]:
    return raise_it(harbour, 6)[0]


@pytest.fixture
def promised(
    staff: User, harbour: Dialogue, chief: Appointment, raisers: list[bytes], today: list[date]
) -> Commitment:
    """A promise with one milestone, in a case whose answer's check is over."""
    numbers = list(harbour.statements.exclude(mark=None).values_list("number", flat=True))
    case = answered(staff, harbour, chief, numbers)
    due = today[0] + timedelta(300)
    made = promise(case, chief, "Two patrols a week", due, (due, "The plan is out"))
    for _ in range(3):
        later(today, 28)
    assert ResidentCheck.objects.get().stage == "over"
    return made


def reach(chief: Appointment, made: Commitment) -> None:
    proof = {"words": "It hangs at the quay.", "link": ""}
    assert chief.user
    keeping.reach_milestone(chief.user, made, chief.post, milestone=1, **proof)


def keep(chief: Appointment, made: Commitment) -> None:
    assert chief.user
    keeping.keep(chief.user, made, chief.post, words="They walk.", link="")


def done_check() -> ResidentCheck:
    return ResidentCheck.objects.get(answered=None)


def test_a_milestone_is_asked_about_in_two_stages_and_told_beside_the_claim(
    harbour: Dialogue,
    chief: Appointment,
    promised: Commitment,
    raisers: list[bytes],
    today: list[date],
    client: Client,
) -> None:
    pages = ["/d/harbour/commitments/1/", promised.case.get_absolute_url(), "/bodies/police/"]
    asked = "Residents were not asked yet if it is done."
    assert [asked in words(client, page) for page in pages] == [False] * 3  # nothing is claimed
    reach(chief, promised)
    assert [asked in words(client, page) for page in pages] == [True] * 3
    assert client.get(PAGE).status_code == 404
    assert (later(today, 27), later(today, 1), keep_checks()) == (0, 1, 0)
    check = done_check()
    assert (check.stage, check.about, check.get_absolute_url()) == (
        "raised", "The plan is out", PAGE,
    )  # fmt: skip
    others = [make_participant(harbour)[0] for _ in range(6)]
    for stranger in (None, new_token(), others[0]):
        with refused(CheckRefused, "not_asked"):
            answer_check(check, stranger, "yes")
    answers(check, raisers, *["no"] * 6)
    later(today, 28)
    assert done_check().published == {"raised": [0, 0, 5]}
    answers(done_check(), others, *["yes"] * 6)
    later(today, 28)
    check = done_check()
    assert (check.stage, check.published) == ("over", {"raised": [0, 0, 5], "others": [5, 0, 0]})
    assert not CheckAnswer.objects.exists()
    it_is_told_wherever_the_claim_stands(client, harbour, pages)


def it_is_told_wherever_the_claim_stands(
    client: Client, harbour: Dialogue, pages: list[str]
) -> None:
    sentence = "9–86% of the residents who replied say it is done."
    claim = f"The plan is out : done, says the body. {sentence}"
    for page in (pages[1], pages[2], "/d/harbour/commitments/"):
        assert claim.replace("\xa0", " ") in words(client, page).replace("\xa0", " ")
    page = words(client, pages[0]).replace("\xa0", " ")
    assert "the body says; due on" in page
    assert sentence.replace("\xa0", " ") in page
    assert "Those who raised it at most 70% at least 20%" in page
    [case] = json.loads(cases_json(harbour))["cases"]
    assert [each["version"] for each in case["checks"]] == [1]
    [told] = case["commitments"][0]["checks"]
    assert (told["event"], told["what"], told["sentence"]) == (2, "The plan is out", sentence)
    assert told["counts"] == {"raised": [0, 0, 5], "others": [5, 0, 0]}


def test_people_answer_on_its_own_page_and_nobody_else_can(
    harbour: Dialogue,
    chief: Appointment,
    promised: Commitment,
    raisers: list[bytes],
    today: list[date],
    client: Client,
) -> None:
    reach(chief, promised)
    later(today, 28)
    page = words(client, PAGE)
    assert "Is this done? The plan is out A milestone of: Two patrols a week" in page
    assert "Done, says Chief , Police , on July 27, 2026. It hangs at the quay." in page
    assert "This browser has no such mark." in page
    assert client.post(PAGE, {"said": "no"}).status_code == 403
    for wrong in ("commitments/1/check/1/", "commitments/1/check/3/", "commitments/2/check/2/"):
        assert client.get(f"/d/harbour/{wrong}").status_code == 404
    make_dialogue("airport")
    assert client.get("/d/airport/commitments/1/check/2/").status_code == 404
    assert client.get(f"{promised.case.get_absolute_url()}check/").status_code == 200
    carry(client, raisers[0])
    assert PAGE in client.get("/d/harbour/mine/").content.decode()
    assert "The body says that this is done. Tell us if it is." in words(client, "/d/harbour/mine/")
    assert client.post(PAGE, {"said": "perhaps"}).status_code == 422
    assert client.post(PAGE, {"said": "no"}).headers["Location"] == f"{PAGE}?sent"
    assert "You said: no." in words(client, "/d/harbour/mine/")
    assert "The plan is out" in words(client, "/d/harbour/")


def test_a_failed_check_of_a_milestone_reopens_nothing(
    chief: Appointment, promised: Commitment, raisers: list[bytes], today: list[date]
) -> None:
    keep(chief, promised)
    later(today, 28)
    answers(done_check(), raisers, *["no"] * 6)
    events = promised.case.events.count()
    later(today, 28)
    later(today, 28)
    promised.refresh_from_db()
    case = Case.objects.get()
    assert (case.status, case.events.count(), promised.status) == ("answered", events, "kept")
    check = done_check()
    assert (check.about, check.reopened) == ("Two patrols a week", False)
    # The control: with the same counts an answer that residents say no to is reopened.
    answer = ResidentCheck.objects.exclude(answered=None).get()
    ResidentCheck.objects.filter(pk=answer.pk).update(stage="raised", stage_ends_on=today[0])
    answers(answer, raise_and_mark(case, raisers), *["no"] * 6)
    keep_checks()
    case.refresh_from_db()
    assert case.status == "reopened"


def raise_and_mark(case: Case, tokens: list[bytes]) -> list[bytes]:
    """Leave the marks again that ended with the last check."""
    from middleground.dialogues.texts.marks import leave_mark

    for token, text in zip(tokens, case.dialogue.statements.filter(number__gt=3), strict=True):
        leave_mark(text, token)
    return tokens


@pytest.mark.parametrize("how", ["kept", "given up", "key destroyed"])
def test_marks_live_until_the_last_check_of_the_case(
    staff: User,
    harbour: Dialogue,
    chief: Appointment,
    promised: Commitment,
    today: list[date],
    how: str,
) -> None:
    assert StatementMark.objects.count() == 6  # the answer's check is over, a promise is not
    endings.close(staff, promised.case, "They ask for it.")
    later(today, 1)
    assert StatementMark.objects.count() == 6  # closed, but still promised
    reach(chief, promised)
    later(today, 28)
    later(today, 28)
    later(today, 28)
    assert (done_check().stage, StatementMark.objects.count()) == ("over", 6)
    assert chief.user
    if how == "given up":
        keeping.give_up(chief.user, promised, chief.post, reason="No officers.")
        later(today, 1)
    elif how == "kept":
        keep(chief, promised)
        later(today, 27)
        assert StatementMark.objects.count() == 6  # nobody was asked yet
        later(today, 1)
        assert ResidentCheck.objects.last().stage == "raised"  # type: ignore[union-attr]
        later(today, 28)
        assert StatementMark.objects.count() == 6  # they are among those who are asked now
        later(today, 28)
    else:
        destroy_key(harbour)
        later(today, 364)
        assert StatementMark.objects.count() == 6
        later(today, 1)
    assert StatementMark.objects.count() == 0


def test_after_the_key_is_destroyed_there_is_only_the_first_stage(
    harbour: Dialogue,
    chief: Appointment,
    promised: Commitment,
    raisers: list[bytes],
    today: list[date],
) -> None:
    destroy_key(harbour)
    keep(chief, promised)
    later(today, 28)
    answers(done_check(), raisers, *["yes"] * 6)
    later(today, 28)
    assert (done_check().stage, done_check().published) == ("over", {"raised": [5, 0, 0]})


def test_the_database_refuses_a_check_of_both_or_of_nothing(
    chief: Appointment, promised: Commitment
) -> None:
    reach(chief, promised)
    event = CommitmentEvent.objects.get(kind="reached")
    check = open_done_check(event)
    assert check
    assert open_done_check(event) is None
    answer = ResidentCheck.objects.exclude(answered=None).get()
    for change in (
        {"said_done": None},
        {"version": 1},
        {"reopened": True},
        {"answered_id": answer.answered_id, "version": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ResidentCheck.objects.filter(pk=check.pk).update(**change)
