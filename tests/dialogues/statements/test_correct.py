"""An author can correct a typing error until somebody else has voted, and nobody else can."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import (
    DailyCount,
    Dialogue,
    ExclusionRule,
    Participant,
    RetentionHold,
    Statement,
    StatementMark,
    Vote,
)
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation import correcting
from middleground.dialogues.participation.correcting import CorrectionRefused, correct_statement
from middleground.dialogues.participation.own_data import take_text_back
from middleground.dialogues.statements.submit import StatementRefused, submit_statement
from middleground.dialogues.texts.decisions import DecisionRefused, take_back
from middleground.dialogues.texts.marks import count_marks, leave_mark
from middleground.dialogues.texts.submission import MOST_WAITING
from support.cast import (
    carry,
    make_comment,
    make_dialogue,
    make_participant,
    make_staff,
    make_statement,
    make_vote,
)
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/mine/4/correct/"
LINK = f'href="{PAGE}"'
WRONG, RIGHT = "We need a prak.", "We need a park."


def author_of(**fields: object) -> tuple[bytes, Participant, Statement]:
    """An author with statement 4 of the dialogue, which is shown by default."""
    dialogue = Dialogue.objects.filter(slug="harbour").first() or make_dialogue()
    token, me = make_participant(dialogue)
    values = {"origin": "participant", "author": me, **fields}
    return token, me, make_statement(dialogue, 4, WRONG, **values)


def rows() -> list[tuple[int, str, str]]:
    found = Statement.objects.filter(number__gt=3).order_by("number")
    return list(found.values_list("number", "text", "status"))


@pytest.mark.parametrize(
    ("moderation", "status", "after"),
    [("before", "approved", "pending"), ("before", "pending", "pending"),
     ("after", "approved", "approved")],
)  # fmt: skip
def test_an_author_corrects_a_statement(
    client: Client, moderation: str, status: str, after: str
) -> None:
    token, me, old = author_of(status=status)
    Dialogue.objects.update(moderation=moderation)
    make_vote(me, old, 1)  # their own does not hinder them
    carry(client, token)
    assert LINK in client.get("/d/harbour/mine/").content.decode()
    assert f">{WRONG}</textarea>" in client.get(PAGE).content.decode()
    response = client.post(PAGE, {"text": RIGHT})
    assert (response.status_code, response.headers["Location"]) == (
        302, "/d/harbour/mine/?sent=5#written",
    )  # fmt: skip
    assert rows() == [(4, "", "rejected"), (5, RIGHT, after)]
    old.refresh_from_db()
    new = Statement.objects.get(number=5)
    assert (old.became, old.author, old.salt, old.dedup_hash, old.reason) == (
        new, None, None, "", "",
    )  # fmt: skip
    assert (new.author, new.origin, new.reviewed) == (me, "participant", False)
    assert not Vote.objects.exists()
    assert not DailyCount.objects.exists()  # it is no statement more
    page = words(client, "/d/harbour/mine/")
    assert RIGHT in page
    assert WRONG not in page


def test_others_cannot_correct_it() -> None:
    _, _, statement = author_of()
    other, _ = make_participant(statement.dialogue)
    for token in (None, new_token(), other):
        browser = Client()
        if token:
            carry(browser, token)
        assert browser.get(PAGE).status_code == 404
        assert browser.post(PAGE, {"text": RIGHT}).status_code == 404
        assert LINK not in browser.get("/d/harbour/s/4/").content.decode()
    assert rows() == [(4, WRONG, "approved")]


def test_another_site_cannot_correct_it() -> None:
    token, _, _ = author_of()
    browser = Client(enforce_csrf_checks=True)
    carry(browser, token)
    assert browser.post(PAGE, {"text": RIGHT}).status_code == 403
    assert rows() == [(4, WRONG, "approved")]


def test_the_statements_own_page_leads_its_author_to_it(client: Client) -> None:
    token, _, statement = author_of()
    carry(client, token)
    assert LINK in client.get("/d/harbour/s/4/").content.decode()
    make_vote(make_participant(statement.dialogue)[1], statement, 1)
    assert LINK not in client.get("/d/harbour/s/4/").content.decode()


def test_a_vote_of_somebody_else_ends_it_and_what_was_typed_is_kept(client: Client) -> None:
    token, _, statement = author_of()
    carry(client, token)
    assert client.get(PAGE).status_code == 200
    make_vote(make_participant(statement.dialogue)[1], statement, 0)  # while the author types
    response = client.post(PAGE, {"text": RIGHT})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody else has voted on it, so its words stay as they are" in page
    assert f">{RIGHT}</textarea>" in page
    assert re.findall(r'<form method="post" action="([^"]+)" class="writing', page) == [
        "/d/harbour/write/"
    ]
    assert rows() == [(4, WRONG, "approved")]
    assert LINK not in client.get("/d/harbour/mine/").content.decode()
    with refused(CorrectionRefused, "voted"):
        correct_statement(statement.dialogue, token, 4, RIGHT)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "rejected", "reason": "spam", "rejected_on": date(2026, 1, 1)},
        {"status": "merged"},
    ],
)
def test_one_that_a_moderator_hid_stays(client: Client, fields: dict[str, str]) -> None:
    dialogue = make_dialogue()
    into = (
        {"merged_into": dialogue.statements.get(number=1)} if fields["status"] == "merged" else {}
    )
    token, _, _ = author_of(**fields, **into)
    carry(client, token)
    assert LINK not in client.get("/d/harbour/mine/").content.decode()
    response = client.post(PAGE, {"text": RIGHT})
    assert response.status_code == 409
    assert "A moderator decided about it" in response.content.decode()
    assert rows() == [(4, WRONG, fields["status"])]


def test_a_closed_dialogue_keeps_its_statements(client: Client) -> None:
    token, _, _ = author_of()
    carry(client, token)
    Dialogue.objects.update(state="closed")
    assert LINK not in client.get("/d/harbour/mine/").content.decode()
    response = client.post(PAGE, {"text": RIGHT})
    assert response.status_code == 409
    page = response.content.decode()
    assert "The dialogue is not open" in page
    assert f'readonly dir="auto">{RIGHT}</textarea>' in page  # to copy: nothing can be sent
    assert rows() == [(4, WRONG, "approved")]


def test_one_that_others_refer_to_stays() -> None:
    token, _, statement = author_of()
    uses = [
        lambda: make_comment(statement, "Why?").thread.statement_link,
        lambda: make_statement(
            statement.dialogue, 9, "A prak", merged_into=statement, status="merged"
        ),
        lambda: ExclusionRule.objects.create(
            dialogue=statement.dialogue, statement=statement, value=1
        ),
    ]
    for use in uses:
        row = use()
        with refused(CorrectionRefused, "used"):
            correct_statement(statement.dialogue, token, 4, RIGHT)
        row.delete()
    assert correct_statement(statement.dialogue, token, 4, RIGHT).number == 5  # the control


def test_shown_texts_on_hold_stay_and_waiting_ones_do_not() -> None:
    token, _, statement = author_of()
    RetentionHold.objects.create(
        dialogue=statement.dialogue, what="texts", reason="A court", set_at="2026-01-01T00:00Z"
    )
    with refused(CorrectionRefused, "held"):
        correct_statement(statement.dialogue, token, 4, RIGHT)
    Statement.objects.filter(number=4).update(status="pending")
    assert correct_statement(statement.dialogue, token, 4, RIGHT).number == 5


def test_three_corrections_are_the_most() -> None:
    token, _, statement = author_of()
    for number in (4, 5, 6):
        correct_statement(statement.dialogue, token, number, f"We need {number} parks.")
    with refused(CorrectionRefused, "often"):
        correct_statement(statement.dialogue, token, 7, RIGHT)
    # Whoever takes it back begins anew, as one who never corrected.
    take_text_back(statement.dialogue, token, 7, kind_of(Statement))
    assert submit_statement(statement.dialogue, token, WRONG).number == 8
    assert correct_statement(statement.dialogue, token, 8, RIGHT).number == 9


def test_it_passes_the_checks_of_a_new_text(client: Client) -> None:
    token, _me, statement = author_of()
    dialogue = statement.dialogue
    Dialogue.objects.update(moderation="after")
    carry(client, token)
    for text, code in {"?!": "no_words", "x" * 201: "too_long", "A p\u202eark": "deceptive",
                       "Statement number 1.": "said_already"}.items():  # fmt: skip
        with refused(StatementRefused, code):
            correct_statement(dialogue, token, 4, text)
        assert client.post(PAGE, {"text": text}).status_code == 422
    with refused(CorrectionRefused, "unchanged"):
        correct_statement(dialogue, token, 4, f" {WRONG} ")
    assert "It has the same words as before" in client.post(PAGE, {"text": WRONG}).content.decode()
    assert rows() == [(4, WRONG, "approved")]
    # What could tell who somebody is is pointed out, and waits if it is sent all the same.
    phone = "Call me: (213) 555-0187."
    page = client.post(PAGE, {"text": phone}).content.decode()
    assert "Could this tell who someone is?" in page
    checked = re.search(r'name="checked" value="(\w+)"', page)
    assert checked
    client.post(PAGE, {"text": phone, "checked": checked[1]})
    assert rows() == [(4, "", "rejected"), (5, phone, "pending")]


def test_it_may_have_the_words_that_it_had() -> None:
    """Only signs and capitals are another: the same to the check, had it been another's."""
    token, _, statement = author_of()
    assert correct_statement(statement.dialogue, token, 4, "we need a prak").number == 5


