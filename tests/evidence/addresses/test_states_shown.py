"""What pages say of an address: that it answered, does not, or was not checked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from evidence.entered import make_claim
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.copies import store_copy
from middleground.evidence.models import AddressState, Source
from middleground.people.models import User
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGES = ("/d/harbour/sources/", "/d/harbour/sources/1/", "/d/harbour/claims/1/")


@pytest.fixture
def source(dialogue: Dialogue, moderator: User) -> Source:
    """The only source of the claim that has an address."""
    make_claim(moderator, dialogue)
    return dialogue.sources.get(number=1)


def found(source: Source, **fields: Any) -> None:
    state = {
        "address": source.address,
        "looked_on": date(2026, 5, 20),
        "next_at": datetime(2026, 5, 27, tzinfo=UTC),
    }
    AddressState.objects.update_or_create(source=source, defaults={**state, **fields})


@pytest.mark.usefixtures("source")
def test_what_nobody_looked_at_is_not_checked(client: Client) -> None:
    for path in PAGES:
        assert words(client, path).count("Address not checked") == 1, path


def test_an_address_that_answered(client: Client, source: Source) -> None:
    found(source, answered_on=date(2026, 5, 20))
    for path in PAGES:
        assert "Address answered on May 20, 2026" in words(client, path), path


def test_an_address_that_failed_once_is_told_by_when_it_answered(
    client: Client, source: Source
) -> None:
    found(source, answered_on=date(2026, 5, 1), failures=2, failing_since=date(2026, 5, 19))
    for path in PAGES:
        assert "Address answered on May 1, 2026" in words(client, path), path


def test_a_dead_address_and_the_copy(client: Client, source: Source, moderator: User) -> None:
    found(source, answered_on=date(2026, 5, 1), dead_since=date(2026, 5, 3))
    for path in PAGES:
        page = words(client, path)
        assert "The address has not worked since May 3, 2026" in page, path
        assert "archived copy is here" not in page, path
    store_copy(moderator, source, b"What it says.")
    for path in PAGES:
        assert "since May 3, 2026; archived copy is here" in words(client, path), path
        assert 'href="/d/harbour/sources/1/copy/"' in client.get(path).content.decode(), path


def test_what_was_found_of_another_address_is_not_shown(client: Client, source: Source) -> None:
    found(source, answered_on=date(2026, 5, 20), address="https://example.org/before")
    assert "Address not checked" in words(client, PAGES[1])


def test_staff_see_which_do_not_answer(
    client: Client, desk: Client, outsider: Client, source: Source
) -> None:
    path = "/desk/harbour/sources/"
    found(source, answered_on=date(2026, 5, 20))
    assert "Addresses that do not answer" not in words(desk, path)
    found(source, dead_since=date(2026, 5, 3))
    assert f"1 {source.title} since May 3, 2026" in words(desk, path)
    assert (outsider.get(path).status_code, client.get(path).status_code) == (403, 302)
    source.address = "https://example.org/moved"
    source.save()
    assert "Addresses that do not answer" not in words(desk, path)


def test_a_list_takes_as_many_queries_with_states_as_without(
    client: Client, source: Source, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        client.get(PAGES[0])
    for each in Source.objects.all():
        found(each, answered_on=date(2026, 5, 20))
    with django_assert_num_queries(4):
        client.get(PAGES[0])
    assert source.pk
