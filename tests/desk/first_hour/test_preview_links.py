"""Facilitators make preview links, read address and password once, and withdraw them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from middleground.core import dates
from middleground.dialogues.lifecycle.drafts import delete_draft
from middleground.dialogues.models import Dialogue, PreviewLink
from middleground.dialogues.statements.copying import copy_dialogue
from middleground.people.models import User
from support.cast import make_dialogue, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/desk/harbour/preview/links/"


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def sent(label: str = "school board", days: int = 14, password: str = "") -> dict[str, str]:
    return {"label": label, "ends_on": in_days(days), "password": password}


def test_address_and_password_are_shown_once(desk: Client) -> None:
    make_dialogue(state="draft")
    page = desk.post(PAGE, sent()).content.decode()
    address = re.search(r'readonly dir="ltr">(.*?)</textarea>', page)[1]
    password = re.search(r'id="preview-password" readonly dir="ltr" value="(.*?)"', page)[1]
    path = address.removeprefix("http://localhost:8000")
    assert Client().post(path, {"password": password}).status_code == 302
    later = desk.get(PAGE).content.decode()
    assert "school board" in later
    assert path not in later
    assert password not in later
    until = dates.day(PreviewLink.objects.get().ends_on)
    page = desk.get("/desk/harbour/").content.decode()
    assert f"made a preview link that ends on {until}" in page


def test_the_host_may_choose_the_password(desk: Client) -> None:
    make_dialogue(state="draft")
    short = desk.post(PAGE, sent(password="too short"))
    assert short.status_code == 422
    assert "Use ten characters or more, or leave it empty." in short.content.decode()
    assert 'value="school board"' in short.content.decode()  # nothing that was typed is lost
    common = desk.post(PAGE, sent(password="1234567890"))
    assert "This password is too common." in common.content.decode()
    assert PreviewLink.objects.count() == 0
    page = desk.post(PAGE, sent(password="herring at noon")).content.decode()
    assert 'value="herring at noon"' in page
    assert "herring" not in PreviewLink.objects.get().password


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 200), (60, 200), (61, 422)])
def test_the_last_day_is_at_most_sixty_days_away(desk: Client, days: int, status: int) -> None:
    make_dialogue(state="draft")
    assert desk.post(PAGE, sent(days=days)).status_code == status
    assert PreviewLink.objects.count() == (status == 200)


def test_a_form_sent_twice_makes_one_link(desk: Client) -> None:
    make_dialogue(state="draft")
    desk.post(PAGE, sent())
    again = desk.post(PAGE, sent())
    assert again.status_code == 422
    assert "This label is taken." in again.content.decode()
    assert PreviewLink.objects.count() == 1


def test_there_are_twenty_at_most(desk: Client) -> None:
    dialogue = make_dialogue(state="draft")
    for number in range(20):
        dialogue.preview_links.create(
            label=f"{number}", address_hash=f"{number}", password="x", ends_on=in_days(1)
        )
    assert "There are 20 links already." in html.unescape(desk.post(PAGE, sent()).content.decode())
    assert PreviewLink.objects.count() == 20


def test_withdrawing(desk: Client) -> None:
    dialogue = make_dialogue(state="draft")
    desk.post(PAGE, sent())
    address = f"{PAGE}{PreviewLink.objects.get().pk}/withdraw/"
    page = desk.get(PAGE).content.decode()
    # One click opens the warning; the second withdraws.
    begin = page.index("<details>")
    asked = page[begin : page.index("</details>", begin)]
    assert (f'action="{address}"' in asked, "You cannot undo this" in asked) == (True, True)
    page = desk.post(address, follow=True).content.decode()
    assert "The link is withdrawn." in page
    assert PreviewLink.objects.count() == 0
    assert desk.post(address).status_code == 404
    verbs = dialogue.staff_actions.values_list("verb", flat=True)
    assert list(verbs) == ["withdraw_preview", "make_preview"]


def test_a_link_of_another_dialogue_is_not_withdrawn_here(desk: Client) -> None:
    make_dialogue(state="draft")
    make_dialogue("airport", state="draft")
    desk.post("/desk/airport/preview/links/", sent())
    assert desk.post(f"{PAGE}{PreviewLink.objects.get().pk}/withdraw/").status_code == 404
    assert PreviewLink.objects.count() == 1


def test_who_may_not(moderation: Client, client: Client) -> None:
    dialogue = make_dialogue(state="draft")
    dialogue.preview_links.create(label="a", address_hash="a", password="x", ends_on=in_days(1))
    address = f"{PAGE}{PreviewLink.objects.get().pk}/withdraw/"
    assert moderation.get(PAGE).status_code == 403
    assert moderation.post(PAGE, sent()).status_code == 403
    assert moderation.post(address).status_code == 403
    assert PAGE not in moderation.get("/desk/harbour/preview/").content.decode()
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert client.post(address)["Location"].startswith("/accounts/login/")
    assert PreviewLink.objects.count() == 1


def test_of_an_open_dialogue_none_is_made(desk: Client) -> None:
    make_dialogue()
    page = desk.get(PAGE).content.decode()
    assert "The dialogue has opened" in page
    assert 'name="ends_on"' not in page
    assert "The dialogue has opened." in desk.post(PAGE, sent()).content.decode()
    assert PreviewLink.objects.count() == 0


def test_the_checklist_tells_of_links(desk: Client) -> None:
    make_dialogue(state="draft")
    before = desk.get("/desk/harbour/").content.decode()
    assert f'<a href="{PAGE}">A look from outside</a>' in before
    assert "Make a link with a password." in before
    desk.post(PAGE, sent())
    after = desk.get("/desk/harbour/").content.decode()
    assert "1 link with a password exists." in after


def test_links_are_not_copied_and_go_with_the_draft(facilitator: User, desk: Client) -> None:
    dialogue = make_dialogue(state="draft")
    desk.post(PAGE, sent())
    copy, _left_out = copy_dialogue(facilitator, dialogue)
    assert copy.preview_links.count() == 0
    delete_draft(facilitator, dialogue)
    assert PreviewLink.objects.count() == 0
    assert Dialogue.objects.count() == 1


def test_staff_try_the_same_pages(moderation: Client) -> None:
    make_dialogue(state="draft")
    for part in ("start", "cards", "write"):
        page = moderation.get(f"/desk/harbour/preview/{part}/").content.decode()
        assert "Preview, not open yet" in page
        assert "/d/harbour/" not in page
    tried = moderation.post("/desk/harbour/preview/cards/", {"statement": "1", "vote": "agree"})
    assert tried["Location"] == "/desk/harbour/preview/cards/?after=1&vote=agree"
    stranger = Client()
    assert stranger.get("/desk/harbour/preview/cards/").status_code == 302
    stranger.force_login(make_staff("guest", "nobody@example.org"))
    assert stranger.get("/desk/harbour/preview/cards/").status_code == 403
