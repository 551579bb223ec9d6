"""A host's own reasons for not showing a text: added, chosen, retired, and who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.lifecycle.actions import open_dialogue, withdraw_dialogue
from middleground.dialogues.models import Dialogue, StaffAction, Statement
from middleground.dialogues.models.texts.own_reason import own_reasons
from middleground.dialogues.texts.decisions import DecisionRefused, reject
from middleground.dialogues.texts.own_reasons import (
    MOST_EVER,
    OwnReasonRefused,
    add_reason,
    retire_reason,
)
from middleground.people.models import User
from support.cast import carry, make_dialogue, make_participant, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

REASONS, QUEUE = "/desk/harbour/reasons/", "/desk/harbour/moderation/"
SHOP = {
    "label": "names a shop",
    "explanation": "Leave the shop’s name out, and send it again.",
}


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue()


def stored(dialogue: Dialogue) -> list[tuple[str, str, str, bool]]:
    dialogue.refresh_from_db()
    found = own_reasons(dialogue)
    return [(each.code, each.label, each.explanation, each.retired) for each in found]


def errors(page: str) -> list[str]:
    return re.findall(r'<ul class="errorlist[^>]*><li>(.*?)</li>', page)


def test_a_facilitator_adds_one_and_it_is_logged_for_colleagues(
    desk: Client, dialogue: Dialogue
) -> None:
    assert desk.post(REASONS, SHOP)["Location"] == REASONS
    assert stored(dialogue) == [("own-1", SHOP["label"], SHOP["explanation"], False)]
    action = StaffAction.objects.get()
    assert (action.verb, action.details) == ("add_reason", {"label": "names a shop"})
    page = desk.get(REASONS).content.decode()
    assert "names a shop" in page
    told = "added a reason for not showing a text: it names a shop"
    assert told in desk.get("/desk/harbour/").content.decode()


def test_who_may(desk: Client, moderation: Client, client: Client, dialogue: Dialogue) -> None:
    """Moderators read them, and only facilitators change them. An outsider signs in first."""
    desk.post(REASONS, SHOP)
    page = moderation.get(REASONS).content.decode()
    assert "names a shop" in page
    assert 'name="retire"' not in page
    assert "Add one of your own" not in page
    assert moderation.post(REASONS, {**SHOP, "label": "is mine"}).status_code == 403
    assert moderation.post(REASONS, {"retire": "own-1"}).status_code == 403
    assert client.get(REASONS).status_code == 302
    assert client.post(REASONS, SHOP).status_code == 403
    assert stored(dialogue) == [("own-1", SHOP["label"], SHOP["explanation"], False)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"label": " "}, "Write how the sentence goes on."),
        ({"label": "…"}, "Write how the sentence goes on."),
        ({"label": "x" * 61}, "Use at most 60 characters; these are 61."),
        ({"label": "Names a SHOP"}, "These words are, or were, a reason already."),
        ({"label": "is unlawful"}, "These words are, or were, a reason already."),
        ({"explanation": ""}, "Tell the author what to do, in one sentence"),
        ({"explanation": "y" * 301}, "Use at most 300 characters; these are 301."),
        ({"label": "names\u202e a pub"}, "U+202E"),
    ],
)
def test_bad_input_is_told_and_kept(
    desk: Client, dialogue: Dialogue, typed: dict[str, str], told: str
) -> None:
    desk.post(REASONS, SHOP)
    sent = {"label": "names a pub", "explanation": "Leave it out.", **typed}
    page = desk.post(REASONS, sent).content.decode()
    (error,) = errors(page)
    assert error.startswith(told) or told in error
    assert "nothing you typed is lost" in page
    for text in sent.values():
        assert text.replace("\u202e", "").strip() in page
    assert len(stored(dialogue)) == 1


def test_eight_can_be_in_use(facilitator: User, desk: Client, dialogue: Dialogue) -> None:
    for number in range(8):
        add_reason(facilitator, dialogue, f"is of kind {number}", "Because.")
    page = desk.post(REASONS, SHOP).content.decode()
    assert errors(page) == [
        "At most 8 reasons of your own at a time. Retire one first: what you typed stays here."
    ]
    assert SHOP["explanation"] in page
    retire_reason(facilitator, dialogue, "own-3")
    assert desk.post(REASONS, SHOP).status_code == 302
    assert [each[0] for each in stored(dialogue) if not each[3]] == [
        "own-1", "own-2", "own-4", "own-5", "own-6", "own-7", "own-8", "own-9",
    ]  # fmt: skip


def test_a_code_always_fits_its_column(facilitator: User, dialogue: Dialogue) -> None:
    last = {"code": f"own-{MOST_EVER}", "label": "L", "explanation": "E", "retired": True}
    dialogue.own_reasons = [{**last, "code": f"own-{n}"} for n in range(1, MOST_EVER + 1)]
    dialogue.save()
    with pytest.raises(OwnReasonRefused) as refused:
        add_reason(facilitator, dialogue, "names a shop", "Because.")
    assert refused.value.code == "too_many_ever"
    assert len(last["code"]) <= 13


def test_retired_it_cannot_be_chosen_and_its_words_stay(
    desk: Client, moderation: Client, dialogue: Dialogue
) -> None:
    desk.post(REASONS, SHOP)
    statement = make_statement(dialogue, 7, status="pending", origin="participant")
    fields = {"decide": "reject:7", "seen-7": "waiting", "reason-7": "own-1"}
    moderation.post(QUEUE, fields)
    statement.refresh_from_db()
    assert (statement.status, statement.reason) == ("rejected", "own-1")
    desk.post(REASONS, {"retire": "own-1"})
    assert stored(dialogue) == [("own-1", SHOP["label"], SHOP["explanation"], True)]
    page = moderation.get(f"{QUEUE}?tab=rejected").content.decode()
    assert "Not shown: names a shop." in page
    other = make_statement(dialogue, 8, status="pending", origin="participant")
    page = moderation.post(
        QUEUE, {"decide": "reject:8", "seen-8": "waiting", "reason-8": "own-1"}
    ).content.decode()
    assert "Choose a reason: the author will read it." in page
    assert '<option value="own-1">' not in page
    other.refresh_from_db()
    assert other.status == "pending"
    # The same code twice is told, and nothing happens.
    page = desk.post(REASONS, {"retire": "own-1"}, follow=True).content.decode()
    assert "This reason is retired." in page


def test_a_reason_that_went_meanwhile_is_refused(facilitator: User, dialogue: Dialogue) -> None:
    statement = make_statement(dialogue, 7, status="pending", origin="participant")
    with pytest.raises(DecisionRefused) as refused:
        reject(facilitator, statement, "waiting", "own-1")
    assert refused.value.code == "reason_gone"
    add_reason(facilitator, dialogue, **SHOP)
    assert reject(facilitator, statement, "waiting", "own-1").reason == "own-1"


def test_of_a_new_draft_it_goes_without_a_trace(facilitator: User) -> None:
    dialogue = make_dialogue(state="draft")
    add_reason(facilitator, dialogue, **SHOP)
    retire_reason(facilitator, dialogue, "own-1")
    assert stored(dialogue) == []


def test_of_a_draft_that_was_open_it_does_not(facilitator: User) -> None:
    dialogue = make_dialogue(state="draft")
    add_reason(facilitator, dialogue, **SHOP)
    open_dialogue(facilitator, dialogue)
    withdraw_dialogue(facilitator, dialogue)
    retire_reason(facilitator, dialogue, "own-1")
    assert [each[3] for each in stored(dialogue)] == [True]


def test_many_are_decided_for_it_at_once_and_taken_back(
    desk: Client, moderation: Client, dialogue: Dialogue
) -> None:
    desk.post(REASONS, SHOP)
    for number in (7, 8):
        make_statement(dialogue, number, status="pending", origin="participant")
    page = moderation.get(QUEUE).content.decode()
    assert page.count('<option value="own-1">names a shop</option>') == 3  # of each, and of all
    seen: dict[str, Any] = {"seen-7": "waiting", "seen-8": "waiting"}
    sent = {"decide": "reject", "reason": "own-1", "chosen": ["7", "8"], **seen}
    moderation.post(QUEUE, sent)
    assert list(Statement.objects.filter(reason="own-1").values_list("number", flat=True)) == [7, 8]
    page = moderation.post(QUEUE, {"decide": "reject:all", "reason": "own-1"}).content.decode()
    assert "Choose at least one." in page  # nothing waits any more
    seen = {"seen-7": "rejected", "seen-8": "rejected"}
    moderation.post(f"{QUEUE}?tab=rejected", {"decide": "take_back", "chosen": ["7", "8"], **seen})
    assert Statement.objects.filter(reason="own-1").count() == 0


def test_the_author_reads_the_label_and_what_it_means(
    desk: Client, moderation: Client, client: Client, dialogue: Dialogue
) -> None:
    desk.post(REASONS, SHOP)
    token, author = make_participant(dialogue)
    make_statement(dialogue, 7, status="pending", origin="participant", author=author)
    fields = {"decide": "reject:7", "seen-7": "waiting", "reason-7": "own-1"}
    moderation.post(QUEUE, fields)
    carry(client, token)
    for address in ("/d/harbour/mine/", "/d/harbour/mine/7/appeal/"):
        page = client.get(address).content.decode()
        assert "A moderator decided this: names a shop." in page
        assert SHOP["explanation"] in page


def test_the_place_where_one_writes_tells_them(
    desk: Client, client: Client, dialogue: Dialogue
) -> None:
    desk.post(REASONS, {"label": "<b>shouts</b>", "explanation": "Write softly."})
    token, _author = make_participant(dialogue)
    carry(client, token)
    for policy in ("", "Be kind."):
        Dialogue.objects.update(moderation_policy=policy)
        page = client.get("/d/harbour/write/").content.decode()
        assert "&lt;b&gt;shouts&lt;/b&gt;" in page
        assert "Write softly." in page
        assert ("Nor is a text shown if it:" in page) == bool(policy)
