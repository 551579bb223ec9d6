"""E-mail to officials: what they owe in numbers, if they want it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client

from answers.entered import make_case
from middleground.answers.cases.owners import assign
from middleground.dialogues.models import Dialogue
from middleground.notices.models import Mail, MailTrouble
from middleground.notices.news import tell_due_days, tell_news
from middleground.notices.outbox.sending import Sender
from middleground.people.models import Appointment, User
from support.cast import make_statement
from support.reading import words
from support.serving.mail_server import MailServer, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_an_official_who_wants_it_is_told_what_is_owed_and_no_words(
    client: Client, staff: User, followed: Dialogue, chief: Appointment, agent: Appointment,
    server: MailServer, sender: Sender, today: list[date],
) -> None:  # fmt: skip
    assert chief.user
    client.force_login(chief.user)
    assert "E-mail about what you owe Off." in words(client, "/accounts/2fa/")
    client.post("/accounts/notices/", {"on": "1"})
    assert "On. chief@police.example gets an e-mail" in words(client, "/accounts/2fa/")
    for number in (1, 2):
        case = make_case(staff, followed, number, title="Patrols at the quay")
        assign(staff, case, chief.post.body, chief.post)
    assign(staff, make_case(staff, followed, 3), agent.post.body, agent.post)  # wants none
    tell_news()
    tell_news()
    assert sender.send_waiting() == 1
    [given] = server.messages
    assert (given["To"], given["Subject"]) == ("chief@police.example", "What is due at Port City")
    assert body_of(given) == (
        "2 cases were given to you.\n\nhttp://127.0.0.1:8000/desk/inbox/\n\n"
        "You turned these e-mails on. You can turn them off under “Your account”.\n"
    )
    told = []
    for _day in range(20):  # due on Monday, May 18
        today[0] += timedelta(days=1)
        tell_due_days()
        tell_due_days()
        told += [(today[0].day, body_of(each).split("\n")[0]) for each in _sent(sender, server)]
    assert told == [
        (11, "2 answers are due in a week."),
        (19, "2 answers are overdue since yesterday."),
    ]
    client.post("/accounts/notices/", {"on": "0"})
    assign(staff, make_case(staff, followed, 3), chief.post.body, chief.post)
    tell_news()
    assert Mail.objects.count() == 0
    client.force_login(staff)
    assert client.post("/accounts/notices/", {"on": "1"}).status_code == 403


def _sent(sender: Sender, server: MailServer) -> list[EmailMessage]:
    server.messages.clear()
    sender.send_waiting()
    return list(server.messages)


def test_days_on_which_the_server_was_off_are_caught_up_with(
    client: Client, staff: User, followed: Dialogue, chief: Appointment, server: MailServer,
    sender: Sender, today: list[date],
) -> None:  # fmt: skip
    assert chief.user
    client.force_login(chief.user)
    client.post("/accounts/notices/", {"on": "1"})
    assign(staff, make_case(staff, followed, 1), chief.post.body, chief.post)
    today[0] = date(2026, 5, 12)
    tell_due_days()
    [mail] = Mail.objects.all()
    assert mail.facts == {"due": 1}
    server.replies["chief@police.example"] = "550 5.1.1 unknown"
    sender.send_waiting()
    assert MailTrouble.objects.get().official == chief.user
    client.force_login(staff)
    page = words(client, "/desk/harbour/email/")
    assert "chief@police.example (official): The receiving server does not know" in page


def test_its_desk_page_counts_statements_that_wait_and_not_mails(
    followed: Dialogue, staff: User, client: Client
) -> None:
    make_statement(followed, 91, "More light.", status="pending", origin="participant")
    client.force_login(staff)
    counts = [
        re.findall(r'<span class="count">(\d+)<', client.get(page).content.decode())[:1]
        for page in ("/desk/harbour/", "/desk/harbour/email/")
    ]
    assert counts[0] == counts[1] == ["1"]
