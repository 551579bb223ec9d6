"""Writing needs a confirmed participant who voted; beyond a pace statements wait for staff."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.sealing.records import settings_document
from middleground.dialogues.statements import who_may_write
from middleground.dialogues.statements.submit import StatementRefused, submit_statement
from middleground.dialogues.statements.who_may_write import MissingToWrite, missing_to_write
from support.cast import carry, make_dialogue, make_participant, make_statement, make_vote
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/write/"
FLOOD = 289


def writer(dialogue: Dialogue, votes: int, *, dealt: bool = True, tier: str = "open") -> bytes:
    token, participant = make_participant(dialogue)
    Participant.objects.filter(pk=participant.pk).update(tier=tier)
    for statement in dialogue.statements.order_by("number")[:votes]:
        make_vote(participant, statement, 1)
    participant.votes.update(dealt=dealt)
    return token


@pytest.mark.parametrize(
    ("votes", "dealt", "tier", "missing"),
    [
        (3, True, "open", MissingToWrite()),
        (3, True, "invited", MissingToWrite()),
        (2, True, "open", MissingToWrite(votes=1)),
        (3, True, "unconfirmed", MissingToWrite(confirmation=True)),
        (0, True, "unconfirmed", MissingToWrite(votes=3, confirmation=True)),
        (3, False, "open", MissingToWrite(votes=1)),  # looked up all but one that can be dealt
        (4, False, "open", MissingToWrite()),  # nothing is left that could be dealt
    ],
)
def test_what_is_missing(votes: int, dealt: bool, tier: str, missing: MissingToWrite) -> None:
    dialogue = make_dialogue(statements=4, votes_before_writing=3)
    token = writer(dialogue, votes, dealt=dealt, tier=tier)
    assert missing_to_write(dialogue, token) == missing
    dialogue.votes_before_writing = 0
    assert missing_to_write(dialogue, token) == MissingToWrite()


def test_289_statements_of_fresh_cookies_are_refused() -> None:
    dialogue = make_dialogue(votes_before_writing=3)
    for number in range(FLOOD):
        with refused(StatementRefused, "not_yet"):
            submit_statement(dialogue, new_token(), f"Flood {number}")
    assert (Statement.objects.count(), Participant.objects.count()) == (3, 0)


def test_control_without_the_rule_289_statements_go_through() -> None:
    dialogue = make_dialogue(votes_before_writing=0)
    for number in range(FLOOD):
        submit_statement(dialogue, new_token(), f"Flood {number}")
    assert Statement.objects.waiting().count() == FLOOD


def test_the_page_says_what_is_missing_and_keeps_the_text(client: Client) -> None:
    dialogue = make_dialogue(votes_before_writing=3)
    token = writer(dialogue, 1, tier="unconfirmed")
    carry(client, token)
    before = client.get(PAGE)
    assert before.status_code == 200
    assert "Vote on 2 more statements we choose for you." in before.content.decode()
    answer = client.post(PAGE, {"text": "A <park>"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing was sent yet. Your text is below." in page
    assert "Vote on 2 more statements we choose for you." in page
    assert "Be confirmed, once." in page
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == "A <park>"
    assert Statement.objects.count() == 3
    person = Participant.objects.get()
    person.tier = "open"
    person.save()
    for statement in dialogue.statements.filter(number__gt=1):
        make_vote(person, statement, 0)
    assert "Before you can write" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"text": "A <park>"}).status_code == 302


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [timezone.now().replace(minute=5)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return now


def test_beyond_the_pace_new_statements_wait(clock: list[datetime], client: Client) -> None:
    dialogue = make_dialogue(moderation="after", votes_before_writing=3, statements_an_hour=2)
    token = writer(dialogue, 3)
    statuses = [submit_statement(dialogue, token, f"Wish {place}").status for place in range(2)]
    assert statuses == ["approved", "approved"]
    carry(client, token)
    answer = client.post(PAGE, {"text": "Ships"})
    assert answer["Location"] == "/d/harbour/mine/?sent=6&busy#written"
    assert Statement.objects.get(number=6).status == "pending"
    told = client.get(answer["Location"]).content.decode()
    assert "Many statements came in this hour" in told
    submit_statement(dialogue, token, "More ships")
    dialogue.refresh_from_db()
    assert dialogue.written_in_hour == 3  # a flood is not counted on
    clock[0] += timedelta(hours=1)
    later = client.post(PAGE, {"text": "Fish"})
    assert later["Location"] == "/d/harbour/mine/?sent=8#written"
    assert Statement.objects.get(number=8).status == "approved"


def test_control_without_the_pace_all_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("middleground.dialogues.statements.submit.is_beyond_pace", lambda *_: False)
    dialogue = make_dialogue(moderation="after", statements_an_hour=2)
    token = writer(dialogue, 3)
    for place in range(5):
        assert submit_statement(dialogue, token, f"Wish {place}").status == "approved"
    assert who_may_write.is_beyond_pace(Dialogue.objects.get(), timezone.now())


def test_the_public_settings_do_not_say_when_anybody_wrote() -> None:
    dialogue = make_dialogue(votes_before_writing=0)
    submit_statement(dialogue, new_token(), "A park")
    dialogue.refresh_from_db()
    assert dialogue.written_in_hour == 1
    published = json.loads(settings_document(dialogue))
    assert published.keys() >= {"votes_before_writing", "statements_an_hour"}
    assert not published.keys() & {"writing_hour", "written_in_hour"}


def test_removed_statements_do_not_lock_anybody_out() -> None:
    dialogue = make_dialogue(statements=0, votes_before_writing=3)
    make_statement(dialogue, 1, status="rejected", reason="unclear")
    assert not missing_to_write(dialogue, writer(dialogue, 0))
