"""What everybody sees of a thread: sides, answers, what was hidden, tiers, and pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue, Statement, StoredMap
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import take_text_back
from middleground.dialogues.texts.decisions import reject
from middleground.threads.models import NUMBERS, Comment
from middleground.threads.pages.listing import A_PAGE, sides_of
from middleground.threads.subjects import thread_of
from support.cast import make_comment, make_dialogue, make_participant, make_staff
from support.reading import words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/s/1/"


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True)


@pytest.fixture
def statement(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


def test_a_dialogue_without_comments_says_nothing_of_them(client: Client) -> None:
    dialogue = make_dialogue()
    assert 'id="comments"' not in client.get(PAGE).content.decode()
    Dialogue.objects.update(takes_comments=True)
    assert "Nobody has said anything yet." in words(client, PAGE)
    make_comment(dialogue.statements.get(number=1), "A reason.")
    Dialogue.objects.update(takes_comments=False)  # what was written stays
    page = words(client, PAGE)
    assert ("A reason." in page, "Write a comment" in page) == (True, False)


def test_arguments_stand_by_side_with_their_answers(client: Client, statement: Statement) -> None:
    pro = make_comment(statement, "It feeds the town.", stance="for")
    make_comment(statement, "It smells.", stance="against")
    make_comment(statement, "How many ships?")
    make_comment(statement, "Not for long.", parent=pro)
    make_comment(statement, "Waiting answer.", parent=pro, status="pending", reviewed=False)
    make_comment(statement, "Waiting.", status="pending", reviewed=False)
    page = words(client, PAGE)
    order = ["For it", "It feeds the town.", "Not for long.", "Against it", "It smells.",
             "Questions and remarks", "How many ships?"]  # fmt: skip
    assert [page.index(each) for each in order] == sorted(page.index(each) for each in order)
    assert "Waiting" not in page
    own = words(client, pro.get_absolute_url())
    assert ("It feeds the town." in own, "Not for long." in own, "It smells." in own) == (
        True, True, False,
    )  # fmt: skip


def test_what_is_hidden_or_withdrawn_keeps_its_place_only_below_answers(
    client: Client, dialogue: Dialogue, statement: Statement
) -> None:
    token, author = make_participant(dialogue)
    hidden = make_comment(statement, "Hidden words.")
    withdrawn = make_comment(statement, "Withdrawn words.", author=author)
    make_comment(statement, "Answer one.", parent=hidden)
    make_comment(statement, "Answer two.", parent=withdrawn)
    alone = make_comment(statement, "Alone.", author=author)
    reject(make_staff("moderator"), hidden, "shown", "attack")
    for each in (withdrawn, alone):
        assert take_text_back(dialogue, token, each.number, kind_of(Comment))
    page = words(client, PAGE)
    for text, shown in (
        ("Hidden words", False), ("Withdrawn words", False), ("Alone.", False),
        ("Answer one.", True), ("Answer two.", True), ("Its author withdrew it.", True),
        ("A moderator does not show it.", True),
    ):  # fmt: skip
        assert (text in page) is shown, text
    assert client.get(withdrawn.get_absolute_url()).status_code == 200
    assert client.get(alone.get_absolute_url()).status_code == 404
    withdrawn.refresh_from_db()
    assert (withdrawn.text, withdrawn.author, withdrawn.dedup_hash) == ("", None, "")
    assert withdrawn.is_withdrawn


def test_a_hidden_statement_hides_its_thread_and_a_merged_one_keeps_it(
    client: Client, dialogue: Dialogue, statement: Statement
) -> None:
    comment = make_comment(statement, "A reason.")
    Statement.objects.filter(pk=statement.pk).update(
        status="merged", reviewed=True, merged_into=dialogue.statements.get(number=2)
    )
    assert "A reason." in words(client, PAGE)
    assert "Write a comment" not in words(client, PAGE)
    assert client.get(comment.get_absolute_url()).status_code == 200
    assert client.get(f"{PAGE}comment/").status_code == 404
    Statement.objects.filter(pk=statement.pk).update(
        status="rejected", reason="spam", merged_into=None
    )
    assert client.get(PAGE).status_code == 404
    assert client.get(comment.get_absolute_url()).status_code == 404
    assert client.get(f"{comment.get_absolute_url()}reply/").status_code == 404


def test_a_tier_is_told_only_of_enough_people(
    client: Client, dialogue: Dialogue, statement: Statement
) -> None:
    make_comment(statement, "Invited words.", tier="invited")
    assert "admitted" not in words(client, PAGE)  # no map yet
    facts = {"dialogue": dialogue, "participants": 9, "data": {}}
    newest = StoredMap.objects.create(**facts, tiers={"invited": 4}, made_at="2026-01-01T00:00Z")
    sides = sides_of(dialogue, thread_of(statement), "1")
    assert [each.tier for side in sides for each in side.shown] == [""]
    StoredMap.objects.filter(pk=newest.pk).update(tiers={"invited": 5})
    sides = sides_of(dialogue, thread_of(statement), "1")
    assert [each.tier for side in sides for each in side.shown] == ["invited"]
    StoredMap.objects.filter(pk=newest.pk).update(tiers_apart=False)
    sides = sides_of(dialogue, thread_of(statement), "1")
    assert [each.tier for side in sides for each in side.shown] == [""]


def test_words_of_either_direction_stand_alone(client: Client, statement: Statement) -> None:
    make_comment(statement, "الميناء للجميع <b>", stance="for")
    page = client.get(PAGE).content.decode()
    assert '<p class="comment-text" dir="auto" lang="ar">الميناء للجميع &lt;b&gt;</p>' in page


@pytest.mark.sqlite
def test_ten_thousand_comments_are_paged_in_as_many_queries_as_one(
    client: Client, statement: Statement, django_assert_num_queries: Any
) -> None:
    first = make_comment(statement, "A reason.", stance="for")
    for stance in ("against", "neither"):
        make_comment(statement, f"A word {stance}.", stance=stance)
    with django_assert_num_queries(18):
        client.get(PAGE)
    common = {
        "dialogue": statement.dialogue, "thread": first.thread, "status": "approved",
        "received_on": first.received_on, "tier": "open",
    }  # fmt: skip
    Comment.objects.bulk_create(
        Comment(
            number=NUMBERS.start + 10 + n, text=f"Reason {n}.", dedup_hash=f"{n}",
            stance=Comment.Stance.values[n % 3], **common,
        )
        for n in range(10_000)
    )  # fmt: skip
    with django_assert_num_queries(18):
        page = client.get(f"{PAGE}?page=150")
    assert page.content.decode().count('<li class="comment"') == 3 * A_PAGE
    assert "Page 150 of 167" in words_of(page)
    assert client.get(f"{PAGE}?page=nonsense").status_code == 200
    assert client.get(f"{PAGE}?page=9999").status_code == 200