def test_its_own_place_in_the_queue_does_not_count() -> None:
    token, me, statement = author_of(status="pending")
    for number in range(5, 4 + MOST_WAITING):
        make_statement(statement.dialogue, number, f"Wish {number}", status="pending", author=me,
                       origin="participant")  # fmt: skip
    assert correct_statement(statement.dialogue, token, 4, RIGHT).number == 4 + MOST_WAITING
    with refused(StatementRefused, "too_many_waiting"):
        submit_statement(statement.dialogue, token, "One more")


def test_the_mark_goes_along() -> None:
    token, _, statement = author_of()
    leave_mark(statement, token)
    correct_statement(statement.dialogue, token, 4, RIGHT)
    assert [mark.statement.number for mark in StatementMark.objects.all()] == [5]
    assert count_marks(token, [statement.dialogue]) == 1


def test_what_was_sent_twice_is_stored_once(client: Client) -> None:
    token, _, _ = author_of()
    carry(client, token)
    for _time in range(2):
        response = client.post(PAGE, {"text": RIGHT})
        assert response.headers["Location"] == "/d/harbour/mine/?sent=5#written"
    assert rows() == [(4, "", "rejected"), (5, RIGHT, "pending")]


def test_the_old_address_leads_to_the_new_text(client: Client) -> None:
    token, _, statement = author_of()
    Dialogue.objects.update(moderation="after")
    correct_statement(statement.dialogue, token, 4, "We nede a park.")
    correct_statement(statement.dialogue, token, 5, RIGHT)
    for number in (4, 5):
        page = words(client, f"/d/harbour/s/{number}/")
        assert f"Statement {number} was corrected" in page
        assert "It is number 6 now." in page
        assert RIGHT in page
        assert "nede" not in page
        assert WRONG not in page
    Statement.objects.filter(number=6).update(status="pending", reviewed=False)
    page = words(client, "/d/harbour/s/4/")
    assert "The corrected text waits for a moderator." in page
    # Not even in the head, which others show beside a link. The loop above is the control.
    assert RIGHT not in client.get("/d/harbour/s/4/").content.decode()
    assert RIGHT not in page
    take_text_back(statement.dialogue, token, 6, kind_of(Statement))
    assert client.get("/d/harbour/s/4/").status_code == 404


