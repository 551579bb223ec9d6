"""Deleting removes the data stored under one pseudonym, and no other's."""

from __future__ import annotations

import pytest

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import (
    Dialogue,
    Participant,
    Statement,
    Vote,
    VoteSeal,
    WithdrawnTag,
)
from middleground.dialogues.participation.own_data import Deleted, OwnDataRefused, delete_own_votes
from middleground.ledger.records.vote_opening import NONCE_BYTES
from support.cast import make_dialogue, make_participant, make_statement, make_vote
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def test_votes_and_pseudonym_are_deleted() -> None:
    dialogue = make_dialogue(statements=2)
    token, me = make_participant(dialogue)
    _, other = make_participant(dialogue)
    one, two = dialogue.statements.all()
    for participant, statement in [(me, one), (me, two), (other, one)]:
        make_vote(participant, statement, 1)
    assert delete_own_votes(dialogue, token, texts_too=False) == Deleted(2, 0, 0)
    assert list(Vote.objects.values_list("participant_id", "statement_id")) == [(other.pk, one.pk)]
    assert list(Participant.objects.all()) == [other]
    dialogue.refresh_from_db()
    assert dialogue.revision == 1


def test_statements_keep_their_author_by_default() -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), -1)
    mine = make_statement(dialogue, 2, author=me)
    assert delete_own_votes(dialogue, token, texts_too=False) == Deleted(1, 0, 0)
    mine.refresh_from_db()
    assert mine.author == me


def test_nothing_opens_the_seals_of_an_author_whose_votes_are_deleted() -> None:
    """An author's pseudonym stays, so no cascade deletes the seals with it."""
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    statement = dialogue.statements.get()
    make_statement(dialogue, 2, author=me)
    make_vote(me, statement, 1)
    names = ("client_nonce", "server_nonce", "salt")
    VoteSeal.objects.create(
        participant_id=me.pk,
        statement=statement,
        promised=True,
        **dict.fromkeys(names, bytes(NONCE_BYTES)),
    )
    delete_own_votes(dialogue, token, texts_too=False)
    assert Participant.objects.filter(pk=me.pk).exists()
    assert not VoteSeal.objects.exists()
    assert WithdrawnTag.objects.count() == 1  # it was promised, so it is still listed


def test_on_request_waiting_texts_are_deleted_and_shown_ones_detached() -> None:
    dialogue = make_dialogue(statements=0)
    token, me = make_participant(dialogue)
    shown = make_statement(dialogue, 1, author=me)
    make_statement(dialogue, 2, status="pending", author=me)
    refused = make_statement(dialogue, 3, status="rejected", reason="spam", author=me)
    merged = make_statement(dialogue, 4, status="merged", merged_into=shown, author=me)
    assert delete_own_votes(dialogue, token, texts_too=True) == Deleted(0, 1, 3)
    assert list(Statement.objects.values_list("pk", "author_id")) == [
        (shown.pk, None),
        (refused.pk, None),
        (merged.pk, None),
    ]
    assert not Participant.objects.exists()


def test_a_waiting_statement_that_concerns_others_is_only_detached() -> None:
    dialogue = make_dialogue(statements=0)
    token, me = make_participant(dialogue)
    _, other = make_participant(dialogue)
    voted_on = make_statement(dialogue, 1, status="pending", author=me)
    make_vote(other, voted_on, 1)
    target = make_statement(dialogue, 2, status="pending", author=me)
    make_statement(dialogue, 3, status="merged", merged_into=target)
    assert delete_own_votes(dialogue, token, texts_too=True) == Deleted(0, 0, 2)
    assert Statement.objects.count() == 3
    assert Vote.objects.count() == 1


def test_a_stranger_deletes_nothing() -> None:
    dialogue = make_dialogue(statements=1)
    _, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    assert delete_own_votes(dialogue, new_token(), texts_too=True) == Deleted(0, 0, 0)
    assert Vote.objects.count() == 1
    dialogue.refresh_from_db()
    assert dialogue.revision == 0


def test_votes_in_another_dialogue_are_kept() -> None:
    first, second = make_dialogue(statements=1), make_dialogue("bridge", statements=1)
    token, me = make_participant(first)
    make_participant(second, token)
    make_vote(me, first.statements.get(), 1)
    assert delete_own_votes(second, token, texts_too=True) == Deleted(0, 0, 0)
    assert Vote.objects.count() == 1


def test_votes_in_a_closed_dialogue_are_kept() -> None:
    dialogue = make_dialogue(statements=1)
    token, me = make_participant(dialogue)
    make_vote(me, dialogue.statements.get(), 1)
    Dialogue.objects.update(state="closed")
    with refused(OwnDataRefused, "not_open"):
        delete_own_votes(dialogue, token, texts_too=True)
    assert Vote.objects.count() == 1
