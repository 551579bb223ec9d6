"""Everything of one's own goes in one step, and the page says before what goes and what stays."""

from __future__ import annotations

import pytest
from django.test import Client

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import (
    Dialogue,
    Participant,
    Statement,
    StatementMark,
    Vote,
)
from middleground.dialogues.participation.own_data import Deleted, delete_all_of_mine
from middleground.dialogues.privacy.retention import set_hold
from middleground.dialogues.texts.marks import leave_mark
from support.cast import (
    carry,
    make_dialogue,
    make_participant,
    make_staff,
    make_statement,
    make_vote,
)
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
MINE = "/d/harbour/mine/"
PAGE = f"{MINE}delete/"
ALL = {"everything": "1"}


def take_part() -> tuple[Dialogue, bytes, Participant]:
    """A vote, and statements that are shown, waiting and rejected."""
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    leave_mark(make_statement(dialogue, 2, author=me), token)
    make_statement(dialogue, 3, author=me, status="pending")
    make_statement(dialogue, 4, author=me, status="rejected", reason="spam")
    return dialogue, token, me


def test_the_page_says_what_goes_and_what_stays(client: Client) -> None:
    _dialogue, token, _me = take_part()
    carry(client, token)
    page = words(client, PAGE)
    goes, stays = page.split("Goes at once ")[1].split("Stays, and why ")
    assert goes.startswith(
        "1 vote of yours. The next map is made without it. 2 texts of yours that wait or"
        " are not shown, with their words. The link from 1 other text to you, and questions"
    )
    assert stays.startswith("1 text of yours, without an author. People may have voted")
    assert "Keep our cookie" not in page
    assert Vote.objects.count() == 1


def test_one_step_takes_votes_texts_and_the_cookie(client: Client) -> None:
    _dialogue, token, _me = take_part()
    carry(client, token)
    response = client.post(PAGE, ALL)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"{MINE}?deleted=everything",
    )
    morsel = response.cookies[COOKIE]
    assert (morsel.value, morsel["max-age"]) == ("", 0)
    assert (Vote.objects.count(), Participant.objects.count()) == (0, 0)
    assert StatementMark.objects.count() == 0
    own = Statement.objects.filter(number__gt=1).values_list("number", "author", "text")
    assert list(own.order_by("number")) == [(2, None, "Statement number 2."), (4, None, "")]
    after = Client().get(f"{MINE}?deleted=everything")
    assert "This browser carries nothing that leads to you." in after.content.decode()
    assert not after.cookies  # a form would set one


def test_the_cookie_stays_if_it_is_wanted_in_other_dialogues(client: Client) -> None:
    _dialogue, token, _me = take_part()
    make_participant(make_dialogue("bridge"), token)
    carry(client, token)
    assert "It also leads to what is yours in 1 other dialogue." in words(client, PAGE)
    response = client.post(PAGE, {**ALL, "keep_cookie": "1"})
    assert COOKIE not in response.cookies
    assert Participant.objects.get().dialogue.slug == "bridge"
    assert "Our cookie stays for other dialogues." in words(client, f"{MINE}?deleted=everything")


def test_in_a_closed_dialogue_votes_and_texts_stay_and_the_marks_go(client: Client) -> None:
    dialogue, token, me = take_part()
    Dialogue.objects.update(state="closed")
    carry(client, token)
    page = words(client, PAGE)
    assert "Goes at once The mark of 1 text, and questions about it." in page
    assert "1 vote of yours, because the dialogue is not open. 3 texts of yours, because" in page
    assert "Delete my votes only" not in page
    response = client.post(PAGE, ALL)
    assert response.cookies[COOKIE]["max-age"] == 0
    assert (Vote.objects.count(), me.statements.count()) == (1, 3)
    assert StatementMark.objects.count() == 0
    assert delete_all_of_mine(dialogue, token) == Deleted(0, 0, 0)


def test_who_was_told_that_votes_go_is_asked_again_after_the_close(client: Client) -> None:
    _dialogue, token, _me = take_part()
    carry(client, token)
    assert 'name="was_open" value="1"' in client.get(PAGE).content.decode()
    Dialogue.objects.update(state="closed")
    response = client.post(PAGE, {**ALL, "was_open": "1"})
    assert (response.status_code, COOKIE in response.cookies) == (409, False)
    assert "votes can no longer be deleted." in response.content.decode()
    assert StatementMark.objects.count() == 1


def test_words_on_hold_stay_and_the_page_says_so(client: Client) -> None:
    dialogue, token, _me = take_part()
    set_hold(make_staff(), dialogue, "texts", "A court asks.")
    carry(client, token)
    assert "The words of your texts that are not shown: the host" in words(client, PAGE)
    client.post(PAGE, ALL)
    assert Statement.objects.get(number=4).text != ""


def test_a_stranger_deletes_nothing(client: Client) -> None:
    take_part()
    assert client.post(PAGE, ALL).headers["Location"] == MINE
    carry(client, new_token())
    client.post(PAGE, ALL)
    assert (Vote.objects.count(), Statement.objects.exclude(author=None).count()) == (1, 3)


def test_another_site_cannot_delete() -> None:
    _dialogue, token, _me = take_part()
    client = Client(enforce_csrf_checks=True)
    carry(client, token)
    assert client.post(PAGE, ALL).status_code == 403
    assert Vote.objects.count() == 1
