"""A response: whole, signed, versioned, logged, and never lost while it is written."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from middleground.answers.cases.endings import reopen
from middleground.answers.cases.owners import offer
from middleground.answers.cases.sentences import story_of
from middleground.answers.models import AnswerRules, Case, Disposition, Response, ResponseDraft
from middleground.answers.responses.drafts import DraftText, draft_of, review_draft, save_draft
from middleground.answers.responses.publish import publish_response, retract_response
from middleground.answers.responses.refusals import ResponseRefused
from middleground.answers.responses.templates import TEMPLATES
from middleground.people.models import Appointment, User
from middleground.publiclog.models import PendingRecord
from support.refused import refused

pytestmark = pytest.mark.django_db
WHOLE = DraftText(
    resolution="will do",
    summary="Two more patrols a week from June on.",
    details="As **residents** asked.",
    dispositions={"1": ["accepted", ""], "2": ["not accepted", "It costs too much."]},
)


def written(case: Case, by: User | None, **changes: Any) -> ResponseDraft:
    """A draft that could be published, but for the changes."""
    assert by
    fields = {field: getattr(WHOLE, field) for field in WHOLE.__slots__}
    return save_draft(by, case, DraftText(**{**fields, **changes}), draft_of(case).revision)


def published(case: Case, term: Appointment, **changes: Any) -> Response:
    assert term.user
    draft = written(case, term.user, **changes)
    return publish_response(term.user, case, term.post, draft.revision)


def test_an_answer_is_signed_and_speaks_to_every_concern(
    with_police: Case, chief: Appointment
) -> None:
    response = published(with_police, chief)
    with_police.refresh_from_db()
    assert (with_police.status, with_police.resolution) == ("answered", "will do")
    assert (with_police.due_on, with_police.answered_on) == (None, date(2026, 5, 4))
    signature = (response.body_name, response.post_title, response.holder)
    assert signature == ("Police", "Chief", "A. Example")
    said = {each.concern.number: (each.outcome, each.words) for each in response.dispositions.all()}
    assert said == {1: ("accepted", ""), 2: ("not accepted", "It costs too much.")}
    assert not ResponseDraft.objects.exists()
    pending = PendingRecord.objects.last()
    assert pending
    assert pending.document
    assert sha256(pending.document).hexdigest() == response.document
    logged = json.loads(pending.document)
    assert logged["dispositions"][1] == {
        "concern": 2, "outcome": "not accepted", "words": "It costs too much.",
    }  # fmt: skip
    assert (logged["signed"], logged["version"]) == (
        {"body": "Police", "post": "Chief", "holder": "A. Example"}, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"dispositions": {"1": ["accepted", ""]}}, ["no_disposition"]),
        ({"dispositions": {}}, ["no_disposition", "no_disposition"]),
        (
            {"dispositions": {"1": ["not accepted", " "], "2": ["banana", "x"]}},
            ["no_words", "no_disposition"],
        ),
        ({"summary": " "}, ["no_summary"]),
        ({"resolution": ""}, ["no_resolution"]),
        ({"resolution": "deferred"}, ["no_day"]),
        ({"details": str(TEMPLATES["done"])}, ["template_left"]),
        (
            {"summary": "", "resolution": "", "dispositions": {"1": ["accepted", ""]}},
            ["no_resolution", "no_summary", "no_disposition"],
        ),
    ],
)
def test_an_answer_that_leaves_something_out_is_refused(
    with_police: Case, chief: Appointment, changes: dict[str, Any], codes: list[str]
) -> None:
    with pytest.raises(ResponseRefused) as caught:
        published(with_police, chief, **changes)
    assert [reason.code for reason in caught.value.reasons] == codes
    assert not Response.objects.exists()
    assert not PendingRecord.objects.exists()
    assert draft_of(with_police).revision == 1  # what was written is kept


def test_what_was_withdrawn_or_merged_meanwhile_needs_no_disposition(
    with_police: Case, chief: Appointment
) -> None:
    first, second = with_police.dialogue.statements.filter(number__in=(1, 2))
    second.status, second.merged_into, second.reviewed = "merged", first, True
    second.save()
    response = published(with_police, chief, dispositions={"1": ["accepted", ""]})
    assert Disposition.objects.get().concern.number == 1
    assert response.version == 1


def test_one_merged_into_another_case_still_asks(with_police: Case, chief: Appointment) -> None:
    second, third = with_police.dialogue.statements.filter(number__in=(2, 3))
    second.status, second.merged_into, second.reviewed = "merged", third, True
    second.save()
    with refused(ResponseRefused, "no_disposition"):
        published(with_police, chief, dispositions={"1": ["accepted", ""]})


def test_whoever_saves_second_sees_the_first_text_and_loses_nothing(
    with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    assert chief.user
    assert agent.user
    save_draft(chief.user, with_police, DraftText(summary="First."), 0)
    with refused(ResponseRefused, "saved_meanwhile"):
        save_draft(agent.user, with_police, DraftText(summary="Second."), 0)
    assert draft_of(with_police).summary == "First."
    # The same text in two tabs is no conflict.
    assert save_draft(chief.user, with_police, DraftText(summary="First."), 0).revision == 1
    save_draft(agent.user, with_police, DraftText(summary="Second."), 1)
    with refused(ResponseRefused, "saved_meanwhile"):
        publish_response(chief.user, with_police, chief.post, 1)


def test_a_second_person_reads_it_where_the_host_asks_for_that(
    with_police: Case, chief: Appointment, staff: User
) -> None:
    AnswerRules.objects.update(reviewed=True)
    with refused(ResponseRefused, "not_reviewed"):
        published(with_police, chief)
    assert chief.user
    with refused(ResponseRefused, "own_review"):
        review_draft(chief.user, with_police, 1)
    review_draft(staff, with_police, 1)
    written(with_police, chief.user, summary="Another text.")
    with refused(ResponseRefused, "not_reviewed"):  # what was read is not what is published
        publish_response(chief.user, with_police, chief.post, 2)
    review_draft(staff, with_police, 2)
    assert publish_response(chief.user, with_police, chief.post, 2).summary == "Another text."


def test_a_correction_is_a_new_version_and_the_old_one_stays(
    with_police: Case, chief: Appointment, staff: User
) -> None:
    published(with_police, chief)
    with refused(ResponseRefused, "no_correction"):
        published(with_police, chief)
    published(with_police, chief, resolution="done", correction="It is done since today.")
    with_police.refresh_from_db()
    assert (with_police.status, with_police.resolution) == ("answered", "done")
    assert [each.version for each in with_police.responses.all()] == [1, 2]
    first = with_police.responses.get(version=1)
    first.summary = "Something else."
    with pytest.raises(TypeError):
        first.save()
    reopen(staff, with_police, "Residents say that it is not done.")
    published(with_police, chief, resolution="declined", correction="")
    sentences = [line.sentence for line in story_of(list(with_police.events.all()))]
    assert sentences[2:] == [
        "Answered by Chief, Police: will do.",
        "Chief, Police, corrected the answer: It is done since today.",
        "Reopened: Residents say that it is not done.",
        "Answered by Chief, Police: declined, with the reason.",
    ]


def test_a_withdrawn_answer_lets_the_case_wait_again(with_police: Case, chief: Appointment) -> None:
    assert chief.user
    published(with_police, chief)
    with pytest.raises(Exception, match="Say why"):
        retract_response(chief.user, with_police, chief.post, " ")
    retract_response(chief.user, with_police, chief.post, "It was about another quay.")
    with_police.refresh_from_db()
    assert (with_police.status, with_police.resolution) == ("reopened", "")
    assert with_police.responses.count() == 1
    assert PendingRecord.objects.count() == 2


def test_only_the_body_that_has_the_case_answers(
    with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    with refused(ResponseRefused, "not_the_owner"):
        published(with_police, agent)
    assert chief.user
    offer(chief.user, with_police, chief.post, agent.post.body, "Theirs.")
    with refused(ResponseRefused, "not_the_owner"):  # an offer alone gives nothing
        published(with_police, agent)
    assert published(with_police, chief).version == 1
