"""Writing a comment: what is asked first, what is refused, what is stored, what nobody can tell."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from dialogues.statements.comparing import hashed_inside
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.texts.submission import MOST_WAITING
from middleground.threads.models import NUMBERS, Comment, StatementThread, Thread
from middleground.threads.submit import CommentRefused, comment_on, reply_to
from support.cast import carry, make_comment, make_dialogue, make_participant, make_vote
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
WRITE = "/d/harbour/s/1/comment/"


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True, votes_before_commenting=0, moderation="after")


@pytest.fixture
def statement(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


def confirmed(dialogue: Dialogue) -> bytes:
    return make_participant(dialogue)[0]


def test_a_comment_is_stored_without_a_time_under_a_number_drawn_by_lot(
    dialogue: Dialogue, statement: Statement
) -> None:
    token = confirmed(dialogue)
    one = comment_on(statement, token, "  It smells\nof fish. ", "against")
    two = comment_on(statement, token, "It feeds the town.", "for")
    assert (one.text, one.stance, one.status) == ("It smells of fish.", "against", "approved")
    assert (one.author_id, one.tier) == (pseudonym(dialogue.pk, token), "open")
    assert one.received_on == timezone.localdate()
    assert {one.number in NUMBERS, two.number in NUMBERS} == {True}
    assert abs(one.number - two.number) != 1
    assert Thread.objects.count() == StatementThread.objects.count() == 1
    answer = reply_to(one, token, "So does the market.")
    beside = reply_to(answer, token, "An answer to an answer stands beside it.")
    assert (answer.parent, beside.parent, beside.thread) == (one, one, one.thread)


def test_numbers_do_not_follow_the_order_of_writing(
    dialogue: Dialogue, statement: Statement
) -> None:
    token = confirmed(dialogue)
    numbers = [comment_on(statement, token, f"Reason {n}.", "for").number for n in range(8)]
    assert numbers != sorted(numbers)  # by chance once in 40,320 runs


def test_somebody_who_only_comments_waits_to_be_confirmed(
    dialogue: Dialogue, statement: Statement
) -> None:
    token = new_token()
    comment = comment_on(statement, token, "A first word.", "neither")
    author = Participant.objects.get(pk=pseudonym(dialogue.pk, token))
    assert (comment.status, comment.tier, author.tier) == ("pending", "unconfirmed", "unconfirmed")
    assert [(d.participants, d.statements) for d in dialogue.days.all()] == [(1, 0)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "closed"}, "not_open"),
        ({"takes_comments": False}, "switched_off"),
        ({"votes_before_commenting": 2}, "not_yet"),
    ],
)
def test_who_may_not_write(statement: Statement, change: dict[str, object], code: str) -> None:
    Dialogue.objects.update(**change)
    shown = make_comment(statement, "A reason.")
    for write in (
        lambda: comment_on(statement, new_token(), "Words.", "for"),
        lambda: reply_to(shown, new_token(), "Words."),
    ):
        with refused(CommentRefused, code):
            write()
    assert Comment.objects.count() == 1
    assert Participant.objects.count() == 0


def test_bad_texts_are_refused(dialogue: Dialogue, statement: Statement) -> None:
    token = confirmed(dialogue)
    comment_on(statement, token, "A reason.", "for")
    for text, stance, code in (
        (" \u200b ", "for", "no_words"), ("x" * 1001, "for", "too_long"),
        ("y" * 99_999, "for", "too_long"), ("Words.", "loudly", "no_stance"),
        ("a reason!", "against", "said_already"),
    ):  # fmt: skip
        with refused(CommentRefused, code):
            comment_on(statement, token, text, stance)
    other = dialogue.statements.get(number=2)
    assert comment_on(other, token, "A reason.", "for").status == "approved"  # in another thread


def test_what_calls_for_a_moderator_waits(dialogue: Dialogue, statement: Statement) -> None:
    token = confirmed(dialogue)
    make_comment(statement, "Buy!", status="rejected", reason="spam")
    for text in ("Call me at 213-555-0134.", "buy"):
        assert comment_on(statement, token, text, "for").status == "pending"
    Dialogue.objects.update(moderation="before")
    assert comment_on(statement, token, "Another reason.", "for").status == "pending"
    Dialogue.objects.update(moderation="after", statements_an_hour=1)
    assert comment_on(statement, token, "Beyond the pace.", "for").status == "pending"


def test_others_are_compared_before_anything_is_locked(
    dialogue: Dialogue, statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = confirmed(dialogue)
    inside = hashed_inside(monkeypatch)
    one = comment_on(statement, token, "A reason.", "for")
    assert inside == [True]  # there is no thread yet; of the text alone
    comment_on(statement, token, "Another one.", "for")
    reply_to(one, token, "An answer.")
    assert inside == [True, *[False] * 2, True, *[False] * 3, True]
    assert set(Comment.objects.values_list("status", flat=True)) == {"approved"}


def test_nobody_fills_the_queue_alone(dialogue: Dialogue, statement: Statement) -> None:
    token, author = make_participant(dialogue)
    for number in range(MOST_WAITING):
        make_comment(statement, f"Waits {number}.", author=author, status="pending", reviewed=False)
    with refused(CommentRefused, "too_many_waiting"):
        comment_on(statement, token, "One more.", "for")


def test_answers_take_no_side_and_hidden_comments_get_none(
    dialogue: Dialogue, statement: Statement
) -> None:
    shown = make_comment(statement, "A reason.")
    hidden = make_comment(statement, "Hidden.", status="rejected", reason="spam")
    with refused(CommentRefused, "answer_gone"):
        reply_to(hidden, confirmed(dialogue), "Words.")
    with pytest.raises(IntegrityError, match="takes_no_side"), transaction.atomic():
        make_comment(statement, "For.", parent=shown, stance="for")
    with pytest.raises(IntegrityError, match="never_merged"), transaction.atomic():
        Comment.objects.filter(pk=shown.pk).update(status="merged")


# The page


def test_the_page_says_how_many_votes_are_missing_and_keeps_the_text(client: Client) -> None:
    dialogue = make_dialogue(statements=6, takes_comments=True)  # five votes, by default
    token, participant = make_participant(dialogue)
    make_vote(participant, dialogue.statements.get(number=1), 1)
    participant.votes.update(dealt=True)
    carry(client, token)
    assert "Vote on 4 more statements we choose for you." in words(client, WRITE)
    answer = client.post(WRITE, {"text": "Typed with care.", "stance": "for"})
    assert answer.status_code == 403
    assert "Typed with care." in answer.content.decode()
    assert Comment.objects.count() == 0


def test_personal_data_and_similar_comments_are_pointed_out_first(
    client: Client, dialogue: Dialogue, statement: Statement
) -> None:
    carry(client, confirmed(dialogue))
    make_comment(statement, "The harbour smells of fish in summer.")
    for text, hint in (
        ("Ask Ann at 213-555-0134.", "Could this tell who someone is?"),
        ("The harbour smells of fish in the summer.", "Has this been said already?"),
    ):
        page = client.post(WRITE, {"text": text, "stance": "against"}).content.decode()
        assert hint in page
        assert 'value="against" required checked' in page
        assert Comment.objects.count() == 1
    checked = page.split('name="checked" value="')[1].split('"')[0]
    done = client.post(WRITE, {"text": text, "stance": "against", "checked": checked})
    new = Comment.objects.exclude(text__endswith="in summer.").get()
    assert done["Location"] == f"/d/harbour/mine/?commented={new.number}#comments"
    assert "Thank you. It is shown to others now." in words(client, done["Location"])


def test_bad_input_keeps_what_was_typed(client: Client, dialogue: Dialogue) -> None:
    carry(client, confirmed(dialogue))
    for fields, status, told in (
        ({"text": "No stance."}, 422, "Say if it speaks for"),
        ({"text": "x" * 1003, "stance": "for"}, 422, "Please cut 3 characters."),
        ({"text": "", "stance": "for"}, 422, "You have not written anything yet."),
    ):
        page = client.post(WRITE, fields)
        found = page.content.decode()
        assert (page.status_code, told in found, fields["text"] in found) == (status, True, True)
    Dialogue.objects.update(takes_comments=False)
    page = client.post(WRITE, {"text": "Too late.", "stance": "for"})
    assert (page.status_code, "Too late." in page.content.decode()) == (409, True)
    Dialogue.objects.update(takes_comments=True, open_participation=False)
    carry(client, new_token())
    page = client.post(WRITE, {"text": "No code.", "stance": "for"})
    assert (page.status_code, "No code." in page.content.decode()) == (403, True)
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/d/harbour/s/4/comment/", "/d/harbour/s/99/comment/", "/d/harbour/c/10000002/reply/",
        "/d/harbour/c/5/", "/d/nowhere/s/1/comment/", "/d/airport/c/10000001/",
    ],
)  # fmt: skip
def test_nothing_can_be_written_where_nothing_is_shown(
    client: Client, dialogue: Dialogue, statement: Statement, path: str
) -> None:
    make_dialogue("airport", takes_comments=True)
    make_comment(statement, "A reason.", 10_000_001)
    make_comment(statement, "Hidden.", 10_000_002, status="rejected", reason="spam")
    assert client.get(path).status_code == 404
    assert client.post(path, {"text": "Words.", "stance": "for"}).status_code in {404, 405}
    assert client.get("/d/harbour/c/10000001/").status_code == 200  # the control
