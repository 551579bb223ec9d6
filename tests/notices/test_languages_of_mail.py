"""E-mails in the language that their reader chose, through a real mail server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from middleground.answers.models import Case
from middleground.core.languages.offered import LANGUAGES
from middleground.dialogues.models import Dialogue
from middleground.notices import addresses
from middleground.notices.addresses import recipient_of, seal
from middleground.notices.following import confirm
from middleground.notices.models import Follower, Mail
from middleground.notices.news import tell_news
from middleground.notices.outbox.sending import Sender
from middleground.notices.waiting import send_test_mail
from middleground.people.models import User
from support.serving.mail_server import MailServer, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FOLLOW = "/d/harbour/answers/1/follow/"


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_mail_is_in_the_chosen_language(
    client: Client, followed: Dialogue, with_police: Case, server: MailServer, sender: Sender,
    code: str,
) -> None:  # fmt: skip
    client.post(f"/es{FOLLOW}", {"address": "ana@mail.example", "language": code})
    sender.send_waiting()
    confirm(Follower.objects.get())
    tell_news()
    with override("ko"):  # whoever sends it
        assert sender.send_waiting() == 1
    asked, news = server.messages
    with override(code):
        question = gettext("Somebody asked us to send this address news of this case:")
        begins = gettext("There is news of this case:")
    assert body_of(asked).startswith(f"{question}\n\nPatrols at the quay\n\n")
    assert body_of(news).startswith(f"{begins}\n\nPatrols at the quay\n\n")
    assert (begins == "There is news of this case:") == (code == "en")
    for mail in (asked, news):
        assert mail["Content-Language"] == code
        assert mail.get_content_charset() == "utf-8"
        # Links stand on lines of their own, and are as in every language.
        lines = [line for line in body_of(mail).splitlines() if "http" in line]
        assert len(lines) == 2
        assert all(
            re.fullmatch(r"http://127\.0\.0\.1:8000/(d|follow)/\S+/", line) for line in lines
        )


def test_the_form_begins_with_the_language_of_the_page(
    client: Client, followed: Dialogue, with_police: Case
) -> None:
    page = client.get(f"/fa{FOLLOW}").content.decode()
    assert re.findall(r'<option value="(\S+)"', page) == list(LANGUAGES)
    assert re.findall(r'<option value="(\S+)" selected>', page) == ["fa"]
    client.post(f"/fa{FOLLOW}", {"address": "ana@mail.example"})
    client.post(FOLLOW, {"address": "bea@mail.example"}, HTTP_ACCEPT_LANGUAGE="ko")
    chosen = {recipient_of(each).chosen for each in Follower.objects.all()}
    assert chosen == {"fa", "ko"}
    refused = client.post(FOLLOW, {"address": "cem@mail.example", "language": "xx"})
    assert (refused.status_code, Follower.objects.count()) == (422, 2)


def test_a_site_with_one_language_asks_for_none(
    client: Client, followed: Dialogue, with_police: Case, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English")]
    assert 'name="language"' not in client.get(FOLLOW).content.decode()
    client.post(FOLLOW, {"address": "ana@mail.example", "language": "ar"})
    assert recipient_of(Follower.objects.get()).language.code == "en"


def test_only_what_is_not_confirmed_can_be_asked_in_another_language(
    client: Client, followed: Dialogue, with_police: Case
) -> None:
    def ask(code: str) -> str:
        client.post(FOLLOW, {"address": "ana@mail.example", "language": code})
        return recipient_of(Follower.objects.get()).chosen

    assert (ask("ar"), ask("hy")) == ("ar", "hy")
    confirm(Follower.objects.get())
    assert ask("vi") == "hy"


def test_addresses_that_were_sealed_without_a_language_are_read_on(
    followed: Dialogue, with_police: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_ROOM", 256)
    old = seal("ana@mail.example", with_police.pk)
    monkeypatch.undo()
    recipient = recipient_of(Follower(case=with_police, sealed=old))
    assert (recipient.address, recipient.language.code) == ("ana@mail.example", "en")
    longest = f"{'a' * 242}@example.org"
    assert len(longest) == addresses.LONGEST
    sealed = {len(seal(each, 1, code)) for each in ("a@b.example", longest) for code in LANGUAGES}
    assert len(sealed) == 1


def test_the_language_is_readable_nowhere_and_forgotten_if_it_is_offered_no_longer(
    client: Client, followed: Dialogue, with_police: Case, settings: Any
) -> None:
    client.post(FOLLOW, {"address": "ana@mail.example", "language": "zh-hans"})
    row, mail = Follower.objects.values().get(), Mail.objects.values().get()
    stored = [bytes(v) if isinstance(v, memoryview) else v for v in (*row.values(), *mail.values())]
    assert "zh-hans" not in str(stored)
    assert mail["facts"] == {}
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    assert recipient_of(Follower.objects.get()).language.code == "en"


def test_letters_to_accounts_are_in_the_first_language(
    followed: Dialogue, staff: User, server: MailServer, sender: Sender
) -> None:
    with override("es"):
        send_test_mail(staff)
        sender.send_waiting()
        assert gettext("A test from %(host)s") != "A test from %(host)s"
    [mail] = server.messages
    assert mail["Subject"] == "A test from Port City"
    assert mail["Content-Language"] == "en"
