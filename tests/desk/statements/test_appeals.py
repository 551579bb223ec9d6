"""Appeals at the desk: another moderator decides where there is one, once, and it is logged."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from middleground.core import dates
from middleground.dialogues.models import Appeal, Dialogue, StaffAction, Statement
from middleground.dialogues.texts import appeals, decisions
from middleground.people.models import User
from support.cast import carry, make_dialogue, make_participant, make_staff, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
QUEUE = "/desk/harbour/appeals/"
WHY = "It is about the pier."


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue()


@pytest.fixture
def appealed(dialogue: Dialogue, moderator: User) -> Statement:
    """Number 7: the moderator rejected it, and its author appealed."""
    return appeal(dialogue, moderator, 7, "Build a pier.")


def appeal(dialogue: Dialogue, by: User, number: int, text: str) -> Statement:
    _, author = make_participant(dialogue)
    statement = make_statement(
        dialogue, number, text, status="pending", origin="participant", author=author
    )
    decisions.reject(by, statement, "waiting", "off_topic")
    appeals.submit_appeal(dialogue, author.pk, number, WHY)
    return statement


def found(statement: Statement) -> tuple[str, str, str, str]:
    statement.refresh_from_db()
    given = Appeal.objects.get(statement=statement)
    return statement.status, statement.reason, given.outcome, given.text


def test_a_colleague_can_change_the_decision(desk: Client, appealed: Statement) -> None:
    page = desk.get(QUEUE).content.decode()
    assert WHY in page
    assert 'value="change:7"' in page
    assert '<option value="off_topic"\n' in page
    assert "1 appeal waits" in desk.get("/desk/").content.decode()
    before = Dialogue.objects.get().revision
    assert desk.post(QUEUE, {"decide": "change:7"}).status_code == 302
    assert found(appealed) == ("approved", "", "changed", "")
    assert Dialogue.objects.get().revision == before + 1
    last = StaffAction.objects.first()
    assert last is not None
    assert (last.verb, last.reason, last.details) == ("appeal_changed", "", {})
    page = desk.get(QUEUE, follow=True).content.decode()
    assert "No appeal waits." in page
    assert "showed number 7 on appeal" in desk.get("/desk/harbour/").content.decode()


def test_a_colleague_can_let_it_stand_with_a_reason(desk: Client, appealed: Statement) -> None:
    for reason in ("", "nonsense"):
        response = desk.post(QUEUE, {"decide": "stand:7", "reason-7": reason})
        assert "Choose a reason" in response.content.decode()
    assert found(appealed) == ("rejected", "off_topic", "waiting", WHY)
    desk.post(QUEUE, {"decide": "stand:7", "reason-7": "unclear"})
    assert found(appealed) == ("rejected", "unclear", "stands", WHY)
    last = StaffAction.objects.first()
    assert last is not None
    assert (last.verb, last.reason) == ("appeal_stands", "unclear")


def test_the_first_moderator_cannot_decide_the_appeal(
    moderation: Client, desk: Client, appealed: Statement
) -> None:
    page = moderation.get(QUEUE).content.decode()
    assert WHY in page
    assert 'value="change:7"' not in page
    assert "so a colleague decides now" in page
    for verb in ("change:7", "stand:7"):
        answer = moderation.post(QUEUE, {"decide": verb, "reason-7": "spam"}, follow=True)
        assert "You decided about this text first" in answer.content.decode()
    assert found(appealed) == ("rejected", "off_topic", "waiting", WHY)
    desk.post(QUEUE, {"decide": "change:7"})
    assert found(appealed)[0] == "approved"


def test_the_first_moderator_decides_if_there_is_no_colleague(
    moderation: Client, moderator: User, appealed: Statement
) -> None:
    colleague = make_staff(email="other@example.org")
    moderation.post(QUEUE, {"decide": "change:7"})
    assert found(appealed)[0] == "rejected"
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    moderation.post(QUEUE, {"decide": "change:7"})
    assert found(appealed)[0] == "approved"


def test_an_appeal_is_decided_once(desk: Client, appealed: Statement) -> None:
    desk.post(QUEUE, {"decide": "stand:7", "reason-7": "spam"})
    answer = desk.post(QUEUE, {"decide": "change:7"}, follow=True).content.decode()
    assert "A colleague was faster" in answer
    assert found(appealed) == ("rejected", "spam", "stands", WHY)


def test_taking_the_rejection_back_settles_the_appeal(
    desk: Client, moderator: User, appealed: Statement, dialogue: Dialogue
) -> None:
    appealed.refresh_from_db()
    decisions.take_back(moderator, appealed, "rejected")
    assert "No appeal waits." in desk.get(QUEUE).content.decode()
    assert appeals.count_appeals(dialogue) == {"waiting": 0, "changed": 1, "stands": 0}
    # If it is rejected again, the same appeal waits again, because its author cannot appeal twice.
    appealed.refresh_from_db()
    decisions.reject(moderator, appealed, "waiting", "spam")
    assert WHY in desk.get(QUEUE).content.decode()


def test_an_appeal_is_refused_where_the_same_words_are_shown(
    desk: Client, appealed: Statement, dialogue: Dialogue
) -> None:
    make_statement(dialogue, 9, "Build a pier!", origin="participant")
    answer = desk.post(QUEUE, {"decide": "change:7"}, follow=True).content.decode()
    assert "as number 9" in answer
    assert found(appealed) == ("rejected", "off_topic", "waiting", WHY)


@pytest.mark.parametrize(
    "sent", [{}, {"decide": "change:8"}, {"decide": "burn:7"}, {"decide": ":"}]
)
def test_nonsense_changes_nothing(desk: Client, appealed: Statement, sent: dict[str, str]) -> None:
    assert "Choose what to do." in desk.post(QUEUE, sent).content.decode()
    assert found(appealed) == ("rejected", "off_topic", "waiting", WHY)


def test_outsiders_see_nothing(client: Client, appealed: Statement) -> None:
    assert client.get(QUEUE).status_code == 302
    assert client.post(QUEUE, {"decide": "change:7"}).status_code == 302
    assert found(appealed) == ("rejected", "off_topic", "waiting", WHY)


def test_the_public_log_counts_outcomes_in_steps(
    client: Client, dialogue: Dialogue, moderator: User
) -> None:
    facilitator = make_staff()
    for number in range(10, 17):
        statement = appeal(dialogue, moderator, number, f"Pier {number}.")
        if number < 16:
            appeals.let_stand(facilitator, statement, "spam")
    page = client.get("/d/harbour/moderation/").content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', page, re.DOTALL)
    counts = {name.strip(): " ".join(count.split()) for name, count in rows}
    assert counts["the decision stands"] == "at least 5"
    assert counts["waits for a moderator"] == "fewer than 5"
    assert counts["the decision was changed"] == "fewer than 5"
    assert WHY not in page


def test_the_list_takes_twelve_queries(
    desk: Client, dialogue: Dialogue, moderator: User, django_assert_num_queries: object
) -> None:
    appeal(dialogue, moderator, 10, "One.")
    with django_assert_num_queries(12):  # type: ignore[operator]
        desk.get(QUEUE)
    for number in (11, 12):
        appeal(dialogue, moderator, number, f"More {number}.")
    with django_assert_num_queries(12):  # type: ignore[operator]
        desk.get(QUEUE)


@pytest.mark.parametrize("verb", ["change", "stand"])
@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("another", "A second moderator looked at it."),
        ("same", "The same moderator looked at it again. There was nobody else."),
        ("gone", "A moderator looked at it again."),
    ],
)
def test_the_author_reads_whether_another_moderator_decided(
    client: Client, moderator: User, dialogue: Dialogue, who: str, says: str, verb: str
) -> None:
    token, author = make_participant(dialogue)
    statement = make_statement(
        dialogue, 7, "Build a pier.", status="pending", origin="participant", author=author
    )
    decisions.reject(moderator, statement, "waiting", "off_topic")
    appeals.submit_appeal(dialogue, author.pk, 7, WHY)
    second = moderator if who == "same" else make_staff()
    if verb == "change":
        appeals.change_decision(second, statement)
    else:
        appeals.let_stand(second, statement, "off_topic")
    if who == "gone":
        moderator.delete()
    carry(client, token)
    pages = ["/d/harbour/mine/", "/d/harbour/mine/7/appeal/"]
    outcome = "The decision was changed." if verb == "change" else "The decision stands"
    for address in pages[: 1 if verb == "change" else 2]:
        page = " ".join(client.get(address).content.decode().split())
        assert f"{says} {outcome}" in page
        assert ("second moderator" in page) == (who == "another")


def test_pages_show_the_later_deletion_day_while_an_appeal_waits(
    client: Client, desk: Client, moderator: User, dialogue: Dialogue
) -> None:
    token, author = make_participant(dialogue)
    statement = make_statement(
        dialogue, 7, "Build a pier.", status="pending", origin="participant", author=author
    )
    decisions.reject(moderator, statement, "waiting", "off_topic")
    carry(client, token)
    today = timezone.localdate()
    week, month = (dates.day(today + timedelta(days=days)) for days in (7, 30))
    pages = ["/d/harbour/mine/", "/desk/harbour/moderation/?tab=rejected"]
    usual = f"Its text is deleted on {week}."
    for reader, address in zip((client, desk), pages, strict=True):
        assert usual in reader.get(address).content.decode()
    appeals.submit_appeal(dialogue, author.pk, 7, WHY)
    stays = f"Its text stays while you wait for a second look, until {month} at the latest."
    for reader, address in zip((client, desk), pages, strict=True):
        page = reader.get(address).content.decode()
        assert stays in page
        assert usual not in page
    kept = desk.get("/desk/harbour/kept/").content.decode()
    assert f"the next is deleted on {month}" in kept
    appeals.let_stand(make_staff("moderator", "other@example.org"), statement, "off_topic")
    assert usual in client.get(pages[0]).content.decode()
