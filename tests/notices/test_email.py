"""Following a case by e-mail, from the form to the last news, through a real mail server."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from answers.entered import answer_case
from middleground.answers.cases.endings import close
from middleground.answers.models import Case
from middleground.dialogues.models import Dialogue
from middleground.notices.following import choose_email, end_following
from middleground.notices.models import Follower, Mail
from middleground.notices.news import tell_news
from middleground.notices.outbox.sending import Sender
from middleground.people.models import Appointment, User
from support.reading import links, words
from support.serving.mail_server import MailServer, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FOLLOW = "/d/harbour/answers/1/follow/"


def link_in(message: EmailMessage) -> str:
    """The path of the link to one's own page."""
    [found] = re.findall(r"http://\S+/follow/\S+", body_of(message))
    return urlsplit(found).path


def follow(client: Client, sender: Sender, server: MailServer, address: str) -> str:
    """Ask with the form, confirm with the link, and give the link."""
    response = client.post(FOLLOW, {"address": address})
    assert response.status_code == 302
    assert sender.send_waiting()
    link = link_in(next(m for m in reversed(server.messages) if m["To"] == address))
    assert client.post(f"{link}confirm/").status_code == 302
    return link


def test_an_address_is_taken_by_a_form_asked_by_mail_and_confirmed_by_a_button(
    client: Client, followed: Dialogue, with_police: Case, server: MailServer, sender: Sender
) -> None:
    assert FOLLOW in links(client, "/d/harbour/answers/1/")
    client.post(FOLLOW, {"address": " Ana@Mail.EXAMPLE "})
    assert server.messages == []  # never in a request
    assert sender.send_waiting() == 1
    [asked] = server.messages
    assert asked["To"] == "Ana@mail.example"
    assert asked["Subject"] == "Please confirm: news from Port City"
    assert asked["Auto-Submitted"] == "auto-generated"
    link = link_in(asked)
    assert "Do you want news of this case?" in words(client, link)
    assert Follower.objects.get().asked_on == date(2026, 5, 4)  # looking confirms nothing
    client.post(f"{link}confirm/")
    assert Follower.objects.filter(confirmed=True, asked_on=None).count() == 1


def test_news_come_once_each_until_the_case_is_closed(
    client: Client,
    staff: User,
    followed: Dialogue,
    with_police: Case,
    chief: Appointment,
    server: MailServer,
    sender: Sender,
) -> None:
    link = follow(client, sender, server, "ana@mail.example")
    tell_news()
    sender.send_waiting()
    answer_case(with_police, chief)
    tell_news()
    tell_news()
    assert (sender.send_waiting(), sender.send_waiting()) == (1, 0)
    news = server.messages[-1]
    assert news["Subject"] == "News on something you follow at Port City"
    assert news["List-Unsubscribe"].strip() == f"<http://127.0.0.1:8000{link}stop/>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", news["Message-ID"])
    assert body_of(news) == (
        "There is news of this case:\n\nPatrols at the quay\n\n"
        "May 4, 2026: Answered by Chief, Police: will do.\n\n"
        "http://127.0.0.1:8000/d/harbour/answers/1/\n\n"
        "To stop these e-mails and delete your address:\n"
        f"http://127.0.0.1:8000{link}\n"
    )
    close(staff, with_police, "It is done.")
    end_following()
    assert Follower.objects.count() == 1  # is told first
    tell_news()
    assert sender.send_waiting() == 1
    assert "This was the last news. Your address is deleted now." in body_of(server.messages[-1])
    assert (Follower.objects.count(), Mail.objects.count()) == (0, 0)
    assert client.get(link).status_code == 404
    assert client.get("/d/harbour/answers/1/").status_code == 200
    assert FOLLOW not in links(client, "/d/harbour/answers/1/")


