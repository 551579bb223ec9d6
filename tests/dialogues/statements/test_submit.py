"""Statements by participants: acceptance, refusal, and numbering."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dialogues.statements.comparing import hashed_inside
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Statement
from middleground.dialogues.statements import submit
from middleground.dialogues.statements.submit import StatementRefused, submit_statement
from middleground.dialogues.texts import search
from middleground.dialogues.texts.submission import MOST_WAITING, Looked, look_ahead, next_number
from middleground.texts.sameness import near_hash
from support.cast import make_dialogue, make_participant, make_statement
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TOKEN = bytes(range(16))


def stored() -> list[tuple[int, str, str]]:
    rows = Statement.objects.order_by("number")
    return list(rows.values_list("number", "text", "status"))


def test_a_statement_waits_under_moderation_before_showing() -> None:
    dialogue = make_dialogue(statements=2)
    statement = submit_statement(dialogue, TOKEN, "  A park,\nnot a road ")
    assert (statement.number, statement.text) == (3, "A park, not a road")
    assert (statement.status, statement.origin, statement.reviewed) == (
        "pending", "participant", False,
    )  # fmt: skip
    assert statement.received_on == timezone.now().date()
    assert statement.author_id == pseudonym(dialogue.pk, TOKEN)
    dialogue.refresh_from_db()
    assert dialogue.revision == 0


def test_a_statement_is_shown_at_once_under_later_moderation() -> None:
    dialogue = make_dialogue(moderation="after")
    make_participant(dialogue, TOKEN)
    statement = submit_statement(dialogue, TOKEN, "A park")
    assert (statement.status, statement.reviewed) == ("approved", False)
    dialogue.refresh_from_db()
    assert dialogue.revision == 1


def test_a_statement_of_an_unconfirmed_participant_always_waits() -> None:
    """Otherwise programs could fill the page."""
    dialogue = make_dialogue(moderation="after")
    assert submit_statement(dialogue, TOKEN, "A park").status == "pending"


def test_a_statement_with_likely_personal_data_always_waits() -> None:
    dialogue = make_dialogue(moderation="after")
    statement = submit_statement(dialogue, TOKEN, "Ask jo@example.org about the park")
    assert statement.status == "pending"


def test_the_words_of_a_rejected_statement_always_wait() -> None:
    dialogue = make_dialogue(moderation="after", statements=0)
    make_statement(dialogue, 1, "A park!", status="rejected", reason="unclear")
    assert submit_statement(dialogue, TOKEN, "a park").status == "pending"


def test_only_the_first_statement_creates_the_participant() -> None:
    dialogue = make_dialogue()
    submit_statement(dialogue, TOKEN, "A park")
    submit_statement(dialogue, TOKEN, "A road")
    assert list(Participant.objects.values_list("dialogue_id", "tier")) == [
        (dialogue.pk, "unconfirmed")
    ]
    day = DailyCount.objects.get()
    assert (day.participants, day.votes, day.statements) == (1, 0, 2)


def test_numbers_count_within_a_dialogue() -> None:
    first, second = make_dialogue(statements=7), make_dialogue("bridge", statements=0)
    assert submit_statement(first, TOKEN, "A park").number == 8
    assert submit_statement(second, TOKEN, "A park").number == 1


@pytest.mark.parametrize("text", ["", " \n\t", "\u202e", "\x00\x07", "…!", "\ud800"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with refused(StatementRefused, "no_words"):
        submit_statement(make_dialogue(statements=0), TOKEN, text)
    assert stored() == []


def test_nothing_is_taken_out_without_a_word() -> None:
    dialogue = make_dialogue(statements=0)
    with pytest.raises(StatementRefused) as caught:
        submit_statement(dialogue, TOKEN, "A \u202epark\x00\x1b <script>alert(1)</script>")
    assert caught.value.code == "deceptive"
    cleaned = "A park <script>alert(1)</script>"
    names = "U+202E, U+0000, U+001B"
    assert caught.value.values == {"names": names, "cleaned": cleaned}
    assert names in caught.value.message
    submit_statement(dialogue, TOKEN, cleaned)
    assert stored() == [(1, cleaned, "pending")]


def test_the_hosts_limit_applies_to_the_stored_text() -> None:
    dialogue = make_dialogue(statements=0, statement_limit=40)
    submit_statement(dialogue, TOKEN, "a" * 20 + " " * 30 + "b" * 19)
    with pytest.raises(StatementRefused) as caught:
        submit_statement(dialogue, TOKEN, "c" * 41)
    assert caught.value.code == "too_long"
    assert caught.value.values == {"length": 41, "limit": 40, "over": 1}
    assert len(stored()) == 1


@pytest.mark.parametrize("letter", ["ệ", "각", "水", "é"])
def test_a_letter_counts_once_however_a_keyboard_sends_it(letter: str) -> None:
    dialogue = make_dialogue(statements=0, statement_limit=140)
    decomposed = unicodedata.normalize("NFD", letter * 140)
    assert (len(decomposed) > 140) == (letter != "水")
    assert submit_statement(dialogue, TOKEN, decomposed).text == letter * 140
    with refused(StatementRefused, "too_long"):
        submit_statement(dialogue, TOKEN, decomposed + letter)


def test_ten_megabytes_are_refused_at_once() -> None:
    dialogue = make_dialogue(statements=0)
    with pytest.raises(StatementRefused) as caught:
        submit_statement(dialogue, TOKEN, "a" * 10_000_000)
    assert caught.value.code == "too_long"
    assert caught.value.values["length"] == 10_000_000


@pytest.mark.parametrize(
    "text", ["statement number 1", "Statement number 1!", "Statement  number\u200b 1."]
)
def test_the_same_words_are_refused_with_the_existing_statement(text: str) -> None:
    dialogue = make_dialogue(statements=1)
    with pytest.raises(StatementRefused) as caught:
        submit_statement(dialogue, TOKEN, text)
    assert caught.value.code == "said_already"
    assert caught.value.values == {"existing": Statement.objects.get()}


@pytest.mark.parametrize("status", ["approved", "pending", "rejected"])
def test_what_differs_in_signs_waits_for_a_moderator(status: str) -> None:
    """Else a rejected text could appear by changing a comma, and one text a hundred times."""
    dialogue = make_dialogue(statements=0, moderation="after")
    make_participant(dialogue, TOKEN)
    reason = {"reason": "spam"} if status == "rejected" else {}
    make_statement(dialogue, 1, "Cut it by 5 percent.", status=status, **reason)
    assert submit_statement(dialogue, TOKEN, "CUT it by -5 percent!").status == "pending"
    assert submit_statement(dialogue, TOKEN, "Cut it by half.").status == "approved"


@pytest.mark.parametrize("unseen", ["\u200e", "\u200c", "\u2061", "\u034f", "\u180b", "\u3164"])
def test_a_character_that_nobody_sees_brings_no_rejected_text_back(unseen: str) -> None:
    dialogue = make_dialogue(statements=0, moderation="after")
    make_participant(dialogue, TOKEN)
    make_statement(dialogue, 1, "A park, not a road", status="rejected", reason="spam")
    assert submit_statement(dialogue, TOKEN, f"A pa{unseen}rk, not a road").status == "pending"
    # The controls: the hash used before differs, and such a character alone delays no other text.
    assert near_hash(f"A pa{unseen}rk, not a road") != near_hash("A park, not a road")
    assert submit_statement(dialogue, TOKEN, f"A ri{unseen}ver").status == "approved"


def test_among_many_texts_the_words_of_a_rejected_one_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many texts only those are compared that share a word of three letters."""
    monkeypatch.setattr(search, "MOST_COMPARED", 2)
    dialogue = make_dialogue(statements=3, moderation="after")
    make_participant(dialogue, TOKEN)
    make_statement(dialogue, 4, "No, so.", status="rejected", reason="spam")
    assert submit_statement(dialogue, TOKEN, "no, so").status == "pending"
    assert submit_statement(dialogue, TOKEN, "So we do").status == "approved"  # the control


