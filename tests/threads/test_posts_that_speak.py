"""Saying something in a thread in the name of a post: who may, how it is signed, what is logged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from answers.entered import make_case
from dialogues.statements.comparing import hashed_inside
from middleground.answers.cases.gathering import set_aside
from middleground.answers.cases.owners import assign, offer
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.triage.open_concerns import open_comments
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.texts.decisions import reject
from middleground.ledger.records.entries import SealedText
from middleground.people.bodies.changes import merge_body, rename_body
from middleground.people.models import Appointment, User
from middleground.publiclog.models import PendingRecord
from middleground.publiclog.publisher import publish_log
from middleground.threads.log_kinds import LoggedPostComment
from middleground.threads.models import AdmittedBody, Comment, PostSignature, Reaction
from middleground.threads.posts.speak import MOST_AT_A_PLACE, answer_for_post, say_for_post
from middleground.threads.posts.taking_part import admit_body, dismiss_body, posts_that_speak
from middleground.threads.submit import CommentRefused
from support.cast import (
    carry,
    make_comment,
    make_dialogue,
    make_official,
    make_participant,
    make_staff,
)
from support.logged import entries, recounted
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True, votes_before_commenting=0, moderation="after")


@pytest.fixture
def statement(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


@pytest.fixture
def staff() -> User:
    return make_staff(email="fay@example.org")


@pytest.fixture
def chief(staff: User, dialogue: Dialogue) -> Appointment:
    """May speak: the host lets the police."""
    term = make_official(staff, "Police", "Chief", name="A. Example")
    admit_body(staff, dialogue, term.post.body)
    return term


def say(term: Appointment, statement: Statement, text: str, stance: str = "neither") -> Comment:
    assert term.user
    return say_for_post(term.user, term.post, statement, text, stance)


def test_it_is_signed_as_post_and_body_were_called_on_that_day(
    staff: User, chief: Appointment, statement: Statement
) -> None:
    comment = say(chief, statement, "  We patrol\nthe quay. ", "for")
    assert (comment.text, comment.stance, comment.status) == (
        "We patrol the quay.",
        "for",
        "approved",
    )
    assert (comment.author, comment.tier, comment.rank) == (None, "", None)
    rename_body(staff, chief.post.body, "Harbour Police", timezone.localdate())
    chief.delete()  # the holder is gone
    signed = PostSignature.objects.get()
    assert (signed.name, signed.level, signed.holder, signed.proof) == (
        "Chief, Police", "city", "A. Example", "letter",
    )  # fmt: skip
    assert (signed.for_others, signed.post.body.name) == (False, "Harbour Police")


def test_others_are_compared_before_anything_is_locked(
    chief: Appointment, statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = say(chief, statement, "We patrol.")
    inside = hashed_inside(monkeypatch)
    say(chief, statement, "We listen.")
    assert chief.user
    answer_for_post(chief.user, chief.post, one, "We answer.")
    assert inside == [False, False, True, False, False, False, True]


def test_the_database_refuses_a_comment_with_an_author_and_a_signature(
    dialogue: Dialogue, chief: Appointment, statement: Statement
) -> None:
    comment = say(chief, statement, "We patrol.")
    _token, author = make_participant(dialogue)
    for wrong in ({"author": author}, {"rank": 1}):
        with pytest.raises(IntegrityError, match="is_its_own"), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="for_others"), transaction.atomic():
        PostSignature.objects.update(for_others=True)  # the police is no community organization


def test_a_community_organization_may_say_it_for_others(
    dialogue: Dialogue, staff: User, statement: Statement, chief: Appointment
) -> None:
    line = make_official(staff, "Help Line", "Speaker", "community")
    admit_body(staff, dialogue, line.post.body)
    for term in (line, chief):
        assert term.user
        say_for_post(
            term.user, term.post, statement, f"{term.post} says so.", "against", for_others=True
        )
    signed = PostSignature.objects.order_by("pk")
    assert [(each.post_title, each.for_others, each.is_of_community) for each in signed] == [
        ("Speaker", True, True), ("Chief", False, False),
    ]  # fmt: skip


# Who may not


def _ended(term: Appointment) -> None:
    term.since = term.until = timezone.localdate() - timedelta(days=1)
    term.save()


def _not_verified(term: Appointment) -> None:
    Appointment.objects.update(proof="", verified_on=None)


def _only_drafts(term: Appointment) -> None:
    Appointment.objects.update(role="drafts")


@pytest.mark.parametrize("change", [_ended, _not_verified, _only_drafts])
def test_only_who_speaks_for_the_post_today_and_is_verified(
    dialogue: Dialogue,
    statement: Statement,
    chief: Appointment,
    change: Callable[[Appointment], None],
) -> None:
    assert chief.user
    assert posts_that_speak(chief.user, dialogue) == [chief.post]  # the control
    change(chief)
    assert posts_that_speak(chief.user, dialogue) == []
    with refused(CommentRefused, "no_term"):
        say(chief, statement, "We patrol.")
    assert Comment.objects.count() == 0


def test_a_second_factor_is_needed(dialogue: Dialogue, chief: Appointment) -> None:
    assert chief.user
    chief.user.authenticator_set.all().delete()
    assert posts_that_speak(chief.user, dialogue) == []


def test_nobody_speaks_for_the_post_of_another_and_staff_for_none(
    dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    agent = make_official(staff, "Agency", "Field director", "federal")
    admit_body(staff, dialogue, agent.post.body)
    assert agent.user
    for who in (agent.user, staff):
        with refused(CommentRefused, "no_term"):
            say_for_post(who, chief.post, statement, "We patrol.", "for")
    assert posts_that_speak(staff, dialogue) == []
    assert posts_that_speak(agent.user, dialogue) == [agent.post]


def test_a_body_takes_part_with_a_case_or_because_the_host_lets_it(
    dialogue: Dialogue, statement: Statement, staff: User
) -> None:
    police, agency, line = (
        make_official(staff, *which)
        for which in (
            ("Police", "Chief"),
            ("Agency", "Field director", "federal"),
            ("Help Line", "Speaker", "community"),
        )
    )
    for term in (police, agency, line):
        with refused(CommentRefused, "no_part"):
            say(term, statement, "Words.")
    case = make_case(staff, dialogue, 1)
    assign(staff, case, police.post.body, police.post)
    say(police, statement, "It has the case.")
    assert police.user
    offer(police.user, case, police.post, agency.post.body, "It is theirs.")
    say(agency, statement, "It is asked to take it over.")
    assert admit_body(staff, dialogue, line.post.body)
    assert not admit_body(staff, dialogue, line.post.body)
    say(line, statement, "The host lets it.")
    assert dismiss_body(staff, dialogue, line.post.body)
    assert not dismiss_body(staff, dialogue, line.post.body)
    with refused(CommentRefused, "no_part"):
        say(line, statement, "No longer.")
    assert Comment.objects.filter(text="The host lets it.").exists()  # what was said stays
    acts = dialogue.staff_actions.order_by("pk").values_list("verb", "details__name")
    assert list(acts) == [("admit_body", "Help Line"), ("dismiss_body", "Help Line")]


def test_a_body_that_became_part_of_another_may_speak_there_as_before(
    dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    city = make_official(staff, "City", "Mayor").post.body
    merge_body(staff, chief.post.body, city, timezone.localdate())
    assert [row.body for row in AdmittedBody.objects.all()] == [city]
    chief.post.refresh_from_db()
    assert say(chief, statement, "We patrol.").signature.body_name == "City"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"state": "closed"}, "not_open"), ({"takes_comments": False}, "switched_off")],
)
def test_where_nobody_comments_no_post_does(
    statement: Statement, chief: Appointment, change: dict[str, object], code: str
) -> None:
    asked = make_comment(statement, "Who patrols?")
    Dialogue.objects.update(**change)
    with refused(CommentRefused, code):
        say(chief, statement, "We patrol.")
    with refused(CommentRefused, code):
        assert chief.user
        answer_for_post(chief.user, chief.post, asked, "We do.")


def test_no_body_crowds_others_out(
    dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    asked = make_comment(statement, "Who patrols?")
    assert chief.user
    for number in range(MOST_AT_A_PLACE):
        say(chief, statement, f"Number {number}.")
        answer_for_post(chief.user, chief.post, asked, f"Answer {number}.")
    with refused(CommentRefused, "enough"):
        say(chief, statement, "One more.")
    with refused(CommentRefused, "enough"):
        answer_for_post(chief.user, chief.post, asked, "One more.")
    say(chief, dialogue.statements.get(number=2), "At another place.")
    agent = make_official(staff, "Agency", "Field director", "federal")
    admit_body(staff, dialogue, agent.post.body)
    say(agent, statement, "Another body has its own room.")


def test_what_waits_and_what_is_hidden_takes_room_too(
    statement: Statement, staff: User, chief: Appointment
) -> None:
    Dialogue.objects.update(moderation="before")
    asked = make_comment(statement, "Who patrols?")
    assert chief.user
    for number in range(MOST_AT_A_PLACE):
        said = say(chief, statement, f"Number {number}.")
        answer_for_post(chief.user, chief.post, asked, f"Answer {number}.")
    reject(staff, said, said.state.value, "off_topic")
    assert Comment.objects.of_posts().visible().count() == 0
    with refused(CommentRefused, "enough"):
        say(chief, statement, "One more.")
    with refused(CommentRefused, "enough"):
        answer_for_post(chief.user, chief.post, asked, "One more.")
    assert Comment.objects.of_posts().count() == PostSignature.objects.count() == 6


# What it is not


def test_it_is_no_concern_and_takes_no_reactions(
    client: Client, dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    of_post, of_people = say(chief, statement, "We patrol."), make_comment(statement, "Do you?")
    assert list(open_comments(dialogue)) == [of_people]
    make_case(staff, dialogue, of_people.number)
    with refused(CaseRefused, "unknown_concern"):
        make_case(staff, dialogue, of_post.number)
    with refused(CaseRefused, "unknown_concern"):
        set_aside(dialogue, [of_post.number], "nothing asked", note="Noted.")
    carry(client, make_participant(dialogue)[0])
    for comment, status in ((of_post, 409), (of_people, 302)):
        address = f"{comment.get_absolute_url()}react/"
        assert client.post(address, {"reaction": "worth"}).status_code == status
    assert [each.comment for each in Reaction.objects.all()] == [of_people]


def test_the_rules_for_texts_hold_for_posts(statement: Statement, chief: Appointment) -> None:
    for text, stance, code in (
        (" ", "for", "no_words"), ("x" * 1001, "for", "too_long"), ("Words.", "", "no_stance"),
    ):  # fmt: skip
        with refused(CommentRefused, code):
            say(chief, statement, text, stance)
    assert say(chief, statement, "Call 213-555-0134.").status == "pending"
    with refused(CommentRefused, "said_already"):
        say(chief, statement, "Call 213-555-0134.")
    Dialogue.objects.update(moderation="before")
    assert say(chief, statement, "We patrol.").status == "pending"


# The public log


def test_the_log_says_who_signed_it_and_seals_the_words(
    statement: Statement, chief: Appointment
) -> None:
    comment = say(chief, statement, "We patrol.", "for")
    assert chief.user
    answer_for_post(chief.user, chief.post, comment, "Each evening.")
    found = [
        (entry, bytes(each.document or b""))
        for each in PendingRecord.objects.order_by("pk")
        for entry in [bytes(each.entry)]
        if entry.startswith(b"post-comment/v1")
    ]
    first, second = (json.loads(document) for _entry, document in found)
    assert first == {
        "format": "middleground-post-comment/1",
        "dialogue": "harbour",
        "comment": comment.number,
        "about": {"kind": "statements", "number": 1},
        "answers": 0,
        "stance": "for",
        "signed": {
            "body": "Police", "level": "city", "post": "Chief", "holder": "A. Example",
            "verified": "letter",
        },
        "for_others": False,
        "said_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert second["answers"] == comment.number
    assert all(sha256(document).hexdigest().encode() in entry for entry, document in found)
    assert b"patrol" not in b"".join(entry + document for entry, document in found)


@pytest.mark.django_db(transaction=True)
def test_hidden_words_leave_the_log_and_the_signature_stays(
    folder: Path, statement: Statement, staff: User, chief: Appointment
) -> None:
    comment = say(chief, statement, "We patrol.")
    publish_log()
    assert [type(each) for each in entries(folder) if isinstance(each, LoggedPostComment)]
    sealed = [each for each in entries(folder) if isinstance(each, SealedText)]
    assert comment.number in [each.number for each in sealed]
    assert len(files_with(folder, b"patrol")) == 1  # opened beside the log while it is shown
    reject(staff, comment, comment.state.value, "off_topic")
    publish_log()
    assert files_with(folder, b"patrol") == []
    assert len(files_with(folder, b"A. Example")) == 1
    assert recounted(folder).holds


def files_with(folder: Path, words: bytes) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file() and words in each.read_bytes()]