def test_moderators_see_what_it_was_and_the_public_counts_it_once(client: Client) -> None:
    token, _, statement = author_of()
    correct_statement(statement.dialogue, token, 4, RIGHT)
    staff = make_staff()
    client.force_login(staff)
    assert "Corrected by its author, from number 4." in words(client, "/desk/harbour/moderation/")
    page = words(client, "/desk/harbour/moderation/?tab=rejected")
    assert "Corrected by its author. Now number 5." in page
    old = Statement.objects.get(number=4)
    with refused(DecisionRefused, "text_deleted"):
        take_back(staff, old, "rejected")
    Dialogue.objects.update(minimum_shown=5)
    table = Client().get("/d/harbour/moderation/moderation.csv").content.decode()
    assert "corrected" not in table


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_stored() -> None:
    token, _, statement = author_of()

    def correct(place: int) -> str:
        try:
            correct_statement(statement.dialogue, token, 4, f"We need {place} parks.")
        except CorrectionRefused as problem:
            return problem.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(correct, range(6)))
    assert sorted(found) == ["", *["not_yours"] * 5]
    assert [number for number, _, _ in rows()] == [4, 5]


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_comes_first_is_seen_under_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    token, _, statement = author_of()
    _, other = make_participant(statement.dialogue)

    def look_and_vote(*args: object) -> object:
        make_vote(other, statement, 1)
        return look(*args)

    look = correcting.look_ahead
    monkeypatch.setattr(correcting, "look_ahead", look_and_vote)
    with refused(CorrectionRefused, "voted"):
        correct_statement(statement.dialogue, token, 4, RIGHT)
    assert rows() == [(4, WRONG, "approved")]
