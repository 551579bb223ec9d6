"""The page of own votes shows one participant's data, and votes can change while it is open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from support.cast import carry, make_dialogue, make_participant, make_statement, make_vote
from support.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/mine/"


def forms(page: str) -> list[tuple[str, str, str, list[str], list[str]]]:
    """Every vote form: statement, proof, source, its buttons, and the pressed buttons."""
    found = []
    for form in re.findall(r"<form class=\"own-vote\".*?</form>", page, re.DOTALL):
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        buttons = re.findall(r'name="vote" value="(\w+)"', form)
        pressed = re.findall(r'value="(\w+)"[^>]*aria-pressed="true"', form)
        found.append((fields["statement"], fields["proof"], fields["from"], buttons, pressed))
    return found


def test_every_own_vote_has_a_control(client: Client) -> None:
    dialogue = make_dialogue(statements=4)
    token, me = make_participant(dialogue)
    one, two, three, _ = dialogue.statements.all()
    for statement, value in [(one, 1), (two, 0), (three, -1)]:
        make_vote(me, statement, value)
    carry(client, token)
    every = ["agree", "disagree", "pass", "withdraw"]
    assert forms(client.get(PAGE).content.decode()) == [
        ("3", proof(dialogue.pk, token, three.pk, dealt=True), "mine", every, ["disagree"]),
        ("2", proof(dialogue.pk, token, two.pk, dealt=True), "mine", every, ["pass"]),
        ("1", proof(dialogue.pk, token, one.pk, dealt=True), "mine", every, ["agree"]),
    ]


def test_the_control_needs_no_request_and_no_csrf_token() -> None:
    dialogue = make_dialogue()
    context = {"dialogue": dialogue, "statement_number": 2, "proof": "abc=", "source": "statement"}
    fragment = render_to_string("dialogues/_own_vote.html", {**context, "value": None})
    assert forms(fragment) == [("2", "abc=", "statement", ["agree", "disagree", "pass"], [])]
    assert re.findall(r'(?:action|hx-post)="([^"]*)"', fragment) == ["/d/harbour/vote"] * 2
    assert "data-vote-form" in fragment
    assert 'hx-swap="outerHTML settle:0ms"' in fragment
    assert "csrf" not in fragment.replace("CSRF", "")


def test_votes_and_statements_of_others_are_not_shown(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    make_statement(dialogue, 2, "A secret wish", status="pending", author=me)
    carry(client, token)
    assert "A secret wish" in words(client, PAGE)  # the control: its author sees it
    carry(client, new_token())
    page = words(client, PAGE)
    assert "A secret wish" not in page
    assert "Nothing from this browser yet" in page


@pytest.mark.parametrize("value", [None, "", "x" * 22, "é", "a" * 5000])
def test_without_a_usable_cookie_the_page_is_empty_and_says_why(
    client: Client, value: str | None
) -> None:
    make_dialogue()
    if value is not None:
        client.cookies[COOKIE] = value
    assert "Nothing from this browser yet" in words(client, PAGE)
    assert links(client, PAGE) == ["/d/harbour/", "/d/harbour/take-part/", "/you/#carry-on"]


def test_a_closed_dialogue_shows_votes_without_controls(client: Client) -> None:
    dialogue = make_dialogue(statements=1, state="closed")
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), -1)
    carry(client, token)
    response = client.get(PAGE)
    assert forms(response.content.decode()) == []
    assert "Your vote: disagree" in response.content.decode()
    assert links(client, PAGE) == ["/d/harbour/", "/d/harbour/s/1/receipt/", f"{PAGE}delete/"]


def test_votes_on_rejected_or_merged_statements_say_so(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    kept = dialogue.statements.get()
    make_vote(me, make_statement(dialogue, 2, status="rejected", reason="spam"), 1)
    make_vote(me, make_statement(dialogue, 3, status="merged", merged_into=kept), 1)
    carry(client, token)
    page = words(client, PAGE)
    assert "This statement is merged into: Statement number 1." in page
    assert "This statement is no longer shown. Votes on it do not count." in page
    assert forms(client.get(PAGE).content.decode()) == []


def test_own_statements_show_their_state(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_statement(dialogue, 2, "Wish 2", author=me)
    make_statement(dialogue, 3, "Wish 3", author=me, status="pending")
    make_statement(dialogue, 4, "Wish 4", author=me, status="rejected", reason="several")
    make_statement(
        dialogue, 5, "Wish 5", author=me, status="merged", merged_into=dialogue.statements.first()
    )
    carry(client, token)
    assert (
        words(client, PAGE)
        .split("What I wrote ")[1]
        .startswith(
            "Wish 5 merged It says the same as: Statement number 1. "
            "Wish 4 not shown A moderator decided this: says several things at once, so"
            " one vote cannot answer it. Write it differently "
            "Wish 3 waiting for a moderator Take this statement back "
            "Wish 2 shown Statement 2 and its votes"
        )
    )


def test_only_the_author_is_thanked(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_statement(dialogue, 2, author=me, status="pending")
    carry(client, token)
    assert "Thank you. Your statement waits" in words(client, f"{PAGE}?sent=2")
    for other in ("1", "3", "", "x", "²"):
        assert "Thank you" not in words(client, f"{PAGE}?sent={other}")


def test_a_browser_that_keeps_no_cookie_is_told(client: Client) -> None:
    make_dialogue()
    assert "your browser did not keep our cookie" in words(client, f"{PAGE}?sent=4")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_nine_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    dialogue = make_dialogue(statements=number)
    token, me = make_participant(dialogue)
    for statement in dialogue.statements.all():
        make_vote(me, statement, 1)
    for place in range(number):
        make_statement(dialogue, 10 + place, author=me)
    carry(client, token)
    with django_assert_num_queries(9):
        client.get(PAGE)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}delete/"])
def test_the_pages_are_not_cached(client: Client, path: str) -> None:
    token, _ = make_participant(make_dialogue())
    carry(client, token)
    kept = "max-age=0, no-cache, no-store, must-revalidate, private"
    assert client.get(path).headers["Cache-Control"] == kept


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}delete/"])
def test_a_draft_is_unknown_here_too(client: Client, path: str) -> None:
    make_dialogue(state="draft")
    assert client.get(path).status_code == 404


def test_deleting_needs_confirmation(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    carry(client, token)
    assert "Goes at once 1 vote of yours." in words(client, f"{PAGE}delete/")
    assert Vote.objects.count() == 1


def test_deleting_is_confirmed_afterwards(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    make_statement(dialogue, 2, author=me, status="pending")
    carry(client, token)
    response = client.post(f"{PAGE}delete/", {"statements": "1"})
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"{PAGE}?deleted=statements",
    )
    assert (Vote.objects.count(), Participant.objects.count()) == (0, 0)
    assert list(Statement.objects.values_list("number", flat=True)) == [1]
    assert "Your votes in this dialogue are deleted." in words(client, f"{PAGE}?deleted")


def test_statements_are_deleted_only_on_request(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    make_statement(dialogue, 2, author=me, status="pending")
    carry(client, token)
    client.post(f"{PAGE}delete/")
    assert (Vote.objects.count(), me.statements.count()) == (0, 1)


def test_a_stranger_cannot_delete_votes(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    _, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    assert client.post(f"{PAGE}delete/").status_code == 302
    carry(client, new_token())
    client.post(f"{PAGE}delete/", {"statements": "1"})
    assert Vote.objects.count() == 1


def test_another_site_cannot_delete() -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    client = Client(enforce_csrf_checks=True)
    carry(client, token)
    assert client.post(f"{PAGE}delete/").status_code == 403
    assert Vote.objects.count() == 1


def test_nothing_is_deleted_after_the_close(client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    Dialogue.objects.update(state="closed")
    carry(client, token)
    response = client.post(f"{PAGE}delete/")
    assert response.status_code == 409
    assert "This dialogue is not open" in response.content.decode()
    assert Vote.objects.count() == 1


def test_nothing_to_delete_says_so(client: Client) -> None:
    token, _ = make_participant(make_dialogue())
    carry(client, token)
    assert "There is nothing to delete" in words(client, f"{PAGE}delete/")
