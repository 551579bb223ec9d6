"""Comments that staff take up: triage, case, answer, the public list, and withdrawal."""

from __future__ import annotations

import csv
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.entered import answer_case
from middleground.answers.cases.gathering import gather, open_case, release, set_aside
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.export import cases_csv, cases_json
from middleground.answers.models import Case, Concern
from middleground.answers.responses.refusals import ResponseRefused
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from middleground.texts.moderation import TextState
from middleground.threads.models import Comment
from support.cast import carry, make_comment, make_participant
from support.reading import words, words_of
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TRIAGE = "/desk/harbour/cases/"
LIST = "/d/harbour/answers/"


@pytest.fixture
def comments(harbour: Dialogue) -> list[Comment]:
    """Two that are shown below the second statement, and one that waits for a moderator."""
    below = harbour.statements.get(number=2)
    return [
        make_comment(below, "Publish the contract.", 20_000_001, stance="for"),
        make_comment(below, "I like ships.", 20_000_002),
        make_comment(below, "Secret.", 20_000_003, status="pending", reviewed=False),
    ]


def test_a_comment_is_a_concern_from_when_staff_take_it_up(
    client: Client, staff: User, harbour: Dialogue, comments: list[Comment]
) -> None:
    client.force_login(staff)
    assert "3 concerns: 0 answered, 3 open" in words(client, LIST)
    assert "Open concerns 3" in words(client, TRIAGE)
    page = words(client, f"{TRIAGE}?bundle=comments")
    assert "Open concerns 2" in page
    assert "for it: Statement number 2." in page
    assert "Secret." not in page
    address = f"{TRIAGE}?bundle=comments&page=1"
    sent = {"decide": "open", "chosen": ["20000001", "1"], "title": "The contract"}
    said = words_of(client.post(address, sent, follow=True))
    assert "Case 1: The contract is open." in said
    assert "Open concerns 1" in said  # the list of comments, still
    assert "Publish the contract. (comment 20000001 below statement 2)" in words(
        client, f"{TRIAGE}1/"
    )
    page = words(client, LIST)
    assert "4 concerns: 0 answered, 4 open" in page
    assert "Publish the contract. comment 20000001 below statement 2 waiting" in page
    set_aside(harbour, [20_000_002], "nothing asked")
    page = words(client, LIST)
    assert "I like ships. comment 20000002 below statement 2 set aside" in page
    for number in (20_000_003, 20_000_009):  # waits; is none
        with refused(CaseRefused, "unknown_concern"):
            gather(staff, Case.objects.get(), [number])
    release(staff, Case.objects.get(), 20_000_001)
    assert "comment 20000001 below statement 2 in no case yet" in words(client, LIST)


def test_an_answer_speaks_to_comments_and_outlives_them(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment, comments: list[Comment]
) -> None:
    case = open_case(staff, harbour, title="The contract", numbers=[2, 20_000_001])
    assert chief.user
    with pytest.raises(ResponseRefused) as reasons:
        answer_case(case, chief, dispositions={"2": ["accepted", ""]})
    assert [each.code for each in reasons.value.reasons] == ["no_disposition"]
    said = {"2": ["accepted", ""], "20000001": ["not accepted", "It names people."]}
    answer_case(case, chief, dispositions=said)
    client.force_login(chief.user)
    page = words(client, f"/desk/inbox/{case.pk}/")
    assert "20000001. Publish the contract. Comment 20000001 below statement 2" in page
    page = words(client, f"{LIST}1/")
    assert (
        "Publish the contract. comment 20000001 below statement 2 not accepted It names people."
        in page
    )
    assert "4 concerns: 2 answered" in words(client, LIST)
    exported = json.loads(cases_json(harbour))["cases"][0]["concerns"][1]
    assert exported == {
        "number": 20_000_001, "place": "comment 20000001 below statement 2",
        "text": "Publish the contract.", "gone": "",
    }  # fmt: skip
    [row] = csv.DictReader(cases_csv(harbour).decode("utf-8-sig").splitlines())
    assert row["concerns"] == "2 20000001"


