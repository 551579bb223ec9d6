"""A partner's page needs no account; it is named only as long as it agrees."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue, StaffAction
from middleground.outreach.campaigns.actions import add_campaign
from middleground.outreach.campaigns.visits import write_visits
from middleground.outreach.models import Campaign, Partner
from middleground.outreach.partners.actions import (
    add_partner,
    close_page,
    rename_partner,
    renew_address,
)
from middleground.people.models import User
from support.cast import make_dialogue, make_staff

PAGE = "/desk/harbour/outreach/partners/"
UNION = "Dock Workers’ Union"


def public(client: Client) -> str:
    return client.get("/d/harbour/").content.decode()


def test_the_address_is_shown_once_and_only_its_hash_is_stored(
    desk: Client, client: Client, harbour: Dialogue
) -> None:
    shown = desk.post(PAGE, {"name": UNION}).content.decode()
    token = re.findall(r"/partner/([\w-]{32})/", shown)[0]
    partner = Partner.objects.get()
    assert (partner.name, partner.consented) == (UNION, False)
    assert token not in str(Partner.objects.values().get())
    assert token not in desk.get(PAGE).content.decode()
    assert client.get(f"/partner/{token}/").status_code == 200
    assert client.get(f"/partner/{token[:-1]}/").status_code == 404


def test_they_see_their_own_codes_and_what_they_brought_in_steps(
    client: Client, staff: User, harbour: Dialogue
) -> None:
    partner, token = add_partner(staff, harbour, UNION)
    own = add_campaign(staff, harbour, "Shift bulletin", "es", partner)
    other = add_campaign(staff, harbour, "Radio")
    write_visits({own.pk: 30, other.pk: 40})
    answer = client.get(f"/partner/{token}/")
    page = answer.content.decode()
    assert f"/go/{own.code}/" in page
    assert "Opened: at least\N{NO-BREAK SPACE}30" in page
    assert other.code not in page
    assert "no-store" in answer["Cache-Control"]


def test_they_are_named_as_long_as_they_agree(
    client: Client, staff: User, harbour: Dialogue
) -> None:
    _partner, token = add_partner(staff, harbour, UNION)
    page = f"/partner/{token}/"
    assert UNION not in public(client)
    agreed = client.post(page, {"name": UNION, "agreed": "1"}, follow=True).content.decode()
    assert "You are named now." in agreed
    assert UNION in public(client)
    client.post(page, {"name": UNION})
    assert UNION not in public(client)


def test_another_name_needs_another_consent(client: Client, staff: User, harbour: Dialogue) -> None:
    partner, token = add_partner(staff, harbour, UNION)
    client.post(f"/partner/{token}/", {"name": UNION, "agreed": "1"})
    assert rename_partner(staff, partner, "Union of the Docks")
    assert "Docks" not in public(client)
    # A form that was open meanwhile consents to nothing that they did not read.
    told = client.post(f"/partner/{token}/", {"name": UNION, "agreed": "1"}, follow=True)
    assert "changed meanwhile" in told.content.decode()
    assert not Partner.objects.get().consented


def test_a_new_address_ends_the_old_one_and_a_closed_page_ends_the_naming(
    client: Client, staff: User, harbour: Dialogue
) -> None:
    partner, token = add_partner(staff, harbour, UNION)
    client.post(f"/partner/{token}/", {"name": UNION, "agreed": "1"})
    newer = renew_address(staff, partner)
    assert client.get(f"/partner/{token}/").status_code == 404
    assert client.get(f"/partner/{newer}/").status_code == 200
    code = add_campaign(staff, harbour, "Shift bulletin", partner=partner).code
    close_page(staff, partner)
    assert client.get(f"/partner/{newer}/").status_code == 404
    assert UNION not in public(client)
    assert client.get(f"/go/{code}/").status_code == 302
    verbs = StaffAction.objects.values_list("verb", flat=True)
    assert list(verbs) == ["end_partner", "add_campaign", "edit_partner", "add_partner"]


def test_the_desk_adds_codes_renames_renews_and_closes(
    desk: Client, staff: User, harbour: Dialogue
) -> None:
    add_partner(staff, harbour, UNION)
    page = f"{PAGE}1/"
    told = desk.post(page, {"do": "add", "label": "Bulletin", "language": ""}, follow=True)
    assert "It stands on their page" in told.content.decode()
    assert Campaign.objects.get().partner == Partner.objects.get()
    again = desk.post(page, {"do": "add", "label": "Bulletin", "language": "ko"})
    assert again.status_code == 422
    assert "has that name already" in again.content.decode()
    assert (
        "have to agree to this name"
        in desk.post(page, {"do": "rename", "name": "Dockers"}, follow=True).content.decode()
    )
    assert "Shown only once" in desk.post(page, {"do": "renew"}).content.decode()
    closed = desk.post(page, {"do": "close"}, follow=True).content.decode()
    assert "Their page is closed." in closed


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_what_is_wrong_is_told(desk: Client, harbour: Dialogue, name: str) -> None:
    answer = desk.post(PAGE, {"name": name})
    assert answer.status_code == 422
    assert not Partner.objects.exists()


def test_of_a_draft_there_is_no_page(client: Client, staff: User, keys: object) -> None:
    _partner, token = add_partner(staff, make_dialogue("draft", state="draft"), UNION)
    assert client.get(f"/partner/{token}/").status_code == 404


def test_a_moderator_may_not(harbour: Dialogue) -> None:
    client = Client()
    client.force_login(make_staff("moderator", "mo@example.org"))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"name": UNION}).status_code == 403
    assert not Partner.objects.exists()
