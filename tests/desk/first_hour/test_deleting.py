"""A draft that never opened can be deleted; the log keeps that, and none of its words."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from middleground.dialogues.identity.keys import destroyed_keys, key_file_exists
from middleground.dialogues.lifecycle import actions
from middleground.dialogues.lifecycle.drafts import DeletionRefused, delete_draft
from middleground.dialogues.models import Dialogue, DraftDeletion, Statement
from middleground.dialogues.participation.admission import make_codes
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_participant, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

DELETE = "/desk/harbour/delete/"
SECRET = "Zanzibar"


def stored_words() -> list[str]:
    """The tables in which the secret word stands."""
    return [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed
        and SECRET.lower() in serializers.serialize("json", model._base_manager.all()).lower()
    ]


def draft(**fields: object) -> Dialogue:
    dialogue = make_dialogue(
        state="draft", statements=1, question=f"{SECRET}?", background=SECRET, **fields
    )
    make_statement(dialogue, 2, f"{SECRET} is far.")
    return dialogue


@pytest.mark.django_db(transaction=True)
def test_what_the_database_holds_of_it_goes_with_its_key(desk: Client, facilitator: User) -> None:
    dialogue, other = draft(), make_dialogue("other")
    make_codes(facilitator, dialogue, tier="invited", size=3, form="f")
    assert set(stored_words()) == {"dialogues_dialogue", "dialogues_statement"}  # the control
    asked = desk.get(DELETE).content.decode()
    assert "Its 2 statements go, too." in asked
    assert Dialogue.objects.count() == 2  # asking deletes nothing
    response = desk.post(DELETE, follow=True)
    assert response.redirect_chain == [("/desk/", 302)]
    assert list(Dialogue.objects.all()) == [other]
    assert Statement.objects.exclude(dialogue=other).count() == 0
    assert stored_words() == []
    assert not key_file_exists(dialogue.pk)
    assert destroyed_keys() == {dialogue.pk}
    assert key_file_exists(other.pk)
    page = re.sub(r"\s+", " ", response.content.decode())
    assert "deleted a draft with 2 statements." in page
    assert desk.get(DELETE).status_code == 404


@pytest.mark.parametrize(("statements", "said"), [(0, False), (1, True)])
def test_of_no_statement_is_said_that_it_goes(desk: Client, statements: int, said: bool) -> None:
    make_dialogue(state="draft", statements=statements)
    assert ("go, too." in desk.get(DELETE).content.decode().replace("goes", "go")) == said


def test_the_log_says_who_and_when_and_how_many(desk: Client, facilitator: User) -> None:
    draft()
    desk.post(DELETE)
    found = DraftDeletion.objects.get()
    assert (found.staff, found.statements) == (facilitator, 2)
    assert [field.name for field in DraftDeletion._meta.fields] == [
        "id", "staff", "at", "statements",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_public_dialogue_stays(desk: Client, facilitator: User, state: str) -> None:
    dialogue = make_dialogue(state=state)
    page = desk.post(DELETE, follow=True).content.decode()
    assert "Only a draft can be deleted." in page
    assert DELETE not in desk.get("/desk/harbour/").content.decode()
    with pytest.raises(DeletionRefused, match="Only a draft"):
        delete_draft(facilitator, dialogue)


def test_a_draft_that_was_open_stays(desk: Client, facilitator: User) -> None:
    dialogue = make_dialogue(state="draft")
    assert DELETE in desk.get("/desk/harbour/").content.decode()  # the control
    actions.open_dialogue(facilitator, dialogue)
    actions.withdraw_dialogue(facilitator, dialogue)
    assert "was open or scheduled before" in desk.get(DELETE, follow=True).content.decode()
    assert "was open or scheduled before" in desk.post(DELETE, follow=True).content.decode()
    assert Dialogue.objects.get() == dialogue
    assert DELETE not in desk.get("/desk/harbour/").content.decode()


def test_a_draft_in_which_somebody_took_part_stays(facilitator: User) -> None:
    dialogue = make_dialogue(state="draft")
    make_participant(dialogue)
    with pytest.raises(DeletionRefused, match="People have taken part"):
        delete_draft(facilitator, dialogue)


def test_a_draft_to_whose_parts_others_refer_stays_whole(desk: Client) -> None:
    dialogue = draft()
    into = dialogue.statements.get(number=1)
    make_statement(dialogue, 3, "Merged.", status="merged", merged_into=into)
    page = desk.post(DELETE, follow=True).content.decode()
    assert "Nothing was deleted. Other records use parts of this draft." in page
    assert dialogue.statements.count() == 3
    assert DraftDeletion.objects.count() == 0


def test_outsiders_delete_nothing(moderation: Client, client: Client) -> None:
    draft()
    elsewhere = Client()
    elsewhere.force_login(make_member(make_dialogue("other"), "facilitator", "out@example.org"))
    assert client.post(DELETE).status_code == 302
    assert [each.post(DELETE).status_code for each in (moderation, elsewhere)] == [403, 403]
    assert Dialogue.objects.count() == 2
    # Who facilitates nothing but one dialogue, or only moderates, does not read of deleted drafts.
    DraftDeletion.objects.create(at="2026-01-01T00:00Z", statements=1)
    assert "Deleted drafts" not in moderation.get("/desk/").content.decode()
