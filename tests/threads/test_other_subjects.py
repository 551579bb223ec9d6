"""Threads below sources of evidence and below cases and their answers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.entered import make_case
from evidence.entered import make_source
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.sources import withdraw_source
from middleground.people.models import User
from middleground.threads.models import NUMBERS, Comment, Reaction
from middleground.threads.subjects import begin_thread, name_of_subject
from support.cast import carry, make_dialogue, make_participant, make_staff
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True, votes_before_commenting=0)


@pytest.fixture
def staff() -> User:
    return make_staff(email="fay@example.org")


@pytest.mark.parametrize(
    ("page", "name", "title"),
    [
        ("/d/harbour/sources/1/", "source 1", "Figures of the port"),
        ("/d/harbour/answers/1/", "case 1", "Patrols at the quay"),
    ],
)
def test_people_discuss_it_as_they_discuss_a_statement(
    client: Client, dialogue: Dialogue, staff: User, page: str, name: str, title: str
) -> None:
    make_source(staff, dialogue)
    make_case(staff, dialogue, 1)
    assert "Nobody has said anything yet." in words(client, page)
    assert client.get(f"{page}comment/").status_code == 200
    carry(client, make_participant(dialogue)[0])
    for stance, text in (("for", "It counts every ship."), ("against", "It leaves out the night.")):
        answer = client.post(f"{page}comment/", {"text": text, "stance": stance})
        assert "/d/harbour/mine/" in answer["Location"]
    assert "It counts" not in words(client, page)  # a moderator looks first
    Comment.objects.update(status="approved", reviewed=True, author=None)
    shown = words(client, page)
    assert shown.index("For it") < shown.index("It counts every ship.")
    assert shown.index("Against it") < shown.index("It leaves out the night.")
    response = client.get(page)
    assert ("no-store" in response["Cache-Control"], "Cookie" in response["Vary"]) == (True, True)
    first = Comment.objects.get(stance="for")
    own = words(client, first.get_absolute_url())
    assert (title in own, "It counts every ship." in own) == (True, True)
    assert name_of_subject(first.thread) == name
    address = f"{first.get_absolute_url()}react/"
    assert client.post(address, {"reaction": "worth"})["Location"] == (
        f"{page}?page=1#c{first.number}"
    )
    assert Reaction.objects.count() == 1
    for wrong in ("sources/9", "answers/9"):
        assert client.get(f"/d/harbour/{wrong}/comment/").status_code == 404


def test_a_page_costs_the_same_for_one_comment_and_for_many(
    client: Client, dialogue: Dialogue, staff: User
) -> None:
    source = make_source(staff, dialogue)
    thread = begin_thread(dialogue, source)

    def queries(comments: int) -> int:
        for _ in range(comments):
            number = NUMBERS.start + Comment.objects.count()
            Comment.objects.create(
                dialogue=dialogue, thread=thread, number=number, text=f"{number}.",
                dedup_hash=f"{number}", status="approved", tier="open", received_on="2026-01-01",
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/d/harbour/sources/1/").status_code == 200
        return len(captured)

    assert queries(1) == queries(3)


def test_a_source_that_is_withdrawn_keeps_its_comments_and_takes_no_more(
    client: Client, dialogue: Dialogue, staff: User
) -> None:
    source = make_source(staff, dialogue)
    carry(client, make_participant(dialogue)[0])
    page = "/d/harbour/sources/1/"
    client.post(f"{page}comment/", {"text": "It counts every ship.", "stance": "for"})
    Comment.objects.update(status="approved", reviewed=True)
    withdraw_source(staff, source, "It was retracted.")
    shown = words(client, page)
    assert ("It counts every ship." in shown, "Write a comment" in shown) == (True, False)
    assert client.get(f"{page}comment/").status_code == 404
