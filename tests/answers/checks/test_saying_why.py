"""One sentence that says why: reviewed before it is shown, and found again by its author alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from answers.checks.raised import answered, answers, later, raise_it
from middleground.answers.checks import why
from middleground.answers.checks.answer import answer_check
from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.checks.why import sentences_of
from middleground.answers.models import Case, CheckSentence, ResidentCheck, SentenceMark
from middleground.dialogues.identity.keys import key_bytes
from middleground.dialogues.identity.tokens import new_token, phrase, token_from_phrase
from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import delete_all_of_mine, delete_own_votes
from middleground.dialogues.privacy.retention import (
    delete_rejected_texts,
    destroy_key,
    lift_hold,
    set_hold,
)
from middleground.dialogues.sealing.records import seal_texts
from middleground.dialogues.sealing.texts import shown_texts
from middleground.dialogues.texts.decisions import approve, reject
from middleground.dialogues.texts.marks import forget_marks, mark_of
from middleground.people.models import Appointment, User
from support.cast import carry, make_participant
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGE = "/d/harbour/answers/1/check/"
MINE = "/d/harbour/mine/"
DARK = "It is as dark as before."


@pytest.fixture(autouse=True)
def rules(keys: object, harbour: Dialogue) -> None:
    Dialogue.objects.update(moderation="after", votes_before_writing=0)
    harbour.refresh_from_db()


@pytest.fixture
def raisers(harbour: Dialogue) -> list[bytes]:
    return raise_it(harbour, 8)[0]


@pytest.fixture
def check(
    staff: User, harbour: Dialogue, chief: Appointment, raisers: list[bytes], today: list[date]
) -> ResidentCheck:
    numbers = list(harbour.statements.exclude(mark=None).values_list("number", flat=True))
    answered(staff, harbour, chief, numbers)
    later(today, 28)
    return ResidentCheck.objects.get()


def only() -> CheckSentence:
    return CheckSentence.objects.get()


def shown(staff: User, text: str = DARK) -> None:
    approve(staff, CheckSentence.objects.get(text=text), "waiting")


def told(check: ResidentCheck) -> list[tuple[str, tuple[str, ...]]]:
    check.refresh_from_db()
    return [(each.said, each.texts) for each in sentences_of([check]).get(check.pk, [])]


def test_it_is_shown_once_it_is_reviewed_and_the_check_is_over(
    staff: User, check: ResidentCheck, raisers: list[bytes], today: list[date], client: Client
) -> None:
    answers(check, raisers[1:], *["yes"] * 7)
    answer_check(check, raisers[0], "yes", DARK)
    answer_check(check, raisers[1], "yes", "Yes, the lamps burn.")
    answer_check(check, raisers[2], "no", "Never seen one.")
    shown(staff)
    shown(staff, "Never seen one.")
    pages = [PAGE, Case.objects.get().get_absolute_url()]
    seal_texts()
    # What is sealed while only people who raised it are asked would be known to be theirs.
    assert not CheckSentence.objects.exclude(salt=None).exists()
    for stage in ("raised", "anyone"):
        check.refresh_from_db()
        assert (check.stage, told(check)) == (stage, [])  # not while anybody is asked
        assert [DARK in words(client, page) for page in pages] == [False, False]
        later(today, 28)
    assert "texts/harbour/sentences" not in shown_texts()
    seal_texts()
    assert "texts/harbour/sentences" in shown_texts()
    assert check.pk == ResidentCheck.objects.get(stage="over").pk
    # Seven say yes. That one says no is told by no count, so it is not told by the sentence, nor by
    # the headings of the others.
    [(said, texts)] = told(check)
    assert (said, sorted(texts)) == ("", [DARK, "Never seen one."])
    for page in pages:
        assert "Why people said so" in words(client, page)
        assert DARK in words(client, page)
        assert "the lamps burn" not in words(client, page)  # nobody has reviewed it
    reject(staff, CheckSentence.objects.get(text=DARK), "shown", "unclear")
    assert told(check) == [("", ("Never seen one.",))]


@pytest.mark.parametrize("counts", [[5, 5, 5], [10, 5, 0], [10, 0, 5], [0, 5, 10]])
def test_headings_stand_only_where_each_answer_is_told(
    staff: User, check: ResidentCheck, raisers: list[bytes], counts: list[int]
) -> None:
    for token, said in zip(raisers, ("yes", "partly", "no"), strict=False):
        answer_check(check, token, said, f"I say {said}.")
        shown(staff, f"I say {said}.")
    ResidentCheck.objects.update(stage="over", published={"others": counts})
    if all(counts):
        assert told(check) == [
            ("Yes", ("I say yes.",)), ("Partly", ("I say partly.",)), ("No", ("I say no.",)),
        ]  # fmt: skip
    else:  # what is left without a heading would be known to be the rest
        [(heading, texts)] = told(check)
        assert (heading, len(texts)) == ("", 3)


def test_staff_see_it_when_the_check_is_over(
    staff: User, check: ResidentCheck, raisers: list[bytes], client: Client
) -> None:
    answer_check(check, raisers[0], "no", DARK)
    client.force_login(staff)
    queue = "/desk/harbour/moderation/sentences/"
    assert DARK not in words(client, queue)
    number = only().number
    sent = {"decide": f"approve:{number}", f"seen-{number}": "waiting"}
    client.post(queue, sent)
    assert only().state.value == "waiting"
    ResidentCheck.objects.update(stage="over")
    assert DARK in words(client, queue)
    client.post(queue, sent)
    assert only().state.value == "shown"


def test_one_person_has_one_sentence_however_often_marks_are_taken_away(
    check: ResidentCheck, raisers: list[bytes]
) -> None:
    ResidentCheck.objects.update(stage="anyone")  # they are asked without a mark, too
    for n in range(3):
        answer_check(check, raisers[0], "no", f"Number {n}.")
        forget_marks(raisers[0])
    answer_check(check, raisers[1], "no", DARK)
    assert only().text == DARK


def test_a_database_that_takes_nothing_loses_nothing(
    check: ResidentCheck, raisers: list[bytes], client: Client
) -> None:
    carry(client, raisers[0])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            page = client.post(PAGE, {"said": "no", "why": DARK})
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert page.status_code == 503
    assert f">{DARK}</textarea>" in page.content.decode()
    assert "send it again in a moment" in page.content.decode()
    assert not check.answers.exists()


def test_what_comes_too_late_is_given_back(
    check: ResidentCheck, raisers: list[bytes], client: Client
) -> None:
    carry(client, raisers[0])
    ResidentCheck.objects.update(stage="over")
    page = client.post(PAGE, {"said": "no", "why": DARK})
    assert page.status_code == 409
    assert "to copy</label>\n        <textarea" in page.content.decode()
    assert DARK in page.content.decode()


def test_it_stays_below_an_answer_that_no_longer_stands(
    staff: User, check: ResidentCheck, raisers: list[bytes], today: list[date], client: Client
) -> None:
    answers(check, raisers[1:], *["no"] * 7)
    answer_check(check, raisers[0], "no", DARK)
    shown(staff)
    later(today, 28)
    check.case.refresh_from_db()
    assert check.case.status == "reopened"
    page = words(client, check.case.get_absolute_url())
    assert page.index("What residents said of it") < page.index(DARK) < page.index("What happened")


def test_too_few_answers_keep_all_sentences_hidden(
    staff: User,
    check: ResidentCheck,
    raisers: list[bytes],
    today: list[date],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer_check(check, raisers[0], "no", DARK)
    answers(check, raisers[1:4], "yes", "yes", "yes")
    shown(staff)
    later(today, 28)
    later(today, 28)
    assert told(check) == []
    # The control: without this rule it would tell that somebody said no.
    monkeypatch.setattr(why, "_is_told", lambda _check: True)
    monkeypatch.setattr(why, "_tells_each", lambda _check: True)
    assert told(check) == [("No", (DARK,))]


def test_it_is_changed_and_taken_back_by_its_author_alone(
    staff: User, check: ResidentCheck, raisers: list[bytes]
) -> None:
    answer_check(check, raisers[0], "no", f"  {DARK}\n")
    first = only()
    assert (first.text, first.state.value, first.said, first.author_id) == (
        DARK, "waiting", "no", None,
    )  # fmt: skip
    answer_check(check, token_from_phrase(phrase(raisers[0])), "partly", DARK)
    assert (only().pk, only().said) == (first.pk, "partly")  # the same words need no new review
    shown(staff)
    answer_check(check, raisers[0], "partly", "Two lamps burn now.")
    old, new = CheckSentence.objects.order_by("pk")
    assert (old.state.value, old.text, new.state.value) == ("rejected", "", "waiting")
    assert new.number != old.number  # the log says a number's words once and for all
    answer_check(check, raisers[1], "no", "Two lamps burn now.")  # two people may say the same
    answer_check(check, raisers[1], "no", "")
    assert CheckSentence.objects.exclude(text="").get().pk == new.pk
    answer_check(check, raisers[0], "partly")
    assert not CheckSentence.objects.exclude(text="").exists()
    assert not SentenceMark.objects.exists()


def test_what_is_refused_stores_nothing(
    staff: User, harbour: Dialogue, check: ResidentCheck, raisers: list[bytes], today: list[date]
) -> None:
    with refused(CheckRefused, "too_long"):
        answer_check(check, raisers[0], "no", "x" * 301)
    with refused(CheckRefused, "no_words"):
        answer_check(check, raisers[0], "no", "…")
    for stranger in (None, new_token(), make_participant(harbour)[0]):
        with refused(CheckRefused, "not_asked"):
            answer_check(check, stranger, "no", DARK)
    assert (check.answers.count(), CheckSentence.objects.count()) == (0, 0)
    answer_check(check, raisers[0], "no", "x" * 300)
    reject(staff, only(), "waiting", "unclear")
    with refused(CheckRefused, "refused_before"):
        answer_check(check, raisers[0], "no", "x" * 300)
    answer_check(check, raisers[0], "no", DARK)
    later(today, 28)
    later(today, 28)
    with refused(CheckRefused, "over"):
        answer_check(check, raisers[0], "no", "Too late.")


def test_its_author_is_told_and_appeals_after_the_key_is_destroyed(
    staff: User,
    harbour: Dialogue,
    check: ResidentCheck,
    raisers: list[bytes],
    client: Client,
) -> None:
    answer_check(check, raisers[0], "no", DARK)
    answer_check(check, raisers[1], "no", "Nothing was done.")
    destroy_key(harbour)
    assert CheckSentence.objects.exclude(text="").count() == 2  # no key led to its author
    reject(staff, CheckSentence.objects.get(text=DARK), "waiting", "unclear")
    number = CheckSentence.objects.get(text=DARK).number
    appeal = f"{MINE}sentences/{number}/appeal/"
    back = f"{MINE}sentences/{number}/take-back/"
    for other in (None, raisers[1]):
        visitor = Client()
        if other:
            carry(visitor, other)
        assert DARK not in words(visitor, MINE)
        assert visitor.post(appeal, {"text": "Look."}).status_code == 404
        visitor.post(back)
    carry(client, raisers[0])
    for page in (MINE, PAGE):
        assert DARK in words(client, page)
        assert "cannot be understood" in words(client, page)
        assert appeal in client.get(page).content.decode()
    assert client.post(appeal, {"text": "It is plain."}).status_code == 302
    assert "You asked for a second look" in words(client, MINE)
    assert CheckSentence.objects.get(text=DARK).appeal.text == "It is plain."
    carry(client, raisers[1])
    number = CheckSentence.objects.get(text="Nothing was done.").number
    assert client.post(f"{MINE}sentences/{number}/take-back/").status_code == 302
    assert not CheckSentence.objects.filter(number=number).exists()


def test_the_page_keeps_what_was_typed_and_warns_of_personal_data(
    check: ResidentCheck, raisers: list[bytes], client: Client
) -> None:
    carry(client, raisers[0])
    call = "Call me: 213 555 0142 please."
    warned = client.post(PAGE, {"said": "no", "why": call})
    page = warned.content.decode()
    assert "Could this tell who someone is?" in page
    assert 'value="no" required checked' in " ".join(page.split())
    assert not CheckSentence.objects.exists()
    mark = page.split('name="checked" value="')[1].split('"')[0]
    sent = client.post(PAGE, {"said": "no", "why": call, "checked": mark})
    assert (sent.status_code, only().text) == (302, call)
    long = client.post(PAGE, {"said": "no", "why": "x" * 301})
    assert (long.status_code, "x" * 301 in long.content.decode()) == (422, True)
    assert "It has 301 characters. The limit is 300." in long.content.decode()
    assert call in client.get(PAGE).content.decode()
    # Somebody who is not asked is not warned either, but refused.
    assert Client().post(PAGE, {"said": "no", "why": call}).status_code == 403


def test_retention_holds_and_deleting_own_data_reach_it(
    staff: User, harbour: Dialogue, check: ResidentCheck, raisers: list[bytes], today: list[date]
) -> None:
    from django.utils import timezone

    for token, text in zip(raisers[:3], (DARK, "Nothing was done.", "All is well."), strict=True):
        answer_check(check, token, "no", text)
    reject(staff, CheckSentence.objects.get(text=DARK), "waiting", "unclear")
    shown(staff, "All is well.")
    set_hold(staff, harbour, "texts", "A court asks.")
    today[0] += timedelta(days=7)
    later_on = timezone.now() + timedelta(days=7)
    assert delete_rejected_texts(later_on) == 0
    lift_hold(staff, harbour, "texts")
    assert delete_rejected_texts(later_on) == 1
    assert SentenceMark.objects.count() == 2
    delete_own_votes(harbour, raisers[1], texts_too=True)
    assert not CheckSentence.objects.filter(text="Nothing was done.").exists()
    delete_own_votes(harbour, raisers[2], texts_too=True)
    assert CheckSentence.objects.get(text="All is well.").status == "approved"
    assert not SentenceMark.objects.exists()


@pytest.mark.parametrize("keyless", [False, True])
def test_deleting_everything_reaches_it_after_the_close(
    staff: User, harbour: Dialogue, check: ResidentCheck, raisers: list[bytes], keyless: bool
) -> None:
    for token, text in zip(raisers[:3], (DARK, "Nothing was done.", "All is well."), strict=True):
        answer_check(check, token, "no", text)
    shown(staff, "All is well.")
    Dialogue.objects.update(state="closed")
    if keyless:
        destroy_key(harbour)
        harbour.refresh_from_db()
    delete_all_of_mine(harbour, raisers[1])
    delete_all_of_mine(harbour, raisers[2])
    assert set(CheckSentence.objects.values_list("text", flat=True)) == {"All is well.", DARK}
    assert SentenceMark.objects.get().sentence.text == DARK


def test_its_mark_goes_when_nothing_can_be_asked_for_any_more(
    staff: User, check: ResidentCheck, raisers: list[bytes], today: list[date]
) -> None:
    answer_check(check, raisers[0], "no", DARK)
    answer_check(check, raisers[1], "no", "Nothing was done.")
    shown(staff)
    later(today, 28)
    later(today, 28)
    later(today, 29)
    assert SentenceMark.objects.count() == 2
    later(today, 1)
    assert SentenceMark.objects.get().sentence.text == "Nothing was done."  # it waits
    shown(staff, "Nothing was done.")
    later(today, 1)
    assert not SentenceMark.objects.exists()


def test_what_the_database_tells_of_its_author(
    harbour: Dialogue, check: ResidentCheck, raisers: list[bytes]
) -> None:
    for token, text in ((raisers[0], DARK), (raisers[1], "Nothing was done.")):
        answer_check(check, token, "no", text)
    stored = {bytes(each) for each in SentenceMark.objects.values_list("mark", flat=True)}
    kind = kind_of(CheckSentence)
    numbers = list(CheckSentence.objects.values_list("number", flat=True))
    # Neither the dialogue's key nor a pseudonym makes a mark; the person's own token does.
    secrets = [key_bytes(harbour.pk)]
    secrets += [pk.to_bytes(8, "big") for pk in Participant.objects.values_list("pk", flat=True)]
    made = {mark_of(secret, kind, harbour.pk, number) for secret in secrets for number in numbers}
    assert not made & stored
    assert {mark_of(raisers[0], kind, harbour.pk, number) for number in numbers} & stored
    # It has nothing in common with the row of what the same person said.
    said = {bytes.fromhex(mark) for mark in check.answers.values_list("mark", flat=True)}
    assert not said & stored
    assert [field.name for field in CheckSentence._meta.fields if field.is_relation] == [
        "dialogue", "author", "check_of",
    ]  # fmt: skip
    assert forget_marks(raisers[0]) == 2  # of the statement, and of the sentence
    assert SentenceMark.objects.count() == 1
