"""Marks: only their author's token finds them, nothing ties two of them, and each way out works."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from middleground.answers.models import AnswerRules
from middleground.dialogues.identity.keys import key_bytes
from middleground.dialogues.identity.tokens import new_token, phrase, token_from_phrase
from middleground.dialogues.models import Dialogue, Participant, Statement, StatementMark
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import delete_own_votes, take_text_back
from middleground.dialogues.privacy.retention import delete_texts, destroy_key
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.texts import marks
from middleground.dialogues.texts.marks import forget_marks, mark_of, marked_by
from middleground.threads.models import Comment, CommentMark
from middleground.threads.submit import comment_on
from support.cast import carry, make_dialogue, make_participant, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
RULES = {"moderation": "after", "votes_before_writing": 0, "votes_before_commenting": 0}


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True, **RULES)


def own_marks(token: bytes) -> tuple[list[int], list[int]]:
    """The numbers of statements and comments that this token finds."""
    found = []
    for model in (Statement, Comment):
        kind = kind_of(model)
        pks = marked_by(token, kind.texts)
        found.append(sorted(kind.texts.filter(pk__in=pks).values_list("number", flat=True)))
    return found[0], found[1]


def test_after_the_key_is_destroyed_only_the_token_leads_to_the_text(dialogue: Dialogue) -> None:
    (mine, _), (theirs, _) = make_participant(dialogue), make_participant(dialogue)
    sent = submit_statement(dialogue, mine, "Lights on the quay.", marked=True)
    submit_statement(dialogue, mine, "No lights at night.")
    comment = comment_on(sent, mine, "They wake the gulls.", "against", marked=True)
    submit_statement(dialogue, theirs, "More benches.", marked=True)
    destroy_key(dialogue)
    assert set(Statement.objects.values_list("author", flat=True)) == {None}
    assert own_marks(mine) == ([sent.number], [comment.number])
    assert own_marks(token_from_phrase(phrase(mine))) == own_marks(mine)  # on another device
    assert own_marks(new_token()) == ([], [])


def linked(rows: list[bytes]) -> int:
    """How many marks say that they belong to another."""
    return sum(rows.count(mark) > 1 for mark in rows)


def two_texts_each(dialogue: Dialogue, people: int) -> list[bytes]:
    """The marks that the database then holds, of all people."""
    for one in range(people):
        token, _ = make_participant(dialogue)
        for text in ("first", "second"):
            submit_statement(dialogue, token, f"My {text} of {one}.", marked=True)
    return [bytes(mark) for mark in StatementMark.objects.values_list("mark", flat=True)]


def test_nothing_ties_two_marks_of_one_person(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_texts_each(dialogue, 5)
    assert (len(found), linked(found)) == (10, 0)
    assert {len(mark) for mark in found} == {16}
    # Neither the dialogue's key nor a pseudonym makes one.
    kind, secrets = kind_of(Statement), [key_bytes(dialogue.pk)]
    secrets += [pk.to_bytes(8, "big") for pk in Participant.objects.values_list("pk", flat=True)]
    numbers = Statement.objects.values_list("number", flat=True)
    tried = {mark_of(secret, kind, dialogue.pk, n) for secret in secrets for n in numbers}
    assert tried & set(found) == set()
    # The control: one mark for each person ties all that they wrote.
    monkeypatch.setattr(marks, "mark_of", lambda token, *_: mark_of(token, kind, 0, 0))
    StatementMark.objects.all().delete()
    assert linked(two_texts_each(make_dialogue("bridge", **RULES), 5)) == 10


def _takes_it_back(dialogue: Dialogue, token: bytes) -> None:
    marked = dialogue.statements.get(mark__isnull=False)
    for text in (marked, Comment.objects.get()):
        Statement.objects.filter(pk=text.pk).update(status="pending")
        assert take_text_back(dialogue, token, text.number, kind_of(type(text)))


def _deletes_their_data(dialogue: Dialogue, token: bytes) -> None:
    delete_own_votes(dialogue, token, texts_too=True)


def _is_rejected_for_good(dialogue: Dialogue, _token: bytes) -> None:
    for kind in (kind_of(Statement), kind_of(Comment)):
        delete_texts(dialogue, kind.of(dialogue).filter(mark__isnull=False))


def _takes_the_marks_away(dialogue: Dialogue, token: bytes) -> None:
    destroy_key(dialogue)  # it works all the same
    assert forget_marks(new_token()) == 0
    assert forget_marks(token) == 2


@pytest.mark.parametrize(
    "end", [_takes_it_back, _deletes_their_data, _is_rejected_for_good, _takes_the_marks_away]
)
def test_a_mark_ends_with(dialogue: Dialogue, end: Callable[[Dialogue, bytes], None]) -> None:
    token, _ = make_participant(dialogue)
    other, _ = make_participant(dialogue)
    kept = submit_statement(make_dialogue("bridge", **RULES), other, "Mine stays.", marked=True)
    sent = submit_statement(dialogue, token, "Lights on the quay.", marked=True)
    comment_on(make_statement(dialogue, 90), token, "They help.", "for", marked=True)
    assert (sent.mark.pk, CommentMark.objects.count()) == (sent.pk, 1)
    end(dialogue, token)
    assert list(StatementMark.objects.values_list("pk")) == [(kept.pk,)]
    assert not CommentMark.objects.exists()


def test_deleting_the_votes_alone_keeps_the_mark(dialogue: Dialogue) -> None:
    token, _ = make_participant(dialogue)
    submit_statement(dialogue, token, "Lights on the quay.", marked=True)
    delete_own_votes(dialogue, token, texts_too=False)
    assert StatementMark.objects.count() == 1


def test_the_box_is_ticked_where_answers_are_promised_and_can_be_unticked(
    dialogue: Dialogue,
) -> None:
    client, write, comment = Client(), "/d/harbour/write/", "/d/harbour/s/1/comment/"
    carry(client, make_participant(dialogue)[0])
    assert b'name="mark"' not in client.get(write).content
    AnswerRules.objects.create(dialogue=dialogue)
    box = re.compile(rb'name="mark" value="1" id="mark" (checked)?>')
    for page in (write, comment):
        assert box.findall(client.get(page).content) == [b"checked"], page
    # The choice survives a form that comes back.
    assert box.findall(client.post(write, {"text": ""}).content) == [b""]
    assert box.findall(client.post(write, {"text": "", "mark": "1"}).content) == [b"checked"]
    client.post(write, {"text": "Lights on the quay."})
    client.post(comment, {"text": "It is dark.", "stance": "for"})
    assert not StatementMark.objects.exists() | CommentMark.objects.exists()
    client.post(write, {"text": "More benches there.", "mark": "1"})
    client.post(comment, {"text": "It is far.", "stance": "against", "mark": "1"})
    assert (StatementMark.objects.count(), CommentMark.objects.count()) == (1, 1)


def test_one_s_own_page_tells_of_the_marks_and_takes_them_away(dialogue: Dialogue) -> None:
    client, token = Client(), make_participant(dialogue)[0]
    carry(client, token)
    assert b"Your marks" not in client.get("/you/").content
    submit_statement(dialogue, token, "Lights on the quay.", marked=True)
    assert b"1 text of yours has a mark" in client.get("/you/").content
    destroy_key(dialogue)
    Dialogue.objects.update(key_destroyed_on=timezone.localdate())
    assert b"1 text of yours has a mark" in client.get("/you/").content
    assert client.get("/you/marks/").status_code == 302
    assert StatementMark.objects.count() == 1
    assert client.post("/you/marks/").headers["Location"] == "/you/?no-marks"
    assert not StatementMark.objects.exists()
    assert b"You have no marks any more" in client.get("/you/?no-marks").content
