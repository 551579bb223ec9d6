"""How mail goes out: tried again, given up, refused, and never twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from middleground.answers.models import Case, CaseEvent
from middleground.dialogues.models import Dialogue
from middleground.notices.addresses import mark_of, seal
from middleground.notices.models import Follower, Mail, MailTrouble
from middleground.notices.outbox import sending
from middleground.notices.outbox.sending import MOST_ATTEMPTS, Sender
from middleground.people.models import User
from support.reading import words
from support.serving.mail_server import SENDER, MailServer, mail_server
from support.serving.servers import fill, outside_environment, run

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def follower(case: Case, address: str, kind: str = "news") -> Mail:
    """A mail that waits for a confirmed follower."""
    found = Follower.objects.create(
        case=case, sealed=seal(address, case.pk), mark=mark_of(address, case.pk), confirmed=True
    )
    event = case.events.filter(kind=CaseEvent.Kind.ASSIGNED).first()
    return Mail.objects.create(
        follower=found, kind=kind, facts={"events": [event.pk] if event else []}
    )


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, as a list of one value."""
    clock = [1000.0]
    monkeypatch.setattr(sending, "monotonic", lambda: clock[0])
    return clock


def troubles() -> list[tuple[str, str, int]]:
    return list(MailTrouble.objects.order_by("kind", "code").values_list("kind", "code", "number"))


def test_what_the_server_says_decides_about_mail_and_address(
    followed: Dialogue, with_police: Case, server: MailServer, sender: Sender, staff: User,
    client: Client,
) -> None:  # fmt: skip
    says = {
        "a": "550 5.1.1 <a@mail.example>: unknown", "b": "550 no such user", "c": "450 4.2.1 busy",
        "d": "554 5.7.1 Relay access denied", "e": "250 OK",
    }  # fmt: skip
    for name, reply in says.items():
        server.replies[f"{name}@mail.example"] = reply
        follower(with_police, f"{name}@mail.example")
    del server.replies["e@mail.example"]
    assert sender.send_waiting() == 1
    assert server.to() == ["e@mail.example"]
    # Gone are the addresses that do not exist, and no others: a relay that refuses is no bounce.
    assert (Follower.objects.count(), Mail.objects.count()) == (3, 2)
    assert set(Mail.objects.values_list("attempts", "is_claimed")) == {(1, False)}
    assert troubles() == [("refused", "550", 1), ("refused", "550 5.1.1", 1)]
    client.force_login(staff)
    page = words(client, "/desk/harbour/email/")
    assert "The receiving server does not know the address. It is deleted. 550 5.1.1 1" in page
    assert "Addresses that follow a case 3" in page
    assert "mail.example" not in page
    server.replies["DATA"] = "554 5.6.0 We do not like it"
    follower(with_police, "f@mail.example")
    assert sender.send_waiting() == 0
    assert troubles()[0] == ("not taken", "554 5.6.0", 1)
    assert Follower.objects.count() == 4


def test_it_is_tried_again_ever_more_rarely_and_given_up(
    followed: Dialogue, with_police: Case, server: MailServer, sender: Sender, patient: list[float]
) -> None:
    server.replies["a@mail.example"] = "450 greylisted"
    mail, tries = follower(with_police, "a@mail.example"), []
    begin = patient[0]
    while Mail.objects.exists():
        before = Mail.objects.get().attempts
        sender.send_waiting()
        if not Mail.objects.filter(pk=mail.pk, attempts=before).exists():
            tries.append(round((patient[0] - begin) / 60))
        patient[0] += 60
    assert tries[:6] == [0, 1, 3, 7, 15, 31]
    assert len(tries) == MOST_ATTEMPTS
    assert 36 < tries[-1] / 60 < 40
    assert troubles() == [("not taken", "450", 1)]
    assert Follower.objects.count() == 1


def test_a_server_that_is_away_costs_no_attempt(
    followed: Dialogue, with_police: Case, server: MailServer, sender: Sender,
    patient: list[float], settings: Any,
) -> None:  # fmt: skip
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    follower(with_police, "a@mail.example")
    assert sender.send_waiting() == 0
    assert troubles() == [("unreachable", "", 1)]
    settings.EMAIL_PORT = port
    assert sender.send_waiting() == 0  # not at once
    patient[0] += 60
    assert sender.send_waiting() == 1
    assert (troubles(), Mail.objects.count()) == ([], 0)


def test_what_may_have_arrived_is_not_sent_again(
    followed: Dialogue, with_police: Case, server: MailServer, sender: Sender, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    server.keeps_silent = True
    follower(with_police, "a@mail.example")
    assert sender.send_waiting() == 0
    server.keeps_silent = False
    assert Sender().send_waiting() == 0
    assert server.to() == ["a@mail.example"]
    assert troubles() == [("uncertain", "", 1)]


def test_without_the_key_nothing_is_sent_and_none_is_made(
    client: Client, followed: Dialogue, with_police: Case, server: MailServer, sender: Sender,
    keys: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    follower(with_police, "a@mail.example")
    key = (keys / "notices.key").read_bytes()
    (keys / "notices.key").unlink()
    for _twice in range(2):
        assert sender.send_waiting() == 0
        refused = client.post("/d/harbour/answers/1/follow/", {"address": "b@mail.example"})
        assert refused.status_code == 503
        assert "b@mail.example" in refused.content.decode()
        assert not (keys / "notices.key").exists()
        (keys / "other").write_bytes(bytes(32))
    (keys / "notices.key").write_bytes(bytes(32))  # another one
    assert Sender().send_waiting() == 0
    assert client.post(
        "/d/harbour/answers/1/follow/", {"address": "b@mail.example"}
    ).status_code == 503  # fmt: skip
    (keys / "notices.key").write_bytes(key)
    assert Sender().send_waiting() == 1


FOLLOWED = """
from middleground.answers.models import Case
from middleground.notices.addresses import seal, mark_of
from middleground.notices.models import Follower, Mail
case = Case.objects.order_by("pk").first()
for name in ("a", "b"):
    address = name + "@mail.example"
    follower = Follower.objects.create(case=case, sealed=seal(address, case.pk),
                                       mark=mark_of(address, case.pk), confirmed=True)
    Mail.objects.create(follower=follower, kind="news")
"""
SEND = """
from middleground.notices.outbox.sending import Sender
print(Sender().send_waiting(), flush=True)
"""
TELL = """
from middleground.notices.models import Mail, MailTrouble
print(Mail.objects.count(), list(MailTrouble.objects.values_list("kind", "number")))
"""
SET_UP = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
"""


def test_a_killed_process_sends_nothing_twice(tmp_path: Path) -> None:
    """Killed by kill -9 after the mail server has the text and before it says so."""
    fill(tmp_path)
    with mail_server() as server:
        mail = f"smtp://127.0.0.1:{server.port}"
        settings = {"MIDDLEGROUND_MAIL": mail, "MIDDLEGROUND_MAIL_FROM": SENDER}
        run(["-c", SET_UP + FOLLOWED], tmp_path, **settings)
        server.keeps_silent = True
        process = subprocess.Popen(
            [sys.executable, "-c", SET_UP + SEND], env=outside_environment(tmp_path, **settings)
        )
        end = time.monotonic() + 30
        while not server.messages and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        server.keeps_silent = False
        assert run(["-c", SET_UP + SEND], tmp_path, **settings) == "1\n"  # the other one
        assert server.to() == ["a@mail.example", "b@mail.example"]
        told = run(["-c", SET_UP + TELL], tmp_path, **settings)
        assert told == "0 [('uncertain', 1)]\n"
