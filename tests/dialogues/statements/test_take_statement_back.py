"""An author can take a waiting statement back while the dialogue is open, and nobody else can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import OwnDataRefused, take_text_back
from middleground.ledger.records.entries import Erasures
from middleground.publiclog.publisher import publish_log
from support.cast import carry, make_dialogue, make_participant, make_statement, make_vote
from support.logged import closed, crowd, entries, recounted
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/mine/"
BUTTON = "Take this statement back"


def author_of(**fields: object) -> tuple[bytes, Participant, Statement]:
    """An author with statement 4 of the dialogue, which waits by default."""
    dialogue = Dialogue.objects.filter(slug="harbour").first() or make_dialogue()
    token, me = make_participant(dialogue)
    values = {"status": "pending", "origin": "participant", "author": me, **fields}
    return token, me, make_statement(dialogue, 4, "A secret wish", **values)


def test_an_author_can_take_a_waiting_statement_back(client: Client) -> None:
    token, me, _ = author_of()
    carry(client, token)
    page = client.get(PAGE).content.decode()
    assert re.findall(r'action="([^"]*take-back/)"', page) == [f"{PAGE}4/take-back/"]
    response = client.post(f"{PAGE}4/take-back/")
    assert (response.status_code, response.headers["Location"]) == (302, f"{PAGE}?taken-back=yes")
    assert not Statement.objects.filter(number=4).exists()
    assert Participant.objects.get() == me
    assert Dialogue.objects.get().revision == 1
    page = words(client, f"{PAGE}?taken-back=yes")
    assert "It is taken back and deleted." in page
    assert "A secret wish" not in page


def test_others_cannot_take_a_statement_back(client: Client) -> None:
    _, _, statement = author_of()
    other, _ = make_participant(statement.dialogue)
    for token in (None, new_token(), other):
        browser = Client()
        if token:
            carry(browser, token)
        assert browser.post(f"{PAGE}4/take-back/").status_code == 302
    assert Statement.objects.filter(number=4).exists()
    assert client.get(f"{PAGE}4/take-back/").status_code == 405


def test_another_site_cannot_take_a_statement_back() -> None:
    token, _, _ = author_of()
    browser = Client(enforce_csrf_checks=True)
    carry(browser, token)
    assert browser.post(f"{PAGE}4/take-back/").status_code == 403
    assert Statement.objects.filter(number=4).exists()


@pytest.mark.parametrize(
    "fields", [{"status": "approved"}, {"status": "rejected", "reason": "spam"}]
)
def test_a_decided_statement_cannot_be_taken_back(client: Client, fields: dict[str, str]) -> None:
    token, _, statement = author_of(**fields)
    carry(client, token)
    assert BUTTON not in words(client, PAGE)
    response = client.post(f"{PAGE}4/take-back/")
    assert response.headers["Location"] == f"{PAGE}?taken-back=no"
    assert "Nothing was taken back" in words(client, f"{PAGE}?taken-back=no")
    assert Statement.objects.get(number=4) == statement


def test_a_statement_with_votes_of_others_cannot_be_taken_back(client: Client) -> None:
    token, _, statement = author_of()
    carry(client, token)
    assert BUTTON in words(client, PAGE)  # the control
    _, other = make_participant(statement.dialogue)
    make_vote(other, statement, 1)
    assert BUTTON not in words(client, PAGE)
    assert not take_text_back(statement.dialogue, token, 4, kind_of(Statement))


def test_a_closed_dialogue_keeps_its_statements(client: Client) -> None:
    token, _, statement = author_of()
    Dialogue.objects.update(state="closed")
    carry(client, token)
    assert BUTTON not in words(client, PAGE)
    with refused(OwnDataRefused, "not_open"):
        take_text_back(statement.dialogue, token, 4, kind_of(Statement))
    assert client.post(f"{PAGE}4/take-back/").headers["Location"] == PAGE
    assert Statement.objects.filter(number=4).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_the_public_log_counts_the_erased_statement(folder: Path) -> None:
    token, _, statement = author_of()
    crowd(statement.dialogue, 20)
    publish_log()
    assert take_text_back(statement.dialogue, token, 4, kind_of(Statement))
    closed(statement.dialogue)
    publish_log()
    assert [e for e in entries(folder) if isinstance(e, Erasures)] == [Erasures("harbour", 1)]
    assert recounted(folder).holds


def test_the_message_mentions_statements_only_if_there_were_some(client: Client) -> None:
    token, _, _ = author_of()
    carry(client, token)
    response = client.post(f"{PAGE}delete/", {"statements": "1"})
    assert response.headers["Location"] == f"{PAGE}?deleted=statements"
    assert "and your waiting statements are deleted." in words(client, f"{PAGE}?deleted=statements")
    token, me = make_participant(Dialogue.objects.get())
    make_vote(me, Statement.objects.get(number=1), 1)
    carry(client, token)
    response = client.post(f"{PAGE}delete/", {"statements": "1"})
    assert response.headers["Location"] == f"{PAGE}?deleted"
    assert "waiting statements" not in words(client, f"{PAGE}?deleted")


def test_a_rejected_text_can_be_edited_and_sent_again(client: Client) -> None:
    token, _, _ = author_of(status="rejected", reason="unclear")
    carry(client, token)
    link = "/d/harbour/write/?again=4"
    assert link in client.get(PAGE).content.decode()
    assert ">A secret wish</textarea>" in client.get(link).content.decode()
    for other in ("?again=1", "?again=x", "?again=99", ""):
        assert "></textarea>" in client.get(f"/d/harbour/write/{other}").content.decode()
    assert "secret" not in Client().get(link).content.decode()
    Statement.objects.filter(number=4).update(text="", dedup_hash="")
    assert "?again" not in client.get(PAGE).content.decode()
    assert "></textarea>" in client.get(link).content.decode()
