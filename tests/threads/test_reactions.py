"""Reactions: by form and without a reload, changed and taken back, and gone with votes and key."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.privacy import retention
from middleground.threads.models import Comment, Reaction
from support.cast import carry, make_comment, make_dialogue, make_participant
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/s/1/"


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True)


@pytest.fixture
def comment(dialogue: Dialogue) -> Comment:
    return make_comment(dialogue.statements.get(number=1), "It feeds the town.", stance="for")


@pytest.fixture
def token(dialogue: Dialogue) -> bytes:
    return make_participant(dialogue)[0]


def stored() -> list[tuple[int, int]]:
    return list(Reaction.objects.values_list("comment_id", "value"))


def test_somebody_reacts_changes_it_and_takes_it_back(
    client: Client, comment: Comment, token: bytes
) -> None:
    address = f"{comment.get_absolute_url()}react/"
    assert "Worth reading" not in words(client, PAGE)  # a visitor
    carry(client, token)
    assert client.get(PAGE).content.decode().count('class="reaction"') == 1
    for sent, kept, pressed in (
        ("worth", [(comment.pk, 1)], 'id="worth-10000001" aria-pressed="true"'),
        ("not", [(comment.pk, -1)], 'id="not-10000001" aria-pressed="true"'),
        ("none", [], 'id="worth-10000001" aria-pressed="false"'),
    ):
        answer = client.post(address, {"reaction": sent, "page": "2"})
        assert answer["Location"] == f"{PAGE}?page=2#c{comment.number}"
        assert stored() == kept
        for shown in (PAGE, comment.get_absolute_url()):
            response = client.get(shown)
            assert pressed in response.content.decode()
            assert "no-store" in response["Cache-Control"]
        fragment = client.post(address, {"reaction": sent}, headers={"HX-Request": "true"})
        html = fragment.content.decode()
        assert (pressed in html, html.count("<form"), "<html" in html) == (True, 1, False)


def test_what_cannot_be_stored_is_explained(
    client: Client, dialogue: Dialogue, comment: Comment, token: bytes
) -> None:
    address = f"{comment.get_absolute_url()}react/"

    def refused(sent: str = "worth") -> tuple[int, str]:
        answer = client.post(address, {"reaction": sent})
        return answer.status_code, answer.content.decode()

    assert refused()[0] == 403  # no participant
    carry(client, make_participant(make_dialogue(slug="other"))[0])
    status, said = refused()
    assert (status, "Vote on a statement first." in said) == (403, True)
    carry(client, token)
    assert refused("banana")[0] == 422
    assert client.get(address).status_code == 405
    Comment.objects.update(author_id=pseudonym(dialogue.pk, token))
    assert "You wrote this comment yourself." in refused()[1]
    assert "Worth reading" not in words(client, PAGE)
    Comment.objects.update(author=None)
    Dialogue.objects.filter(pk=dialogue.pk).update(takes_comments=False)
    assert refused()[0] == 409
    assert "Worth reading" not in words(client, PAGE)
    Dialogue.objects.filter(pk=dialogue.pk).update(takes_comments=True, state="closed")
    assert "The dialogue is not open." in refused()[1]
    Comment.objects.update(status="pending", reviewed=False)
    assert refused()[0] == 404
    assert stored() == []


def test_reactions_go_with_the_votes_and_with_the_key(
    dialogue: Dialogue, comment: Comment, token: bytes
) -> None:
    other = make_participant(dialogue)[1]
    own = pseudonym(dialogue.pk, token)
    for person in (own, other.pk):
        Reaction.objects.create(participant_id=person, comment=comment, value=1)
    Comment.objects.update(author_id=own)  # so the participant's row stays
    delete_own_votes(dialogue, token, texts_too=False)
    assert list(Reaction.objects.values_list("participant_id", flat=True)) == [other.pk]
    with transaction.atomic():
        assert retention.destroy_key(dialogue)
    assert stored() == []


@pytest.mark.parametrize("value", [0, 2])
def test_a_reaction_is_one_of_two(dialogue: Dialogue, comment: Comment, value: int) -> None:
    person = make_participant(dialogue)[1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Reaction.objects.create(participant=person, comment=comment, value=value)


def test_the_page_costs_the_same_for_one_reaction_and_for_many(
    client: Client, dialogue: Dialogue, comment: Comment, token: bytes
) -> None:
    carry(client, token)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    before = queries()
    for n in range(5):
        other = make_comment(comment.thread.statement_link.statement, f"Reason {n}.", stance="for")
        Reaction.objects.create(
            participant_id=pseudonym(dialogue.pk, token), comment=other, value=1
        )
    assert queries() == before
