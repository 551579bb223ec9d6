"""Somebody outside looks at a draft by a link with a password; nobody else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from middleground.core import rate_limits
from middleground.dialogues.lifecycle import preview_links
from middleground.dialogues.lifecycle.actions import withdraw_dialogue
from middleground.dialogues.lifecycle.preview_links import (
    PREVIEW_COOKIE,
    NewPreview,
    delete_ended_previews,
    make_preview_link,
    withdraw_preview_link,
)
from middleground.dialogues.models import Dialogue, PreviewLink, Statement, Vote
from support.cast import make_dialogue, make_staff

pytestmark = pytest.mark.django_db
QUESTION = "What should the harbour be?"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    rate_limits.reset()
    yield
    rate_limits.reset()


def link_to(dialogue: Dialogue, label: str = "board", days: int = 14) -> NewPreview:
    staff = make_staff(email=f"{dialogue.slug}.{label}@example.org")
    ends_on = timezone.localdate() + timedelta(days=days)
    return make_preview_link(staff, dialogue, label, ends_on)


def looking_in(made: NewPreview, *, password: str = "") -> Client:
    client = Client()
    client.post(f"/preview/{made.token}/", {"password": password or made.password})
    return client


def pages(made: NewPreview) -> list[str]:
    return [f"/preview/{made.token}/{part}" for part in ("", "start/", "cards/", "write/")]


def test_with_the_password_a_stranger_sees_what_people_will_see() -> None:
    made = link_to(make_dialogue(state="draft", background="Ships *came*.", promise="We read it."))
    outsider = looking_in(made)
    question, start, cards, write = (outsider.get(page) for page in pages(made))
    for response in (question, start, cards, write):
        assert response.status_code == 200
        text = response.content.decode()
        assert "Preview, not open yet" in text
        assert '<meta name="robots" content="noindex, nofollow">' in text
        assert "og:" not in text
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "/d/harbour/" not in text  # which would be an error page
        assert "/desk/" not in text
    assert QUESTION in question.content.decode()
    assert "Ships <em>came</em>." in question.content.decode()
    assert "We read it." in question.content.decode()
    assert "What is not stored" in start.content.decode()
    assert "Statement number 1." in cards.content.decode()
    assert "One thought, in your own words." in write.content.decode()


def test_without_the_password_nothing_of_the_draft_is_told() -> None:
    made = link_to(make_dialogue(state="draft"))
    client = Client()
    first, *others = pages(made)
    page = client.get(first)
    assert page.status_code == 200
    assert "Type the password" in page.content.decode()
    assert QUESTION not in page.content.decode()
    for address in others:
        assert (client.get(address).status_code, client.get(address)["Location"]) == (302, first)
    # Known bad: with the password the same address does tell the question.
    assert QUESTION in looking_in(made).get(first).content.decode()


def test_a_wrong_password_keeps_nothing_and_lets_nobody_in() -> None:
    made = link_to(make_dialogue(state="draft"))
    client = Client()
    page = client.post(pages(made)[0], {"password": "not this one"})
    assert page.status_code == 403
    assert "This is not the password of this link." in page.content.decode()
    assert "not this one" not in page.content.decode()
    assert page.cookies == {}
    assert QUESTION not in client.get(pages(made)[0]).content.decode()


def test_who_tries_many_passwords_has_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_links, "check_password", lambda typed, _hash: typed == "right")
    made = link_to(make_dialogue(state="draft"))
    address = pages(made)[0]
    tried = [Client().post(address, {"password": f"guess {n}"}).status_code for n in range(31)]
    assert tried == [403] * 30 + [429]
    late = Client().post(address, {"password": "right"})
    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 600
    assert "right" not in re.findall(r'value="([^"]*)"', late.content.decode())
    # Another link has a count of its own.
    other = link_to(make_dialogue("airport", state="draft"))
    assert Client().post(pages(other)[0], {"password": "right"}).status_code == 302


@pytest.mark.parametrize("typed", [str.lower, lambda text: text.replace("-", " "), str.strip])
def test_our_password_may_be_typed_as_it_was_heard(typed: object) -> None:
    made = link_to(make_dialogue(state="draft"))
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", made.password)
    outsider = looking_in(made, password=typed(made.password))
    assert QUESTION in outsider.get(pages(made)[0]).content.decode()


def test_a_withdrawn_link_ends_at_once_also_for_who_is_looking() -> None:
    dialogue = make_dialogue(state="draft")
    made, kept = link_to(dialogue), link_to(dialogue, "press")
    outsider, other = looking_in(made), looking_in(kept)
    staff = make_staff(email="w@example.org")
    link = PreviewLink.objects.get(label="board")
    assert withdraw_preview_link(staff, dialogue, link.pk)
    assert not withdraw_preview_link(staff, dialogue, link.pk)
    for address in pages(made):
        page = outsider.get(address)
        assert page.status_code == 404
        assert "There is no preview here" in page.content.decode()
        assert QUESTION not in page.content.decode()
    assert other.get(pages(kept)[0]).status_code == 200
    verbs = dialogue.staff_actions.values_list("verb", flat=True)
    assert list(verbs) == ["withdraw_preview", "make_preview", "make_preview"]


def test_a_link_shows_nothing_after_its_last_day_and_is_deleted() -> None:
    made = link_to(make_dialogue(state="draft"), days=0)
    outsider = looking_in(made)
    assert outsider.get(pages(made)[0]).status_code == 200  # on its last day
    yesterday = timezone.localdate() - timedelta(days=1)
    PreviewLink.objects.update(ends_on=yesterday)
    assert outsider.get(pages(made)[0]).status_code == 404
    ended, unknown = pages(made)[0], "/preview/AAAAAAAAAAAAAAAAAAAAAA/"
    # The same page, but for its own address in the list of languages.
    page = outsider.get(ended).content.decode()
    assert page.replace(ended, unknown) == Client().get(unknown).content.decode()
    delete_ended_previews(yesterday)
    assert PreviewLink.objects.count() == 1
    delete_ended_previews(timezone.localdate())
    assert PreviewLink.objects.count() == 0


@pytest.mark.parametrize("token", ["nowhere", "A" * 22, "A" * 21 + "B", "é" * 22, "%00"])
def test_an_unknown_address_is_no_preview(token: str, client: Client) -> None:
    assert client.get(f"/preview/{token}/").status_code == 404
    assert client.post(f"/preview/{token}/", {"password": "x"}).status_code == 404


def test_the_cookie_of_one_link_opens_no_other() -> None:
    harbour, airport = make_dialogue(state="draft"), make_dialogue("airport", state="draft")
    one, same, other = link_to(harbour), link_to(harbour, "press"), link_to(airport)
    stolen = looking_in(one).cookies[PREVIEW_COOKIE]
    assert stolen["path"] == pages(one)[0]
    assert (stolen["secure"], stolen["httponly"], stolen["samesite"]) == (True, True, "Lax")
    for made in (same, other):
        thief = Client()
        thief.cookies[PREVIEW_COOKIE] = stolen.value
        page = thief.get(pages(made)[0])
        assert "Type the password" in page.content.decode()
    # Known bad: at its own link it opens.
    thief = Client()
    thief.cookies[PREVIEW_COOKIE] = stolen.value
    assert "Preview, not open yet" in thief.get(pages(one)[0]).content.decode()
    thief.cookies[PREVIEW_COOKIE] = stolen.value[:-1] + ("A" if stolen.value[-1] != "A" else "B")
    assert "Type the password" in thief.get(pages(one)[0]).content.decode()


def test_the_cookie_lasts_for_hours_and_what_was_written_meanwhile_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = link_to(make_dialogue(state="draft"))
    outsider = looking_in(made)
    monkeypatch.setattr(preview_links, "PREVIEW_HOURS", 0)
    page = outsider.post(pages(made)[3], {"text": "Boats need a ramp."})
    assert page.status_code == 403
    assert "Twelve hours are over" in page.content.decode()
    assert "Boats need a ramp.</textarea>" in page.content.decode()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_once_it_opened_the_link_leads_to_the_public_page(state: str) -> None:
    made = link_to(make_dialogue(state="draft"))
    outsider = looking_in(made)
    Dialogue.objects.update(state=state)
    for address in pages(made):
        for client in (outsider, Client()):
            page = client.get(address)
            assert (page.status_code, page["Location"]) == (302, "/d/harbour/")


def test_before_it_opens_a_scheduled_dialogue_is_shown() -> None:
    made = link_to(make_dialogue(state="open", opens_at=timezone.now() + timedelta(days=1)))
    assert "Statement number 1." in looking_in(made).get(pages(made)[2]).content.decode()


def test_a_dialogue_that_opened_and_is_a_draft_again_has_no_links() -> None:
    dialogue = make_dialogue(state="draft")
    link_to(dialogue)
    Dialogue.objects.update(state="open", opens_at=timezone.now() + timedelta(days=1))
    staff = make_staff(email="again@example.org")
    withdraw_dialogue(staff, dialogue)
    assert PreviewLink.objects.count() == 1  # it never opened
    Dialogue.objects.update(state="open", opens_at=None)
    withdraw_dialogue(staff, dialogue)
    assert PreviewLink.objects.count() == 0


def test_votes_are_tried_and_stored_nowhere() -> None:
    made = link_to(make_dialogue(state="draft", statements=2))
    outsider, cards = looking_in(made), pages(made)[2]
    with CaptureQueriesContext(connection) as queries:
        tried = outsider.post(cards, {"statement": "1", "vote": "disagree", "proof": ""})
        second = outsider.get(tried["Location"]).content.decode()
    assert tried["Location"] == f"{cards}?after=1&vote=disagree"
    assert "You tried: disagree." in second
    assert "stored nowhere" in second
    assert "Statement number 2." in second
    last = outsider.get(f"{cards}?after=2&vote=pass").content.decode()
    assert "You have seen every statement" in last
    for odd in ({}, {"statement": "x", "vote": "agree"}, {"statement": "1", "vote": "maybe"}):
        assert outsider.post(cards, odd)["Location"] == cards
    written = [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "PRAGMA"))]
    assert written == []
    assert Vote.objects.count() == 0
    assert PREVIEW_COOKIE in outsider.cookies
    assert len(outsider.cookies) == 1  # none that would be a participant's


def test_writing_is_checked_and_stores_nothing() -> None:
    made = link_to(make_dialogue(state="draft"))
    outsider, write = looking_in(made), pages(made)[3]
    with CaptureQueriesContext(connection) as queries:
        page = outsider.post(write, {"text": "Boats need a ramp."}).content.decode()
    assert "In an open dialogue, this would wait for a moderator." in page
    assert "Boats need a ramp.</textarea>" in page
    long = outsider.post(write, {"text": "x" * 201})
    assert long.status_code == 422
    assert "The limit is 200" in long.content.decode()
    same = outsider.post(write, {"text": "Statement number 1."})
    assert same.status_code == 422
    assert "/d/harbour/" not in same.content.decode()
    private = outsider.post(write, {"text": "Write to ann@example.org please."}).content.decode()
    assert "Before you send it" in private
    written = [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "PRAGMA"))]
    assert written == []
    assert Statement.objects.count() == 3


def test_only_hashes_are_stored() -> None:
    made = link_to(make_dialogue(state="draft"))
    row = str(PreviewLink.objects.values().get())
    assert made.token not in row
    assert made.password not in row
    assert made.password.replace("-", "") not in row
    assert len(made.token) == 22  # 128 bits


def test_robots_are_sent_away_and_the_sitemap_does_not_know_it(client: Client) -> None:
    made = link_to(make_dialogue(state="draft"))
    assert "Disallow: /preview/\n" in client.get("/robots.txt").content.decode()
    assert made.token not in client.get("/sitemap.xml").content.decode()