def test_a_comments_page_and_my_votes_tell_what_became_of_it(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment, comments: list[Comment]
) -> None:
    asked, liked, waits = comments
    token, author = make_participant(harbour)
    Comment.objects.update(author=author)
    reply = make_comment(asked.thread.statement_link.statement, "Which?", parent=asked)
    assert "What became of it" not in words(client, asked.get_absolute_url())
    case = open_case(staff, harbour, title="The contract", numbers=[2, asked.number])
    waiting = "What became of it waiting no body yet, due on May 18, 2026 · Case 1"
    assert waiting in words(client, asked.get_absolute_url())
    answer_case(case, chief)
    set_aside(harbour, [liked.number], "nothing asked", note="It says what somebody likes.")
    told = (
        "answered by Chief , Police , on May 4, 2026: will do. Patrols begin in June."
        " · Case 1 Residents were not asked yet."
    )
    aside = "set aside an opinion that asks nothing of anyone: noted · It says what somebody likes."
    assert f"What became of it {told}" in words(client, asked.get_absolute_url())
    assert f"What became of it {aside}" in words(client, liked.get_absolute_url())
    assert "What became of it" not in words(client, reply.get_absolute_url())  # the answer to it
    carry(client, token)
    mine = words(client, "/d/harbour/mine/")
    below = "below statement 2"
    assert (
        f"What became of them Publish the contract. comment {asked.number} {below} {told}"
        f" I like ships. comment {liked.number} {below} {aside}"
    ) in mine
    assert f"comment {waits.number}" not in mine
    carry(client, make_participant(harbour)[0])  # somebody else learns nothing of whose it is
    assert "What became of them" not in words(client, "/d/harbour/mine/")
    asked.refresh_from_db()
    asked.move_to(TextState.REJECTED)
    make_comment(asked.thread.statement_link.statement, "Who?", parent=asked)
    assert "Publish the contract." not in words(client, asked.get_absolute_url())


def test_what_became_of_comments_costs_the_same_for_one_and_for_three(
    client: Client, staff: User, harbour: Dialogue, comments: list[Comment]
) -> None:
    token, author = make_participant(harbour)
    carry(client, token)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "What became of them" in words(client, "/d/harbour/mine/")
        return len(captured)

    Comment.objects.filter(pk=comments[0].pk).update(author=author)
    open_case(staff, harbour, title="The contract", numbers=[comments[0].number])
    one = queries()
    more = [make_comment(harbour.statements.get(number=3), f"Why {n}?") for n in range(2)]
    Comment.objects.filter(pk__in=[each.pk for each in more]).update(author=author)
    open_case(staff, harbour, title="Why", numbers=[each.number for each in more])
    assert queries() == one


def test_words_go_with_the_statement_above_them_and_with_their_author(
    client: Client, staff: User, harbour: Dialogue, chief: Appointment, comments: list[Comment]
) -> None:
    case = open_case(staff, harbour, title="The contract", numbers=[2, 20_000_001])
    said = {"2": ["accepted", ""], "20000001": ["not accepted", "It names people."]}
    answer_case(case, chief, dispositions=said)
    below = harbour.statements.get(number=2)
    below.status, below.reviewed, below.reason = "rejected", True, "other"
    below.save()
    page = words(client, f"{LIST}1/")  # its own page is gone with the statement's
    assert "Publish the contract." not in page
    assert "No longer shown comment 20000001 below statement 2" in page
    listed = words(client, LIST)
    assert "Publish the contract." not in listed
    assert "No longer shown comment 20000001 below statement 2" in listed
    comments[0].status = "rejected"  # without a reason: its author took it back
    comments[0].save()
    assert "Withdrawn by its author comment 20000001 below statement 2" in words(
        client, f"{LIST}1/"
    )
    comments[0].delete()
    page = words(client, f"{LIST}1/")
    assert "20000001 Withdrawn by its author not accepted It names people." in page


def test_a_number_tells_whether_it_is_a_statement_or_a_comment(
    harbour: Dialogue, comments: list[Comment]
) -> None:
    statement = harbour.statements.get(number=1)
    for number, raised in (
        (1, {"comment": comments[0]}),
        (20_000_001, {"statement": statement}),
        (1, {"comment": comments[0], "statement": statement}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Concern.objects.create(dialogue=harbour, number=number, **raised)
