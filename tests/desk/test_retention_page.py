"""The desk's retention page: its readers, holds and their permissions, and kept input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from desk.test_dialogues import store_final_map
from middleground.dialogues.identity.keys import key_file_exists
from middleground.dialogues.models import Dialogue, DialogueLog, RetentionHold, StaffAction
from middleground.people.models import User
from support.cast import make_dialogue, make_participant, make_statement
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/desk/harbour/kept/"
HOLD = {"hold": "1", "what": "texts", "reason": "Court of Port City, 7/2027"}


def test_a_facilitator_sets_and_lifts_a_hold(desk: Client, facilitator: User) -> None:
    make_dialogue()
    assert desk.post(PAGE, HOLD).status_code == 302
    hold = RetentionHold.objects.get()
    assert (hold.what, hold.reason, hold.set_by, hold.lifted_at) == (
        "texts", HOLD["reason"], facilitator, None,
    )  # fmt: skip
    page = words(desk, PAGE)
    assert "Texts of statements that are not shown in force" in page
    assert HOLD["reason"] in page
    assert desk.post(PAGE, {"lift": "texts"}).status_code == 302
    hold.refresh_from_db()
    assert hold.lifted_by == facilitator
    assert "None is in force." in words(desk, PAGE)
    logged = StaffAction.objects.order_by("id").values_list("verb", "details")
    assert list(logged) == [("set_hold", {"what": "texts"}), ("lift_hold", {"what": "texts"})]


@pytest.mark.parametrize("missing", ["what", "reason"])
def test_an_incomplete_hold_keeps_the_input(desk: Client, missing: str) -> None:
    make_dialogue()
    response = desk.post(PAGE, {**HOLD, missing: ""})
    page = response.content.decode()
    assert response.status_code == 200
    assert "This field is required." in page
    assert (HOLD["reason"] in page) is (missing != "reason")
    assert not RetentionHold.objects.exists()


def test_a_second_hold_on_the_same_data_is_refused(desk: Client) -> None:
    make_dialogue()
    desk.post(PAGE, HOLD)
    page = desk.post(PAGE, {**HOLD, "reason": "Another reason"}).content.decode()
    assert "This is on hold already." in page
    assert "Another reason" in page
    assert RetentionHold.objects.count() == 1


def test_moderators_can_read_but_not_change_it(moderation: Client) -> None:
    make_dialogue()
    page = words(moderation, PAGE)
    assert (
        "The key that links votes to browsers is destroyed 14 days after the final result." in page
    )
    assert "Set a hold" not in page
    for form in (HOLD, {"lift": "texts"}, {"destroy": "1"}):
        assert moderation.post(PAGE, form).status_code == 403
    assert not RetentionHold.objects.exists()


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    make_dialogue()
    response = client.get(PAGE)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert client.post(PAGE, HOLD).status_code == 403  # with what was written, to keep


def test_the_key_can_be_destroyed_once_the_votes_are_opened(desk: Client) -> None:
    dialogue = make_dialogue()
    make_participant(dialogue)
    desk.post(PAGE, {"destroy": "1"})
    assert key_file_exists(dialogue.pk)
    Dialogue.objects.update(state="closed")
    store_final_map(dialogue)
    desk.post(PAGE, {"destroy": "1"})
    assert key_file_exists(dialogue.pk)  # the sealed votes could not be opened without it
    DialogueLog.objects.create(dialogue=dialogue, closed=True)
    assert "Destroy it now" in words(desk, PAGE)
    desk.post(PAGE, {"destroy": "1"})
    assert not key_file_exists(dialogue.pk)
    assert "Nobody can tell any more whose a vote was" in words(desk, PAGE)


def test_a_hold_prevents_destroying_the_key_by_hand(desk: Client) -> None:
    dialogue = make_dialogue(state="closed")
    make_participant(dialogue)
    store_final_map(dialogue)
    DialogueLog.objects.create(dialogue=dialogue, closed=True)
    desk.post(PAGE, {**HOLD, "what": "key"})
    desk.post(PAGE, {"destroy": "1"})
    assert key_file_exists(dialogue.pk)


def test_the_public_log_shows_holds_without_reasons(client: Client, desk: Client) -> None:
    make_dialogue()
    log = "/d/harbour/moderation/"
    assert "The host has never set a hold." in words(client, log)
    desk.post(PAGE, HOLD)
    page = words(client, log)
    assert "Texts of statements that are not shown: on hold since" in page
    assert "1 hold so far" in page
    assert "Court of Port City" not in page
    desk.post(PAGE, {"lift": "texts"})
    assert "not on hold now, 1 hold so far" in words(client, log)


def test_the_page_counts_stored_texts(desk: Client) -> None:
    dialogue = make_dialogue(statements=0)
    day = timezone.localdate() - timedelta(days=2)
    make_statement(dialogue, 1, status="rejected", reason="spam", rejected_on=day)
    assert "Still stored 1 the next is deleted on" in words(desk, PAGE)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_thirteen_queries(
    desk: Client, facilitator: User, number: int, django_assert_num_queries: object
) -> None:
    dialogue = make_dialogue(statements=0)
    for place in range(1, number + 1):
        make_statement(dialogue, place, status="rejected", reason="spam")
        RetentionHold.objects.create(
            dialogue=dialogue, what="key", reason="x", set_by=facilitator,
            set_at=timezone.now(), lifted_at=timezone.now(), lifted_by=facilitator,
        )  # fmt: skip
    with django_assert_num_queries(13):  # type: ignore[operator]
        desk.get(PAGE)
