"""A copy of a dialogue is a draft with the host's texts and rules, and nothing of people."""

from __future__ import annotations

import pytest
from django.test import Client

from middleground.dialogues.identity.keys import key_file_exists
from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    Participant,
    StaffAction,
    Statement,
    StatementTranslation,
    Vote,
)
from middleground.dialogues.participation.admission import make_codes
from middleground.dialogues.statements.copying import COPIED, copy_dialogue
from middleground.dialogues.statements.topics import add_topic
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_participant, make_statement, make_vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

COPY = "/desk/harbour/copy/"
OWN_REASON = {"code": "own-1", "label": "names a shop", "explanation": "E.", "retired": False}
OWN = {
    "id", "slug", "question", "state", "opens_at", "closes_at", "writing_hour", "written_in_hour",
    "key_check", "key_destroyed_on", "uncounted_tiers", "copies_count_once", "simulated",
    "imported", "archived_on", "list_place", "revision",
}  # fmt: skip


def test_texts_and_rules_come_along_and_every_field_is_one_or_the_other(
    facilitator: User,
) -> None:
    fields = {field.attname for field in Dialogue._meta.concrete_fields}
    assert fields == OWN | set(COPIED)
    changed = {
        "background": "B", "host_name": "H", "promise": "P", "moderation": "after",
        "moderation_policy": "M", "own_reasons": [OWN_REASON], "statement_limit": 99,
        "votes_before_writing": 9, "vote_goal": 9, "statements_an_hour": 9, "takes_comments": True,
        "votes_before_commenting": 9, "minimum_shown": 9, "map_minutes": 9, "key_days": 9,
        "open_participation": False, "language": "es", "other_languages": ["en"],
    }  # fmt: skip
    assert set(changed) == set(COPIED)
    source = make_dialogue(state="closed", simulated=True, **changed)
    copy, left_out = copy_dialogue(facilitator, source)
    assert {name: getattr(copy, name) for name in COPIED} == changed
    assert (copy.slug, copy.question) == ("harbour-2", "What should the harbour be? (copy)")
    assert (copy.state, copy.simulated, copy.key_check, left_out) == ("draft", False, "", 0)


def test_shown_translations_of_what_comes_along_do_too(facilitator: User) -> None:
    source = make_dialogue(statements=2, background="B", promise="P", other_languages=["es"])
    for part in ("question", "background", "promise"):
        state = "proposed" if part == "promise" else "shown"
        DialogueTranslation.objects.create(
            dialogue=source, part=part, language="es", words=f"{part} es", state=state, doubts=3
        )
    StatementTranslation.objects.create(
        statement=source.statements.get(number=2), language="es", words="Dos.", state="shown"
    )
    copy, _left_out = copy_dialogue(facilitator, source)
    parts = copy.translations.values_list("part", "words", "state", "doubts")
    assert list(parts) == [("background", "background es", "shown", 0)]
    (statement,) = StatementTranslation.objects.filter(statement__dialogue=copy)
    assert (statement.words, statement.statement.number) == ("Dos.", 2)
    assert source.translations.count() == 3  # nothing was moved


def test_only_the_hosts_shown_statements_come_along(desk: Client) -> None:
    source = make_dialogue(statements=2)
    _token, participant = make_participant(source)
    make_vote(participant, source.statements.get(number=1), 1)
    theirs = {"origin": "participant", "author": participant}
    make_statement(source, 3, "Written by somebody.", **theirs)
    make_statement(source, 4, "Not shown.", status="rejected", reason="spam")
    response = desk.post(COPY)
    assert response.headers["Location"] == "/desk/harbour-2/"
    copy = Dialogue.objects.get(slug="harbour-2")
    found = copy.statements.values_list("number", "text", "origin", "status", "author")
    assert list(found) == [
        (1, "Statement number 1.", "seed", "approved", None),
        (2, "Statement number 2.", "seed", "approved", None),
    ]
    # What people did stays where it was.
    assert Participant.objects.filter(dialogue=copy).count() == 0
    assert Vote.objects.filter(statement__dialogue=copy).count() == 0
    assert [Participant.objects.count(), Vote.objects.count()] == [1, 1]
    assert Statement.objects.filter(dialogue=source).count() == 4
    assert not key_file_exists(copy.pk)
    assert key_file_exists(source.pk)


def test_codes_do_not_come_along(desk: Client, facilitator: User) -> None:
    source = make_dialogue()
    make_codes(facilitator, source, tier="invited", size=3, form="f")
    desk.post(COPY)
    copy = Dialogue.objects.get(slug="harbour-2")
    assert (source.code_batches.count(), copy.code_batches.count()) == (1, 0)


def test_addresses_and_questions_are_free_and_not_too_long(facilitator: User) -> None:
    source = make_dialogue("x" * 60, question="q" * 200)
    first, _left = copy_dialogue(facilitator, source)
    second, _left = copy_dialogue(facilitator, source)
    assert [first.slug, second.slug] == ["x" * 58 + "-2", "x" * 58 + "-3"]
    assert [first.question, second.question] == ["q" * 193 + " (copy)", "q" * 191 + " (copy 2)"]


def test_the_copy_says_where_it_comes_from(desk: Client) -> None:
    source = make_dialogue()
    desk.post(COPY)
    copy = Dialogue.objects.get(slug="harbour-2")
    logged = list(StaffAction.objects.order_by("id").values_list("dialogue", "verb", "details"))
    assert logged == [
        (copy.pk, "create", {"copy_of": "harbour"}),
        (copy.pk, "add_statements", {"count": 3, "first": 1}),
    ]
    page = desk.get("/desk/harbour-2/").content.decode()
    assert "made the dialogue as a copy of “harbour”" in page
    source.refresh_from_db()
    assert source.revision == 0


def test_only_who_facilitates_here_and_may_create_can_copy(
    desk: Client, moderation: Client, client: Client
) -> None:
    dialogue = make_dialogue()
    here = Client()
    here.force_login(make_member(dialogue, "facilitator", "here@example.org"))
    assert client.post(COPY).status_code == 302
    assert [each.post(COPY).status_code for each in (moderation, here)] == [403, 403]
    assert Dialogue.objects.count() == 1
    offered = [COPY in each.get("/desk/harbour/").content.decode() for each in (desk, here)]
    assert offered == [True, False]


def test_topics_of_the_hosts_own_statements_come_along_in_their_order(
    facilitator: User,
) -> None:
    source = make_dialogue(statements=3)
    make_statement(source, 4, "Written by somebody.", origin="participant")
    add_topic(facilitator, source, "Theirs", [4])
    add_topic(facilitator, source, "Fish", [2, 3, 4])
    add_topic(facilitator, source, "Piers", [2])
    source.statements.get(number=1).delete()
    copy, _left_out = copy_dialogue(facilitator, source)
    found = [
        (topic.name, topic.number, sorted(topic.statements.values_list("number", flat=True)))
        for topic in copy.topics.all()
    ]
    assert found == [("Fish", 1, [1, 2]), ("Piers", 2, [1])]
    assert source.topics.count() == 3