def test_others_are_compared_before_anything_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = make_dialogue(statements=20, moderation="after")
    make_participant(dialogue, TOKEN)
    inside = hashed_inside(monkeypatch)
    assert submit_statement(dialogue, TOKEN, "A park").status == "approved"
    assert inside == [False] * 21 + [True]  # the new text, and 20 others; the new text again
    inside.clear()
    # The control: without the look ahead, all of them are compared while others wait.
    monkeypatch.setattr(submit, "look_ahead", lambda *_: Looked())
    assert submit_statement(dialogue, TOKEN, "A river").status == "approved"
    assert inside == [True] * 22


def test_what_comes_while_others_are_compared_is_compared_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialogue = make_dialogue(statements=2, moderation="after")
    make_participant(dialogue, TOKEN)

    def one_more(*args: Any) -> Looked:
        looked = look_ahead(*args)
        make_statement(dialogue, 3, "A park?", status="rejected", reason="spam")
        return looked

    monkeypatch.setattr(submit, "look_ahead", one_more)
    assert submit_statement(dialogue, TOKEN, "A park").status == "pending"


def test_nothing_is_compared_that_waits_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = make_dialogue(statements=2)
    inside = hashed_inside(monkeypatch)
    assert submit_statement(dialogue, TOKEN, "A park").status == "pending"
    assert inside == []
    # Opened to later moderation meanwhile: then all are compared.
    Dialogue.objects.update(moderation="after")
    make_participant(dialogue, token := new_token())
    assert submit_statement(dialogue, token, "A river").status == "approved"
    assert inside == [True] * 4


