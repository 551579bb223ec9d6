"""Sessions last while they are used, not for ever; what is sent after their end is not lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from addresses.test_refused_forms import fields_of, ours, page_of
from middleground.core import rate_limits
from middleground.core.page.errors.given_back import GivenBack
from middleground.dialogues.models import Dialogue, Reason
from middleground.people.models import User
from middleground.people.sign_in import kept_forms, sessions
from middleground.people.sign_in.budgets import DEVICE_COOKIE, budgets
from support.cast import PASSWORD, make_dialogue, make_staff

pytestmark = pytest.mark.django_db

EDIT = "/desk/harbour/edit/"
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Moves the time of sessions on."""
    real, moved = timezone.now, [timedelta(0)]

    def now() -> datetime:
        return real() + moved[0]

    def pass_(time: timedelta) -> None:
        moved[0] += time

    monkeypatch.setattr(timezone, "now", now)
    return pass_


def signed_in(email: str = "fay@example.org") -> Client:
    budgets.reset()
    rate_limits.reset()
    client = Client()
    assert (
        client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302
    )
    return client


def is_in(client: Client) -> bool:
    return client.get("/desk/staff/").status_code == 200


def test_a_session_that_is_used_lasts_and_one_that_is_not_ends(
    facilitator: User, clock: Any
) -> None:
    client = signed_in()
    for _ in range(4):
        clock(11 * HOUR)
        assert is_in(client)
    clock(13 * HOUR)
    assert not is_in(client)


def test_no_session_lasts_longer_than_three_days(facilitator: User, clock: Any) -> None:
    client = signed_in()
    for _ in range(7):
        clock(10 * HOUR)
        assert is_in(client)
    clock(3 * HOUR)
    assert not is_in(client)
    assert sessions.LONGEST_SECONDS == 72 * 3600


