"""What waits for moderators, told in a private feed and by e-mail, in numbers only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from middleground.answers.cases.gathering import open_case
from middleground.answers.models import AnswerRules, CaseEvent, CheckSentence, ResidentCheck
from middleground.dialogues.models import Appeal, Dialogue
from middleground.notices.models import Mail, MailTrouble, WaitingNotice
from middleground.notices.outbox.sending import Sender
from middleground.notices.waiting import choose_hours, tell_waiting, waiting_for
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_official, make_staff, make_statement
from support.reading import words
from support.serving.mail_server import MailServer, body_of

pytestmark = pytest.mark.django_db

PAGE = "/desk/staff/notices/"
TEXT = "Ships at night only, says Mo."
NOON = datetime(2026, 5, 4, 12, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def moderator() -> User:
    return make_staff("moderator", "mo@example.org")


@pytest.fixture
def harbour() -> Dialogue:
    return make_dialogue(question="What should the quay be?")


def wait_in(dialogue: Dialogue, number: int) -> None:
    make_statement(dialogue, number, f"{TEXT} {number}", status="pending", origin="participant")


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def new_feed(desk: Client) -> str:
    page = unescape(desk.post(PAGE, {"do": "feed"}).content.decode())
    found = re.search(r"(/feeds/waiting/[^<]+/)</pre>", page)
    assert found
    return found[1]


def entries(address: str) -> list[tuple[str, str]]:
    """Title and id of each entry."""
    response = Client().get(address)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    atom = "{http://www.w3.org/2005/Atom}"
    tree = ElementTree.fromstring(response.content)
    return [
        (str(each.findtext(f"{atom}title")), str(each.findtext(f"{atom}id")))
        for each in tree.iter(f"{atom}entry")
    ]


def test_the_feed_tells_how_much_waits_and_no_text(moderator: User, harbour: Dialogue) -> None:
    address = new_feed(desk_of(moderator))
    assert entries(address) == []
    wait_in(harbour, 8)
    [(title, first)] = entries(address)
    assert title == "1 text waits"
    wait_in(harbour, 9)
    [(title, second)] = entries(address)
    assert (title, first != second) == ("2 texts wait", True)  # a reader shows it as new
    page = Client().get(address).content.decode()
    assert ("What should the quay be?" in page, "Ships" in page) == (True, False)


def test_only_a_hash_of_the_address_is_stored_and_a_new_one_ends_the_old(
    moderator: User, harbour: Dialogue
) -> None:
    desk = desk_of(moderator)
    first = new_feed(desk)
    token = first.split("/")[-2]
    assert token not in str(list(WaitingNotice.objects.values_list()))
    assert token not in desk.get(PAGE).content.decode()
    second = new_feed(desk)
    assert [Client().get(each).status_code for each in (first, second)] == [404, 200]
    desk.post(PAGE, {"do": "revoke"})
    assert Client().get(second).status_code == 404
    assert Client().get("/feeds/waiting/x/").status_code == 404


def test_the_feed_ends_with_the_account_and_follows_its_roles(harbour: Dialogue) -> None:
    other = make_dialogue("other", question="What else?")
    wait_in(harbour, 8)
    wait_in(other, 9)
    guest = make_member(harbour, "moderator", "guest@example.org")
    address = new_feed(desk_of(guest))
    assert [title for title, _ in entries(address)] == ["1 text waits"]
    assert "What else?" not in Client().get(address).content.decode()
    harbour.memberships.all().delete()
    assert entries(address) == []
    User.objects.filter(pk=guest.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_the_mail_says_how_much_waits_and_where_and_no_text(
    moderator: User, harbour: Dialogue, server: MailServer, sender: Sender
) -> None:
    desk_of(moderator).post(PAGE, {"do": "hours", "hours": "24"})
    for number in (8, 9):
        wait_in(harbour, number)
    tell_waiting(NOON)
    tell_waiting(NOON)
    assert sender.send_waiting() == 1
    [mail] = server.messages
    assert (mail["To"], mail["Subject"]) == (
        "mo@example.org", "Something is waiting for you at Port City",
    )  # fmt: skip
    assert body_of(mail) == (
        "2 texts are waiting for a decision:\nhttp://127.0.0.1:8000/desk/harbour/\n\n"
        "You asked for these e-mails. You can change that here:\n"
        "http://127.0.0.1:8000/desk/staff/notices/\n"
    )


def test_nobody_is_told_who_did_not_ask(
    moderator: User, harbour: Dialogue, server: MailServer
) -> None:
    wait_in(harbour, 8)
    tell_waiting(NOON)
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("hours", [4, 24, 168])
def test_a_digest_comes_every_so_many_hours_at_most(
    moderator: User, harbour: Dialogue, server: MailServer, sender: Sender, hours: int
) -> None:
    choose_hours(moderator, hours)
    tell_waiting(NOON)
    assert Mail.objects.count() == 0  # nothing waits
    wait_in(harbour, 8)
    sent = []
    for minutes in range(0, 60 * hours * 2 + 1, 30):
        tell_waiting(NOON + timedelta(minutes=minutes))
        sent += [minutes / 60] * sender.send_waiting()
    assert sent == [0, hours, 2 * hours]


def test_only_those_who_may_decide_there_are_told(
    harbour: Dialogue, server: MailServer, sender: Sender
) -> None:
    other = make_dialogue("other")
    wait_in(harbour, 8)
    for user in (
        make_member(harbour, "moderator", "here@example.org"),
        make_member(other, "facilitator", "elsewhere@example.org"),
        make_staff("facilitator", "boss@example.org"),
    ):
        choose_hours(user, 4)
    tell_waiting(NOON)
    sender.send_waiting()
    assert server.to() == ["boss@example.org", "here@example.org"]


def test_what_was_decided_meanwhile_and_who_left_meanwhile(
    harbour: Dialogue, server: MailServer, sender: Sender
) -> None:
    wait_in(harbour, 8)
    stays, leaves = make_staff(email="a@example.org"), make_staff(email="b@example.org")
    for user in (stays, leaves):
        choose_hours(user, 4)
    tell_waiting(NOON)
    harbour.statements.filter(number=8).update(status="approved")
    User.objects.filter(pk=leaves.pk).update(is_active=False)
    sender.send_waiting()
    [mail] = server.messages
    assert mail["To"] == "a@example.org"
    assert body_of(mail).startswith("Nothing is waiting any more. Somebody was faster.")
    assert Mail.objects.count() == 0


def test_a_mail_that_is_refused_for_the_moment_is_tried_again(
    moderator: User, harbour: Dialogue, server: MailServer, sender: Sender
) -> None:
    wait_in(harbour, 8)
    choose_hours(moderator, 4)
    server.replies["mo@example.org"] = "451 4.3.0 later"
    tell_waiting(NOON)
    assert sender.send_waiting() == 0
    assert Mail.objects.get().attempts == 1
    del server.replies["mo@example.org"]
    assert Sender().send_waiting() == 1  # as after a restart, which forgets pauses


def test_switched_off_nothing_more_comes(
    moderator: User, harbour: Dialogue, server: MailServer
) -> None:
    wait_in(harbour, 8)
    choose_hours(moderator, 4)
    tell_waiting(NOON)
    assert Mail.objects.count() == 1
    desk_of(moderator).post(PAGE, {"do": "hours", "hours": "0"})
    tell_waiting(NOON + timedelta(days=9))
    assert Mail.objects.count() == 0


def test_a_test_mail_arrives_or_the_page_says_why_not(
    moderator: User, server: MailServer, sender: Sender
) -> None:
    desk = desk_of(moderator)
    desk.post(PAGE, {"do": "test"})
    desk.post(PAGE, {"do": "test"})
    assert "One e-mail to you is waiting to be sent." in words(desk, PAGE)
    assert sender.send_waiting() == 1
    assert server.messages[0]["Subject"] == "A test from Port City"
    server.replies["mo@example.org"] = "550 5.1.1 unknown"
    desk.post(PAGE, {"do": "test"})
    sender.send_waiting()
    assert MailTrouble.objects.get().official == moderator
    assert "The receiving server does not know the address. 550 5.1.1" in words(desk, PAGE)


def test_without_a_mail_server_the_page_says_so(moderator: User, harbour: Dialogue) -> None:
    desk = desk_of(moderator)
    assert "No mail server is set" in words(desk, PAGE)
    desk.post(PAGE, {"do": "test"})
    choose_hours(moderator, 4)
    wait_in(harbour, 8)
    tell_waiting(NOON)
    assert Mail.objects.count() == 0


def test_bad_input_is_answered_and_officials_have_none(moderator: User) -> None:
    page = desk_of(moderator).post(PAGE, {"do": "hours", "hours": "3"})
    assert (page.status_code, b"errorlist" in page.content) == (200, True)
    official = make_official(make_staff(email="y@example.org")).user
    assert official
    assert desk_of(official).get(PAGE).status_code == 403
    assert waiting_for(make_staff(email="x@example.org")) == []


@pytest.mark.parametrize("dialogues", [1, 3])
def test_how_many_queries_a_feed_takes(
    moderator: User, dialogues: int, django_assert_num_queries: object
) -> None:
    for number in range(dialogues):
        wait_in(make_dialogue(f"d{number}", question=f"What of {number}?"), 8)
    address = new_feed(desk_of(moderator))
    with django_assert_num_queries(10):  # type: ignore[operator]
        assert len(entries(address)) == dialogues


@pytest.mark.parametrize(
    "closed", [{"state": "closed"}, {"closes_at": datetime(2026, 1, 1, tzinfo=UTC)}]
)
def test_what_waits_in_a_closed_dialogue_is_not_told_again_and_again(
    moderator: User, harbour: Dialogue, server: MailServer, closed: dict[str, object]
) -> None:
    wait_in(harbour, 8)
    assert [(each.texts, each.appeals) for each in waiting_for(moderator)] == [
        (1, 0)
    ]  # the control
    Dialogue.objects.update(**closed)
    assert waiting_for(moderator) == []
    choose_hours(moderator, 4)
    tell_waiting(NOON)
    assert not Mail.objects.exists()
    # Who asked for a second look waits for an answer, and it can still be given.
    rejected = make_statement(harbour, 9, "Ferries.", status="rejected", reason="spam")
    Appeal.objects.create(statement=rejected, text="Why?")
    assert [(each.texts, each.appeals) for each in waiting_for(moderator)] == [(0, 1)]
    tell_waiting(NOON)
    assert Mail.objects.count() == 1


def test_sentences_of_resident_checks_are_told_after_the_close_too(
    moderator: User, harbour: Dialogue
) -> None:
    AnswerRules.objects.create(dialogue=harbour, days=10)
    case = open_case(make_staff(), harbour, title="The quay", numbers=[1])
    day = NOON.date()
    answered = CaseEvent.objects.create(case=case, kind="answered", on=day)
    check = ResidentCheck.objects.create(
        case=case, answered=answered, version=1, opened_on=day, stage_ends_on=day, step=5,
        stage=ResidentCheck.Stage.OVER,
    )  # fmt: skip
    CheckSentence.objects.create(
        dialogue=harbour, check_of=check, said="no", number=10_000_000, text="It is dark.",
        dedup_hash="0" * 64, received_on=day,
    )  # fmt: skip
    Dialogue.objects.update(state="closed")
    wait_in(harbour, 8)  # the control: this one is left out
    assert [each.texts for each in waiting_for(moderator)] == [1]