def test_the_same_words_as_a_merged_statement_lead_to_its_target() -> None:
    dialogue = make_dialogue(statements=1)
    target = Statement.objects.get()
    make_statement(dialogue, 2, "A park", status="merged", merged_into=target)
    with pytest.raises(StatementRefused) as caught:
        submit_statement(dialogue, TOKEN, "a park")
    assert caught.value.code == "said_already"
    assert caught.value.values == {"existing": target}


def test_the_same_words_in_another_dialogue_are_accepted() -> None:
    make_dialogue(statements=1)
    other = make_dialogue("bridge", statements=0)
    assert submit_statement(other, TOKEN, "Statement number 1.").number == 1


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_dialogue_takes_statements(state: str) -> None:
    dialogue = make_dialogue(statements=0)
    Dialogue.objects.update(state=state)  # a change that the caller has not seen
    with refused(StatementRefused, "not_open"):
        submit_statement(dialogue, TOKEN, "A park")
    assert stored() == []
    assert Participant.objects.count() == 0


def test_a_scheduled_dialogue_takes_none_yet() -> None:
    dialogue = make_dialogue(opens_at=timezone.now() + timedelta(days=1))
    with refused(StatementRefused, "not_open"):
        submit_statement(dialogue, TOKEN, "A park")


def test_one_participant_cannot_fill_the_queue_for_others() -> None:
    dialogue = make_dialogue(statements=0)
    _, author = make_participant(dialogue, TOKEN)
    for number in range(1, MOST_WAITING + 1):
        make_statement(dialogue, number, status="pending", author=author)
    with refused(StatementRefused, "too_many_waiting"):
        submit_statement(dialogue, TOKEN, "A park")
    assert submit_statement(dialogue, new_token(), "A park").number == MOST_WAITING + 1
    Statement.objects.filter(number=1).update(status="approved")
    assert submit_statement(dialogue, TOKEN, "A road").number == MOST_WAITING + 2


@pytest.mark.django_db(transaction=True)
def test_simultaneous_statements_get_different_numbers() -> None:
    dialogue = make_dialogue(statements=3)

    def send(place: int) -> int:
        try:
            return submit_statement(dialogue, new_token(), f"Wish {place}").number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(send, range(40)))
    assert sorted(numbers) == list(range(4, 44))
    day = DailyCount.objects.get()
    assert (day.participants, day.statements) == (40, 40)


def test_control_without_the_lock_a_number_is_given_twice() -> None:
    dialogue = make_dialogue(statements=3)
    assert [next_number(dialogue, Statement), next_number(dialogue, Statement)] == [4, 4]