def test_asking_tells_nobody_whether_an_address_follows(
    client: Client, followed: Dialogue, with_police: Case, server: MailServer, sender: Sender
) -> None:
    follow(client, sender, server, "ana@mail.example")
    answers = [
        client.post(FOLLOW, {"address": address})
        for address in ("ana@mail.example", "bea@mail.example")
    ]
    assert [(each.status_code, each["Location"]) for each in answers] == [
        (302, f"{FOLLOW}asked/"), (302, f"{FOLLOW}asked/"),
    ]  # fmt: skip
    assert Mail.objects.count() == 2  # one each, so that not even the work differs
    assert client.get(f"{FOLLOW}asked/").status_code == 200
    sender.send_waiting()
    again = next(m for m in server.messages[1:] if m["To"] == "ana@mail.example")
    assert "It already gets it:" in body_of(again)
    # Who asks often is answered alike, and the address is left alone.
    for _more in range(20):
        assert client.post(FOLLOW, {"address": "ANA@mail.example"}).status_code == 302
        sender.send_waiting()
    assert server.to().count("ana@mail.example") + server.to().count("ANA@mail.example") == 6
    assert Follower.objects.count() == 2


def test_the_link_stops_at_once_and_mail_servers_that_look_stop_nothing(
    client: Client, followed: Dialogue, with_police: Case, server: MailServer, sender: Sender
) -> None:
    link = follow(client, sender, server, "ana@mail.example")
    assert "You follow this case" in words(client, link)
    assert client.get(f"{link}stop/").status_code == 405
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(f"{link}confirm/").status_code == 403
    for _again in range(2):
        stopped = careful.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"})
        assert stopped.status_code == 200
    assert Follower.objects.count() == 0
    for wrong in (link, "/follow/abc/", f"{link[:-5]}AAAA/", "/follow/ä/", f"/follow/{'A' * 32}/"):
        assert client.get(wrong).status_code == 404, wrong


def test_addresses_go_when_they_are_of_no_use(
    client: Client,
    followed: Dialogue,
    with_police: Case,
    chief: Appointment,
    server: MailServer,
    sender: Sender,
    today: list[date],
) -> None:
    client.post(FOLLOW, {"address": "bea@mail.example"})
    follow(client, sender, server, "ana@mail.example")
    tell_news()
    today[0] += timedelta(days=1)
    end_following()
    assert Follower.objects.count() == 2
    today[0] += timedelta(days=1)
    end_following()
    assert list(Follower.objects.values_list("confirmed", flat=True)) == [True]
    answer_case(with_police, chief)
    tell_news()
    sender.send_waiting()
    today[0] += timedelta(days=60)
    end_following()
    end_following()
    assert sender.send_waiting() == 1
    assert "Nothing has happened here for a long time, and nothing is due:" in body_of(
        server.messages[-1]
    )
    assert Follower.objects.count() == 0


def test_bad_input_is_told_and_kept(
    client: Client, followed: Dialogue, with_police: Case, staff: User, settings: Any
) -> None:
    for sent in ("nobody", "a@b", "a@mail.example\nBcc: c@d.example", "ä@mail.example", ""):
        response = client.post(FOLLOW, {"address": sent})
        assert response.status_code == 422
        page = response.content.decode()
        assert 'role="alert"' in page or "aria-invalid" in page
        assert sent.split("\n", maxsplit=1)[0] in page
    assert client.post("/d/harbour/answers/2/follow/").status_code == 404
    client.post(FOLLOW, {"address": "ana@bücher.example"})
    assert Mail.objects.count() == 1
    close(staff, with_police, "Asked twice.")
    closed = client.post(FOLLOW, {"address": "ana@mail.example"})
    assert closed.status_code == 409
    assert "There will be no more news." in closed.content.decode()
    assert choose_email(followed, on=False) == 1
    assert client.get(FOLLOW).status_code == 404
    choose_email(followed, on=True)
    settings.MAIL = ""
    assert client.get(FOLLOW).status_code == 404
