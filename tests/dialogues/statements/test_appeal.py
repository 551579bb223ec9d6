"""Only the author can appeal, once, while the dialogue is open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Appeal, Dialogue, Statement
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.privacy.retention import delete_rejected_texts
from support.cast import carry, make_dialogue, make_participant, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
ADDRESS = "/d/harbour/mine/7/appeal/"
WHY = "It is about the pier, and so is the question."


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue()


@pytest.fixture
def token(dialogue: Dialogue) -> bytes:
    """The token of the author of number 7, which is rejected."""
    token, author = make_participant(dialogue)
    make_statement(
        dialogue, 7, "Build a pier.", author=author, origin="participant",
        status="rejected", reason="off_topic", reviewed=True,
    )  # fmt: skip
    return token


@pytest.fixture
def author(client: Client, token: bytes) -> Client:
    carry(client, token)
    return client


def test_an_author_can_appeal_once(author: Client) -> None:
    mine = author.get("/d/harbour/mine/").content.decode()
    assert f'href="{ADDRESS}"' in mine
    page = author.get(ADDRESS).content.decode()
    assert "Build a pier." in page
    assert "is not about the question" in page
    response = author.post(ADDRESS, {"text": f"  {WHY}\n"})
    assert (response.status_code, response["Location"]) == (
        302, "/d/harbour/mine/?appealed=7#written",
    )  # fmt: skip
    stored = Appeal.objects.get()
    assert (stored.statement.number, stored.text, stored.outcome) == (7, WHY, "waiting")
    mine = author.get("/d/harbour/mine/?appealed=7").content.decode()
    assert "A moderator looks at it again" in mine
    assert "You asked for a second look" in mine
    assert f'href="{ADDRESS}"' not in mine

    again = author.post(ADDRESS, {"text": "Look again."})
    assert again.status_code == 409
    assert "A moderator has not looked at it yet." in again.content.decode()
    assert "Look again.</textarea>" in again.content.decode()
    assert Appeal.objects.get().text == WHY


def test_other_participants_cannot_appeal(client: Client, token: bytes, dialogue: Dialogue) -> None:
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"text": WHY}).status_code == 404
    other, _ = make_participant(dialogue)
    for stranger in (other, new_token()):
        carry(client, stranger)
        assert client.get(ADDRESS).status_code == 404
        assert client.post(ADDRESS, {"text": WHY}).status_code == 404
        assert "Build a pier." not in client.get("/d/harbour/mine/").content.decode()
    assert not Appeal.objects.exists()
    carry(client, token)
    assert client.post(ADDRESS, {"text": WHY}).status_code == 302


def test_the_address_alone_confirms_no_appeal(author: Client) -> None:
    page = author.get("/d/harbour/mine/?appealed=7").content.decode()
    assert "A moderator looks at it again" not in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "You have not written anything yet."),
        (" …!\u202e ", "You have not written anything yet."),
        ("ab" * 251, "It has 502 characters. The limit is 500."),
        ("<script>" * 9_000, "It has 72000 characters"),
    ],
)
def test_an_invalid_appeal_is_explained_and_kept(author: Client, text: str, told: str) -> None:
    response = author.post(ADDRESS, {"text": text})
    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert "<script>" * 2 not in page
    kept = text.replace("<", "&lt;").replace(">", "&gt;")
    assert f">{kept}</textarea>" in page
    assert not Appeal.objects.exists()


def test_a_full_disk_loses_no_draft(author: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("disk is full")

    monkeypatch.setattr(Appeal.objects, "update_or_create", full)
    response = author.post(ADDRESS, {"text": WHY})
    assert response.status_code == 503
    assert f"{WHY}</textarea>" in response.content.decode()


def test_a_closed_dialogue_takes_no_appeal(author: Client, dialogue: Dialogue) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    assert ADDRESS not in author.get("/d/harbour/mine/").content.decode()
    response = author.post(ADDRESS, {"text": WHY})
    page = response.content.decode()
    assert response.status_code == 409
    assert "You can ask for a second look only while the dialogue is open." in page
    assert f"{WHY}</textarea>" in page
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "approved", "reason": ""},
        {"status": "pending", "reason": "", "reviewed": False},
        {"text": ""},
    ],
)
def test_only_a_rejected_statement_with_a_text_can_be_appealed(
    author: Client, fields: dict[str, Any]
) -> None:
    Statement.objects.filter(number=7).update(**fields)
    assert author.post(ADDRESS, {"text": WHY}).status_code == 409
    assert not Appeal.objects.exists()


def test_a_new_rejection_after_a_change_can_be_appealed(author: Client) -> None:
    author.post(ADDRESS, {"text": WHY})
    Appeal.objects.update(outcome="changed", text="")
    assert author.post(ADDRESS, {"text": "Hidden again?"}).status_code == 302
    stored = Appeal.objects.get()
    assert (stored.text, stored.outcome) == ("Hidden again?", "waiting")
    Appeal.objects.update(outcome="stands")
    assert author.post(ADDRESS, {"text": "Once more."}).status_code == 409


def test_deleting_own_statements_deletes_their_appeals(
    author: Client, dialogue: Dialogue, token: bytes
) -> None:
    author.post(ADDRESS, {"text": WHY})
    delete_own_votes(dialogue, token, texts_too=False)
    assert Appeal.objects.get().text == WHY
    delete_own_votes(dialogue, token, texts_too=True)
    assert not Appeal.objects.exists()


def test_a_decided_appeal_is_kept_without_its_text(
    author: Client, dialogue: Dialogue, token: bytes
) -> None:
    author.post(ADDRESS, {"text": WHY})
    Appeal.objects.update(outcome="stands")
    deleted = delete_own_votes(dialogue, token, texts_too=True)
    assert (deleted.waiting_texts, deleted.detached_texts) == (0, 1)
    assert list(Appeal.objects.values_list("text", "outcome")) == [("", "stands")]


def test_a_waiting_appeal_delays_the_deletion_of_texts(author: Client) -> None:
    author.post(ADDRESS, {"text": WHY})
    rejected = Statement.objects.filter(status="rejected")
    rejected.update(rejected_on=date(2026, 11, 1))
    after = datetime(2026, 11, 8, 12, tzinfo=UTC)
    assert delete_rejected_texts(after) == 0
    assert Appeal.objects.get().text == WHY
    Appeal.objects.update(outcome="stands")
    assert delete_rejected_texts(after) == 1
    assert list(Appeal.objects.values_list("text", "outcome")) == [("", "stands")]
    assert rejected.get().text == ""


def test_a_waiting_appeal_delays_the_deletion_for_thirty_days_at_most(author: Client) -> None:
    author.post(ADDRESS, {"text": WHY})
    Statement.objects.filter(status="rejected").update(rejected_on=date(2026, 11, 1))
    assert delete_rejected_texts(datetime(2026, 11, 30, 12, tzinfo=UTC)) == 0
    assert delete_rejected_texts(datetime(2026, 12, 1, 12, tzinfo=UTC)) == 1
    assert not Appeal.objects.exists()  # it could not be decided without the text


def test_an_appeal_has_exactly_these_fields() -> None:
    assert [field.name for field in Appeal._meta.fields] == ["id", "text", "outcome", "statement"]


def test_the_page_shows_the_outcome(author: Client) -> None:
    author.post(ADDRESS, {"text": WHY})
    Appeal.objects.update(outcome="stands")
    Statement.objects.filter(number=7).update(reason="unclear")
    mine = author.get("/d/harbour/mine/").content.decode()
    assert "The decision stands: cannot be understood." in mine
    assert ADDRESS not in mine
    assert "The decision stands." in author.get(ADDRESS).content.decode()
    Appeal.objects.update(outcome="changed")
    Statement.objects.filter(number=7).update(reason="", status="approved", rejected_on=None)
    assert "The decision was changed." in author.get("/d/harbour/mine/").content.decode()
