"""Invitations go to a real mail server, once each, and nothing of the list is stored."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.admission_codes import parse_code
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Code, Dialogue
from middleground.dialogues.participation.admission import admit_with_code
from middleground.outreach.invitations import actions, sending
from middleground.outreach.invitations.marks import key_of, mark_in
from middleground.outreach.invitations.sending import send_round, stop_all
from middleground.outreach.models import InvitationRound, SentMark
from middleground.people.models import User
from support.cast import make_staff
from support.serving.mail_server import MailServer, body_of, mail_server, use

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

PEOPLE = [f"canary-{n}@mail.example" for n in range(7)]
PAGE = "/desk/harbour/outreach/invitations/"
SENT = {
    "kind": "reminder", "language": "en", "words": "Hello.", "per_minute": "600",
    "addresses": PEOPLE[0],
}  # fmt: skip
TEXT = actions.RoundText("invitation", "en", "The union sends you this.", 600)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setattr(sending, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(sending, "LONGEST_PAUSE", 0.2)
    with mail_server() as running:
        use(running, settings)
        settings.EMAIL_TIMEOUT = 1
        yield running
        stop_all(10)


@pytest.fixture
def round_(harbour: Dialogue, server: MailServer) -> InvitationRound:
    return actions.begin_round(harbour, TEXT, "a-form")


def begin(staff: User, round_: InvitationRound, people: list[str]) -> sending.RoundSender:
    name = actions.take_over(staff, round_, people)
    return send_round(round_.pk, name, staff.pk, people)


def send(staff: User, round_: InvitationRound, people: list[str]) -> None:
    sender = begin(staff, round_, people)
    sender.join(30)
    assert not sender.is_alive()
    round_.refresh_from_db()


def until(true: Any) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def numbers(round_: InvitationRound) -> tuple[int, int, int, int]:
    round_.refresh_from_db()
    return round_.sent, round_.refused, round_.uncertain, round_.left


def test_each_address_gets_a_code_of_its_own_that_admits(
    staff: User, harbour: Dialogue, round_: InvitationRound, server: MailServer
) -> None:
    send(staff, round_, PEOPLE)
    assert server.to() == sorted(PEOPLE)
    assert numbers(round_) == (7, 0, 0, 0)
    bodies = [body_of(message) for message in server.messages]
    codes = {re.findall(r"/d/harbour/code/#([0-9A-Z]{16})\n", body)[0] for body in bodies}
    assert len(codes) == 7 == Code.objects.count()
    code = parse_code(codes.pop())
    assert code
    assert admit_with_code(harbour, new_token(), code) == "invited"
    first = server.messages[0]
    assert first["Subject"] == "An invitation from Port City"
    assert "harbour" not in str(first["Subject"])
    assert "The union sends you this." in bodies[0]
    assert "has not kept it" in bodies[0]
    assert "@port.example" not in str(first["Message-ID"])
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", str(first["Message-ID"]))


def test_the_same_list_again_goes_only_to_the_rest(
    staff: User, round_: InvitationRound, server: MailServer
) -> None:
    send(staff, round_, PEOPLE[:4])
    send(staff, round_, [each.upper() for each in PEOPLE[:4]] + PEOPLE[4:])
    assert server.to() == sorted(PEOPLE)
    assert numbers(round_) == (7, 0, 0, 0)


def test_refusals_are_counted_and_their_codes_go_to_others(
    staff: User, round_: InvitationRound, server: MailServer
) -> None:
    server.replies[PEOPLE[0]] = "550 5.1.1 unknown"
    server.replies[PEOPLE[1]] = "450 4.2.0 greylisted"
    send(staff, round_, PEOPLE)
    assert numbers(round_) == (5, 2, 0, 0)
    assert SentMark.objects.count() == 7
    assert Code.objects.count() == 7


def test_a_server_that_is_away_is_waited_for(
    staff: User, round_: InvitationRound, settings: Any, server: MailServer
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    sender = begin(staff, round_, PEOPLE)
    until(lambda: InvitationRound.objects.get().trouble == "unreachable")
    settings.EMAIL_PORT = port
    sender.join(30)
    assert server.to() == sorted(PEOPLE)
    round_.refresh_from_db()
    assert (round_.trouble, round_.sender, round_.beat_at) == ("", "", None)


def test_a_server_that_hangs_gets_nothing_twice(
    staff: User, round_: InvitationRound, server: MailServer
) -> None:
    """It takes the text and never says so: nobody knows whether it arrived."""
    server.keeps_silent = True
    sender = begin(staff, round_, PEOPLE[:3])
    until(lambda: len(server.messages) == 1)
    server.keeps_silent = False
    sender.join(30)
    assert server.to() == sorted(PEOPLE[:3])
    assert numbers(round_) == (2, 0, 1, 0)


def test_it_stops_after_the_mail_in_its_hands_and_goes_on(
    staff: User, harbour: Dialogue, server: MailServer
) -> None:
    slow = actions.RoundText("invitation", "en", "Hello.", 120)
    round_ = actions.begin_round(harbour, slow, "slow")
    sender = begin(staff, round_, PEOPLE)
    until(lambda: len(server.messages) == 2)
    with pytest.raises(actions.InvitationsRefused, match="being sent now"):
        actions.take_over(staff, round_, PEOPLE)
    with pytest.raises(actions.InvitationsRefused, match="being sent now"):
        actions.end_round(staff, round_)
    actions.stop_round(staff, round_)
    sender.join(10)
    assert not sender.is_alive()
    assert 2 <= len(server.messages) < 7
    InvitationRound.objects.update(per_minute=600)
    send(staff, round_, PEOPLE)
    assert server.to() == sorted(PEOPLE)


def test_what_a_process_left_claimed_is_uncertain_and_not_sent_again(
    staff: User, round_: InvitationRound, server: MailServer
) -> None:
    SentMark.objects.create(mark=mark_in(key_of(round_), PEOPLE[0]), round=round_)
    send(staff, round_, PEOPLE)
    assert server.to() == sorted(PEOPLE[1:])
    assert numbers(round_) == (6, 0, 1, 0)


def test_a_thread_that_was_replaced_sends_nothing(
    staff: User, round_: InvitationRound, server: MailServer
) -> None:
    name = actions.take_over(staff, round_, PEOPLE)
    InvitationRound.objects.update(sender="another")
    send_round(round_.pk, name, staff.pk, PEOPLE).join(30)
    assert server.messages == []
    assert InvitationRound.objects.get().sender == "another"


def test_a_reminder_has_no_code(staff: User, harbour: Dialogue, server: MailServer) -> None:
    text = actions.RoundText("reminder", "es", "De nuevo.", 600)
    send(staff, actions.begin_round(harbour, text, "again"), PEOPLE)
    assert server.to() == sorted(PEOPLE)
    body = body_of(server.messages[0])
    assert "/es/d/harbour/\n" in body
    assert "#" not in body
    assert not Code.objects.exists()


def test_ending_destroys_marks_and_key(
    staff: User, round_: InvitationRound, server: MailServer, keys: Path
) -> None:
    send(staff, round_, PEOPLE)
    key = keys / f"invitations-{round_.pk}.key"
    assert key.exists()
    actions.end_round(staff, round_)
    assert not key.exists()
    assert not SentMark.objects.exists()
    assert numbers(round_) == (7, 0, 0, 0)
    with pytest.raises(actions.InvitationsRefused, match="has ended"):
        actions.take_over(staff, round_, PEOPLE)


def test_a_forgotten_round_ends_after_thirty_days(round_: InvitationRound, keys: Path) -> None:
    key_of(round_)
    today = timezone.localdate()
    actions.end_old_rounds(today + timedelta(days=29))
    assert not InvitationRound.objects.get().ended
    actions.end_old_rounds(today + timedelta(days=30))
    assert InvitationRound.objects.get().ended
    assert not list(keys.glob("invitations-*"))


def test_without_its_key_a_round_is_not_sent(
    staff: User, round_: InvitationRound, server: MailServer, keys: Path
) -> None:
    send(staff, round_, PEOPLE[:2])
    (keys / f"invitations-{round_.pk}.key").unlink()
    with pytest.raises(actions.InvitationsRefused, match="key of this round is missing"):
        actions.take_over(staff, round_, PEOPLE)


# The pages


def test_a_list_is_looked_at_sent_once_and_stored_nowhere(
    desk: Client, harbour: Dialogue, server: MailServer, caplog: Any
) -> None:
    sent = {
        "kind": "invitation", "language": "en", "words": "The union sends you this.",
        "per_minute": "600", "addresses": "\n".join([*PEOPLE, "broken", PEOPLE[0].upper()]),
    }  # fmt: skip
    page = desk.post(PAGE, sent).content.decode()
    assert "7 addresses get this e-mail." in page
    assert "No e-mail address: line 8" in page
    assert "There already, and taken once: line 9" in page
    assert "0000-0000-0000-0000" in page
    assert not InvitationRound.objects.exists()
    form = re.findall(r'name="form" value="([^"]+)"', page)[0]
    answer = desk.post(PAGE, {**sent, "form": form, "send": "1"})
    assert answer["Location"] == f"{PAGE}1/"
    until(lambda: InvitationRound.objects.get().left == 0)
    again = desk.post(PAGE, {**sent, "form": form, "send": "1"}, follow=True).content.decode()
    assert "Nobody gets it twice" in again
    assert server.to() == sorted(PEOPLE)
    assert stored_texts("canary") == []
    ours = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
    assert "canary" not in " ".join(ours)
    # The control: the search finds what is stored.
    assert ("outreach_invitationround", "words") in stored_texts("The union")


def stored_texts(words: str) -> list[tuple[str, str]]:
    """Table and column of each place of the database that holds the words."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            for column in connection.introspection.get_table_description(cursor, table):
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE CAST("{column.name}" AS TEXT) LIKE %s',
                    [f"%{words}%"],
                )
                if cursor.fetchone()[0]:
                    found.append((table, column.name))
    return found


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"addresses": ""}, "There is no address in it."),
        ({"words": ""}, "This field is required."),
        ({"per_minute": "601"}, "less than or equal to 600"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    desk: Client, harbour: Dialogue, server: MailServer, changed: dict[str, str], told: str
) -> None:
    sent = {
        "kind": "reminder", "language": "ko", "words": "Hello.", "per_minute": "30",
        "addresses": PEOPLE[0],
    }  # fmt: skip
    answer = desk.post(PAGE, {**sent, **changed, "send": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert '<option value="ko" selected>' in page
    if "addresses" not in changed:
        assert PEOPLE[0] in page
    assert not InvitationRound.objects.exists()


def test_too_many_addresses_are_refused(desk: Client, harbour: Dialogue) -> None:
    many = "\n".join(f"p{n}@mail.example" for n in range(20_001))
    sent = {
        "kind": "reminder",
        "language": "en",
        "words": "x",
        "per_minute": "30",
        "addresses": many,
    }
    answer = desk.post(PAGE, sent)
    assert answer.status_code == 422
    assert "more than 20,000 addresses" in answer.content.decode()


def test_bounces_are_typed_and_a_round_is_ended(
    desk: Client, staff: User, round_: InvitationRound
) -> None:
    page = f"{PAGE}1/"
    assert (
        "Saved." in desk.post(page, {"do": "bounced", "bounced": "3"}, follow=True).content.decode()
    )
    assert InvitationRound.objects.get().bounced == 3
    assert desk.post(page, {"do": "bounced", "bounced": "-1"}).status_code == 422
    told = desk.post(page, {"do": "end"}, follow=True).content.decode()
    assert "Only these numbers are left" in told


def test_without_a_server_or_for_a_draft_nothing_begins(
    desk: Client, harbour: Dialogue, settings: Any
) -> None:
    settings.MAIL = ""
    sent = {
        "kind": "reminder",
        "language": "en",
        "words": "x",
        "per_minute": "30",
        "addresses": PEOPLE[0],
    }
    assert "nothing can be sent" in desk.post(PAGE, sent).content.decode()
    settings.MAIL = "smtp://127.0.0.1:9"
    Dialogue.objects.update(state="draft")
    assert "Open or schedule it first" in desk.post(PAGE, SENT).content.decode()


def test_a_moderator_may_not(harbour: Dialogue, round_: InvitationRound) -> None:
    client = Client()
    client.force_login(make_staff("moderator", "mo@example.org"))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}1/", {"do": "end"}).status_code == 403
    assert not InvitationRound.objects.get().ended
