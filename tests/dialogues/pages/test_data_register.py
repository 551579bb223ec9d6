"""The public register of stored data covers every stored column."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from middleground.core.stored_data import Subject, data_register
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.lifecycle.preview_links import PREVIEW_COOKIE
from middleground.dialogues.privacy import inventory
from support.cast import carry, make_dialogue
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/what-we-know/"


def test_each_database_column_is_described_exactly_once() -> None:
    """A new field fails this test until a ``data_register.py`` describes it."""
    stored = inventory.stored_columns()
    if connection.vendor != "sqlite":
        stored |= {("sqlite_sequence", "name"), ("sqlite_sequence", "seq")}
        stored |= {c for c in data_register().columns() if "_search" in c[0]}  # FTS5's tables
    assert data_register().columns() == stored
    listed = [name for entry in data_register().data for name in entry.names()]
    assert len(listed) == len(set(listed))


def test_every_field_of_every_model_is_described() -> None:
    fields = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }
    assert fields - data_register().columns() == set()
    assert len(fields) > 100  # the control: models were found


def test_an_undescribed_column_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dialogues_participant ADD COLUMN seen_at text")
    try:
        assert inventory.unclassified_columns() == ["dialogues_participant.seen_at"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE dialogues_participant DROP COLUMN seen_at")


def test_no_data_about_participants_contains_a_time() -> None:
    """This checks field types in every table about participants; statements only have days."""
    timed = {
        f"{model._meta.db_table}.{field.column}": field.get_internal_type()
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.get_internal_type() in {"DateTimeField", "DateField", "TimeField"}
    }
    yours = {
        f"{t}.{c}" for e in data_register().data if e.subject is Subject.YOURS for t, c in e.names()
    }
    assert {name: kind for name, kind in timed.items() if name in yours} == {
        "dialogues_statement.received_on": "DateField",
        "threads_comment.received_on": "DateField",
        "threads_comment.rejected_on": "DateField",
        "evidence_proposedsource.received_on": "DateField",
        "evidence_proposedsource.rejected_on": "DateField",
        "answers_checksentence.received_on": "DateField",
        "answers_checksentence.rejected_on": "DateField",
        "dialogues_statement.rejected_on": "DateField",
        "dialogues_dailycount.day": "DateField",
        "notices_follower.asked_on": "DateField",  # until the address is confirmed
    }
    assert "dialogues_staffaction.at" in timed  # the control


def test_the_page_shows_every_description(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    plain = page.replace("&#x27;", "'")
    for entry in data_register().data:
        wanted = [entry.what, entry.how_long, entry.without_keys]
        if entry.subject is Subject.YOURS:
            wanted.append(entry.with_keys)
        assert [str(text) for text in wanted if str(text) not in plain] == []
    for never in data_register().not_stored:
        assert str(never.what) in plain
        assert str(never.what) in client.get("/you/").content.decode()


def test_the_page_names_every_cookie(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    for cookie in data_register().cookies:
        assert f"<code>{cookie.name}</code>" in page
        assert f"{cookie.what} {cookie.how_long}" in page
    assert [cookie.name for cookie in data_register().cookies] == [
        COOKIE,
        "csrf",
        PREVIEW_COOKIE,
        "person-at-hand",
        "staff",
        "__Host-known-device",
        "messages",
    ]
    forms = client.get("/you/").cookies
    assert set(forms) == {"csrf"}
    assert (forms["csrf"]["max-age"], forms["csrf"]["expires"]) == ("", "")  # a session cookie


def test_the_page_lists_keys_of_public_dialogues_only(client: Client) -> None:
    make_dialogue(question="What of the harbour?")
    make_dialogue("gone", question="Whose is it?", state="closed",
                  key_destroyed_on=timezone.localdate())  # fmt: skip
    make_dialogue("draft", question="A secret question?", state="draft")
    page = words(client, PAGE)
    assert (
        "What of the harbour? The key that links votes to browsers is destroyed 14 days after"
        " the final result." in page
    )
    assert "Whose is it? Its key was destroyed on" in page
    assert "A secret question?" not in page


def test_the_page_is_the_same_for_everyone_and_sets_no_cookie(client: Client) -> None:
    stranger = client.get(PAGE)
    assert not stranger.cookies
    carry(client, new_token())
    assert client.get(PAGE).content == stranger.content
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_three_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        make_dialogue(f"d{place}")
    with django_assert_num_queries(3):
        client.get(PAGE)
