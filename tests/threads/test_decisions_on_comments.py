"""Comments at the desk, appeals, own data, retention and the public log: as statements."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.models import Dialogue, Participant, StaffAction, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import (
    Deleted,
    delete_own_votes,
    take_text_back,
)
from middleground.dialogues.privacy import retention
from middleground.dialogues.texts.decisions import reject
from middleground.ledger.records.entries import SealedText, TextModeration
from middleground.people.models import User
from middleground.publiclog.publisher import publish_log
from middleground.threads.models import Comment, CommentAction, CommentAppeal
from middleground.threads.submit import comment_on
from support.cast import carry, make_comment, make_dialogue, make_participant, make_staff
from support.logged import entries, recounted
from support.reading import words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]
QUEUE = "/desk/harbour/moderation/comments/"
APPEALS = "/desk/harbour/appeals/comments/"


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True, votes_before_commenting=0)


@pytest.fixture
def statement(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


@pytest.fixture
def moderator() -> User:
    return make_staff("moderator", "mo@example.org")


@pytest.fixture
def desk(moderator: User) -> Client:
    client = Client()
    client.force_login(moderator)
    return client


def test_a_waiting_comment_is_approved_rejected_and_taken_back(
    desk: Client, moderator: User, statement: Statement
) -> None:
    token, _author = make_participant(statement.dialogue)
    one = comment_on(statement, token, "It smells.", "against")
    page = words(desk, QUEUE)
    assert "against it: Statement number 1." in page
    assert "Comments 1 waiting" in words(desk, "/desk/harbour/")
    for decide, seen, more, status in (
        ("approve", "waiting", {}, "approved"),
        ("reject", "shown", {f"reason-{one.number}": "attack"}, "rejected"),
        ("take_back", "rejected", {}, "pending"),
    ):
        fields = {"decide": f"{decide}:{one.number}", f"seen-{one.number}": seen, **more}
        answer = desk.post(f"{QUEUE}?tab=shown", fields)
        assert answer["Location"].startswith(QUEUE)
        one.refresh_from_db()
        assert one.status == status
    acts = CommentAction.objects.filter(comment=one).order_by("pk")
    assert [act.verb for act in acts] == ["approve", "reject", "take_back"]
    assert StaffAction.objects.filter(dialogue=statement.dialogue).count() == 3
    assert desk.get("/desk/harbour/moderation/nothing/").status_code == 404


def test_a_comment_can_be_hidden_and_shown_after_the_final_result(
    desk: Client, statement: Statement
) -> None:
    dialogue = statement.dialogue
    shown = make_comment(statement, "A reason.")
    waits = make_comment(statement, "Late.", status="pending", reviewed=False)
    dialogue.maps.create(made_at=timezone.now(), final=True, participants=9, data={})
    desk.post(QUEUE, {"decide": f"approve:{waits.number}", f"seen-{waits.number}": "waiting"})
    fields = {"decide": f"reject:{shown.number}", f"reason-{shown.number}": "spam"}
    desk.post(QUEUE, {**fields, f"seen-{shown.number}": "shown"})
    found = dict(Comment.objects.values_list("text", "status"))
    assert found == {"A reason.": "rejected", "Late.": "approved"}


def test_its_author_appeals_and_another_moderator_decides(
    client: Client, desk: Client, moderator: User, statement: Statement
) -> None:
    token, author = make_participant(statement.dialogue)
    comment = make_comment(statement, "It smells.", author=author)
    reject(moderator, comment, "shown", "attack")
    where = f"/d/harbour/mine/comments/{comment.number}/appeal/"
    assert client.get(where).status_code == 404  # somebody else's
    carry(client, token)
    assert "decided this: attacks or threatens people" in words(client, "/d/harbour/mine/")
    answer = client.post(where, {"text": "It does smell."})
    assert answer["Location"] == "/d/harbour/mine/?appealed=other#comments"
    assert "You asked for a second look" in words(client, "/d/harbour/mine/")
    colleague = Client()
    colleague.force_login(make_staff("moderator", "second@example.org"))
    desk.post(APPEALS, {"decide": f"change:{comment.number}"})
    comment.refresh_from_db()
    assert comment.status == "rejected"  # who decided first may not
    colleague.post(APPEALS, {"decide": f"change:{comment.number}"})
    comment.refresh_from_db()
    assert (comment.status, CommentAppeal.objects.get().text) == ("approved", "")
    assert "A second moderator looked at it." in words(client, "/d/harbour/mine/")


def test_only_its_author_takes_a_comment_back_while_the_dialogue_is_open(
    client: Client, statement: Statement
) -> None:
    dialogue = statement.dialogue
    token, author = make_participant(dialogue)
    comment = make_comment(statement, "It smells.", author=author)
    waits = make_comment(statement, "Waits.", author=author, status="pending", reviewed=False)
    back = f"/d/harbour/mine/comments/{comment.number}/take-back/"
    carry(client, make_participant(dialogue)[0])
    assert client.post(back)["Location"] == "/d/harbour/mine/?taken-back=no"
    carry(client, token)
    assert client.post(back)["Location"] == "/d/harbour/mine/?taken-back=yes"
    assert take_text_back(dialogue, token, waits.number, kind_of(Comment))
    assert list(Comment.objects.values_list("text", "author", "status")) == [("", None, "rejected")]


def test_own_data_count_comments_and_deleting_them_works_as_for_statements(
    client: Client, moderator: User, statement: Statement
) -> None:
    dialogue = statement.dialogue
    token, author = make_participant(dialogue)
    shown = make_comment(statement, "Shown.", author=author)
    make_comment(statement, "Waits.", author=author, status="pending", reviewed=False)
    rejected = make_comment(statement, "Rejected.", author=author)
    reject(moderator, rejected, "shown", "spam")
    carry(client, token)
    assert "3 other texts" in words(client, "/you/")
    assert delete_own_votes(dialogue, token, texts_too=False) == Deleted(0, 0, 0)
    assert Participant.objects.filter(pk=author.pk).exists()  # the comments still lead to it
    assert delete_own_votes(dialogue, token, texts_too=True) == Deleted(0, 1, 2)
    assert not Participant.objects.filter(pk=author.pk).exists()
    shown.refresh_from_db()
    rejected.refresh_from_db()
    assert [(each.text, each.author) for each in (shown, rejected)] == [
        ("Shown.", None), ("", None),
    ]  # fmt: skip


def test_rejected_words_go_after_a_week_and_authors_with_the_key(
    moderator: User, statement: Statement
) -> None:
    dialogue = statement.dialogue
    author = make_participant(dialogue)[1]
    rejected = make_comment(statement, "Rejected.", author=author)
    reject(moderator, rejected, "shown", "spam")
    now = timezone.now()
    assert retention.delete_rejected_texts(now + timedelta(days=6)) == 0
    retention.set_hold(moderator, dialogue, "texts", "a court")
    assert retention.delete_rejected_texts(now + timedelta(days=8)) == 0
    retention.lift_hold(moderator, dialogue, "texts")
    assert retention.delete_rejected_texts(now + timedelta(days=8)) == 1
    make_comment(statement, "Waits.", author=author, status="pending", reviewed=False)
    make_comment(statement, "Shown.", author=author)
    retention.destroy_key(dialogue)
    assert set(Comment.objects.values_list("text", "author", "reason")) == {
        ("", None, "spam"), ("Shown.", None, ""),
    }  # fmt: skip


def test_the_log_seals_comments_and_tells_what_was_decided(
    folder: Path, moderator: User, statement: Statement
) -> None:
    token, _author = make_participant(statement.dialogue)
    comment = comment_on(statement, token, "It smells.", "against")
    publish_log()
    reject(moderator, comment, "waiting", "off_topic")
    shown = comment_on(statement, token, "It feeds the town.", "for")
    Comment.objects.filter(pk=shown.pk).update(status="approved")
    publish_log()
    found = entries(folder)
    sealed = [each for each in found if isinstance(each, SealedText)]
    ours = {each.number for each in sealed if each.collection == "comments"}
    assert ours == {comment.number, shown.number}
    told = TextModeration("harbour", "comments", comment.number, "reject", "off_topic")
    assert [each for each in found if isinstance(each, TextModeration)] == [told]
    opened = (folder / "texts/harbour/comments").read_text("utf-8")
    assert ("It feeds the town." in opened, "It smells." in opened) == (True, False)
    assert recounted(folder).holds


def test_the_moderation_log_counts_comments_apart_and_in_steps(
    client: Client, statement: Statement
) -> None:
    page = words(client, "/d/harbour/moderation/")
    assert "Comments" not in page
    for n in range(6):
        make_comment(statement, f"Bad {n}.", status="rejected", reason="attack")
    for n in range(9):
        make_comment(statement, f"Good {n}.")
    make_comment(statement, "Gone.", status="rejected")
    page = words(client, "/d/harbour/moderation/")
    counted = page[page.index("Comments") :]
    assert "shown at least 5" in counted
    assert "attacks or threatens people at least 5" in counted
    assert "withdrawn by their authors fewer than 5" in counted
