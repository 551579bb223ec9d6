"""A body's page has all that it owes, promised and answered, page by page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from answers.commitments.promised import promise
from answers.entered import answer_case, make_case
from middleground.answers.cases.owners import assign
from middleground.answers.parts import bodies
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
BODY = "/bodies/police/"


@pytest.fixture
def busy(
    staff: User, harbour: Dialogue, chief: Appointment, monkeypatch: pytest.MonkeyPatch
) -> Dialogue:
    """Three cases that are owed, three that are answered with a promise; pages of two."""
    for name in ("MOST_OWED", "MOST_ANSWERED", "MOST_PROMISED"):
        monkeypatch.setattr(bodies, name, 2)
    for number in range(1, 4):
        assign(staff, make_case(staff, harbour, 1, title=f"Owed {number}"), chief.post.body)
        promise(make_case(staff, harbour, 2, title=f"Told {number}"), chief, f"Thing {number}")
    return harbour


@pytest.mark.usefixtures("busy")
def test_each_list_has_pages_of_its_own_and_counts_the_whole(client: Client) -> None:
    first = words(client, BODY)
    for part in ("What it owes 3", "3 promised: 0 kept, 3 to come", "What it has answered 3"):
        assert part in first
    last = client.get(f"{BODY}?owes=2&promised=2&answered=2").content.decode()
    listed = sorted(re.findall(r">((?:Owed|Told|Thing) \d)</a>", last))
    assert listed == ["Owed 3", "Thing 3", "Told 1"]  # what was answered last comes first
    assert 'href="?owes=2&amp;promised=2&amp;answered=1#answered"' in last
    assert "To come 3" in words(client, f"{BODY}?promised=2")
    assert words(client, f"{BODY}?owes=x&answered=9") == words(client, f"{BODY}?answered=2")


@pytest.mark.usefixtures("busy")
def test_what_of_two_pages_is_listed_once(client: Client) -> None:
    pages = [client.get(f"{BODY}?owes={page}").content.decode() for page in (1, 2)]
    assert [re.findall(r">(Owed \d)</a>", page) for page in pages] == [
        ["Owed 1", "Owed 2"], ["Owed 3"],
    ]  # fmt: skip


def test_lists_of_one_page_have_no_pages(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment
) -> None:
    answer_case(make_case(staff, harbour, 1), chief)
    assert "Page 1 of" not in words(client, BODY)