def test_control_without_the_bound_a_session_never_ends(
    facilitator: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LONGEST_SECONDS", 10**9)
    client = signed_in()
    for _ in range(9):
        clock(10 * HOUR)
        assert is_in(client)


def test_a_session_is_written_at_most_every_ten_minutes(
    facilitator: User, clock: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in()
    before = Session.objects.get().expire_date
    clock(timedelta(minutes=9))
    assert is_in(client)
    assert Session.objects.get().expire_date == before
    clock(timedelta(minutes=2))
    assert is_in(client)
    assert Session.objects.get().expire_date - before >= timedelta(minutes=11)


def test_the_cookie_of_a_session_ends_with_the_browser(facilitator: User, clock: Any) -> None:
    client = signed_in()
    clock(timedelta(minutes=11))
    response = client.get("/desk/staff/")
    cookie = response.cookies["staff"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


# What is sent after the end of a session


def ended(client: Client) -> Client:
    Session.objects.all().delete()
    return client


def typed(harbour: Dialogue) -> dict[str, str]:
    return {
        "question": "What should the *harbour* be?",
        "host_name": "Port City",
        "slug": "harbour",
    }


def sign_in_again(client: Client, page: str, email: str = "fay@example.org") -> Any:
    """Sign in by the link of the page, and go where it leads."""
    budgets.reset()
    link = re.search(r'href="(/accounts/login/[^"]*)"', page)
    assert link
    where = link[1].partition("next=")[2]
    sent = {"login": email, "password": PASSWORD, "next": where.replace("%2F", "/")}
    return client.post("/accounts/login/", sent, follow=True)


def test_what_is_sent_too_late_is_in_a_form_after_signing_in(facilitator: User) -> None:
    harbour = make_dialogue()
    client = ended(signed_in())
    response = client.post(EDIT, typed(harbour), headers=ours())
    page = page_of(response)
    assert (response.status_code, "We keep" in page) == (403, True)
    assert typed(harbour)["question"] in page
    again = page_of(sign_in_again(client, page))
    where, sent = fields_of(again)
    assert where == EDIT
    assert sent["question"] == typed(harbour)["question"]
    assert typed(harbour)["question"] in html.unescape(page_of(client.post(where, sent)))


def test_it_is_forgotten_once_it_was_taken(facilitator: User) -> None:
    make_dialogue()
    client = ended(signed_in())
    where = "/desk/harbour/statements/"
    page = page_of(client.post(where, {"statements": "More cranes, please."}, headers=ours()))
    action, sent = fields_of(page_of(sign_in_again(client, page)))
    assert client.post(action, sent).status_code in {200, 302}
    assert kept_forms.KEPT not in client.session
    assert client.get("/desk/staff/again/", follow=True).redirect_chain == [("/desk/", 302)]


def test_nobody_else_is_shown_it(facilitator: User) -> None:
    make_dialogue()
    make_staff(email="mo@example.org")
    client = ended(signed_in())
    page = page_of(client.post(EDIT, {"question": "A secret plan?"}, headers=ours()))
    other = sign_in_again(client, page, "mo@example.org")
    assert other.redirect_chain[-1] == ("/desk/", 302)
    assert "A secret plan?" not in page_of(other)


def test_it_is_kept_for_an_hour(facilitator: User, clock: Any) -> None:
    make_dialogue()
    client = ended(signed_in())
    page = page_of(client.post(EDIT, {"question": "A plan for it?"}, headers=ours()))
    clock(HOUR + timedelta(minutes=1))
    assert sign_in_again(client, page).redirect_chain[-1] == ("/desk/", 302)


def test_a_stranger_stores_nothing(facilitator: User) -> None:
    make_dialogue()
    client = Client()
    page = page_of(client.post(EDIT, {"question": "A plan for it?"}, headers=ours()))
    assert "in a new tab" in page
    assert fields_of(page)[1]["question"] == "A plan for it?"
    assert Session.objects.count() == 0
    client.cookies[DEVICE_COOKIE] = "a.b:c.d"
    assert client.post(EDIT, {"question": "A plan for it?"}, headers=ours()).status_code == 403
    assert Session.objects.count() == 0


def test_numbers_and_choices_alone_are_kept_and_told_with_their_labels(facilitator: User) -> None:
    harbour = make_dialogue()
    client = ended(signed_in())
    where = "/desk/harbour/codes/"
    sent = {"what": "meeting", "form": "x" * 22, "participants": "37", "hours": "2"}
    response = client.post(where, sent, headers=ours())
    page = page_of(response)
    assert response.status_code == 403
    assert "your decision was not carried out. We keep it for an hour." in page
    again = page_of(sign_in_again(client, page))
    assert told(again) == {"How many people are there": "37", "For how many hours": "2"}
    assert "<textarea" not in again
    assert fields_of(again)[0] == where
    assert fields_of(again)[1].items() >= sent.items()
    assert client.post(*fields_of(again)).status_code == 200
    assert harbour.code_batches.get().size == 37


def test_decisions_are_told_in_words_and_not_as_code(facilitator: User) -> None:
    make_dialogue()
    client = ended(signed_in())
    where = "/desk/harbour/moderation/?tab=waiting"
    sent = {
        "decide": "approve:39", "seen-39": "waiting", "reason-39": "", "reason-7": "spam",
        "of": "waiting:1-3,7", "chosen": ["4", "5"],
    }  # fmt: skip
    page = page_of(client.post(where, sent, headers=ours()))
    assert "approve:39</textarea>" not in page
    again = page_of(sign_in_again(client, page))
    assert told(again) == {
        "Decision": "Show 39",
        "Reason 7": str(dict(Reason.choices)["spam"]),
        "Numbers": "1-3,7",
        "Ticked": "4, 5",
    }
    assert "<textarea" not in again
    assert "Here is what you decided" in again
    assert '<a class="button button-quiet" href="/desk/harbour/"' in again


def test_texts_stand_under_their_labels(facilitator: User) -> None:
    harbour = make_dialogue()
    client = ended(signed_in())
    sent = {**typed(harbour), "moderation": "after", "opens_at": "2026-03-01T09:00"}
    page = page_of(client.post(EDIT, sent, headers=ours()))
    again = page_of(sign_in_again(client, page))
    labels = re.findall(r'<label for="given-\d+">([^<]*)</label>', again)
    assert labels == ["Question", "Who hosts it"]
    assert set(told(again)) == {"Address", "Opens", "When staff look at statements"}
    assert "part 1 of" not in again


def test_an_address_that_names_no_fields_has_its_names_made_readable() -> None:
    form = GivenBack("/desk/", (("other_note-2", "A: b."),), (("weeks_left", "3"), ("x", "a" * 20)))
    assert form.labelled_texts == [("other_note-2", "Other note 2", "A: b.")]
    assert form.choices == [("Weeks left", "3")]


def test_a_decision_of_a_stranger_is_told_and_not_stored(facilitator: User) -> None:
    make_dialogue()
    where = "/desk/harbour/codes/"
    sent = {"what": "meeting", "participants": "37", "hours": "2"}
    page = page_of(Client().post(where, sent, headers=ours()))
    assert "your decision was not carried out. Sign in, in a new tab." in page
    assert told(page)["How many people are there"] == "37"
    assert Session.objects.count() == 0
    # The control: what does not come from our page is nobody's decision.
    assert Client().post(where, sent).status_code == 302


def test_a_button_alone_is_told_and_leads_back_to_its_page(facilitator: User) -> None:
    make_dialogue()
    client = ended(signed_in())
    here = {**ours(), "Referer": "http://testserver/desk/harbour/"}
    response = client.post("/desk/harbour/state/close/", {}, headers=here)
    page = page_of(response)
    assert response.status_code == 403
    assert "your decision was not carried out. Sign in and look again." in page
    assert '<a class="button" href="/accounts/login/?next=/desk/harbour/"' in page
    assert "given-back" not in page


def told(page: str) -> dict[str, str]:
    """What a page says of the fields that are sent along."""
    pairs = re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", page)
    return {html.unescape(label): html.unescape(words) for label, words in pairs}
