"""The exact status of every desk address for each role."""

import pytest
from django.test import Client
from django.urls import URLPattern

from middleground.dialogues.desk import urls
from middleground.people import urls as people_urls
from middleground.people.models import User
from support.cast import make_dialogue, make_member

pytestmark = pytest.mark.django_db

# Columns: anonymous, moderator, facilitator, superuser; then guests who are moderator and
# facilitator of this dialogue, or moderator and facilitator of another. 302 leads to sign-in.
GET = {
    "/desk/": (302, 200, 200, 200, 200, 200, 200, 200),
    "/desk/new/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/harbour/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/edit/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/harbour/state/open/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/desk/harbour/statements/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/harbour/statements/1/remove/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/desk/harbour/moderation/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/moderation/1/merge/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/kept/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/roles/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/harbour/roles/1/withdraw/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/desk/harbour/codes/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/harbour/codes/1/withdraw/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/desk/harbour/tiers/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/desk/harbour/patterns/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/patterns/decide/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/desk/harbour/appeals/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/preview/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/participation/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/embedding/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/staff/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/staff/add/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/staff/1/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/staff/1/role/": (302, 405, 405, 405, 405, 405, 405, 405),
    "/admin/": (302, 302, 302, 200, 302, 302, 302, 302),
    "/admin/dialogues/statement/": (302, 302, 302, 200, 302, 302, 302, 302),
    "/admin/people/user/": (302, 302, 302, 200, 302, 302, 302, 302),
}
POST = {
    "/desk/new/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/harbour/edit/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/harbour/state/close/": (302, 403, 302, 302, 403, 302, 403, 403),
    "/desk/harbour/statements/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/harbour/statements/1/remove/": (302, 403, 302, 302, 403, 302, 403, 403),
    "/desk/harbour/moderation/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/moderation/1/merge/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/harbour/kept/": (302, 403, 302, 302, 403, 302, 403, 403),
    "/desk/harbour/roles/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/harbour/roles/1/withdraw/": (302, 403, 302, 302, 403, 403, 403, 403),
    "/desk/harbour/codes/": (302, 403, 200, 200, 403, 200, 403, 403),
    "/desk/harbour/codes/1/withdraw/": (302, 403, 404, 404, 403, 404, 403, 403),
    "/desk/harbour/tiers/": (302, 403, 302, 302, 403, 302, 403, 403),
    "/desk/harbour/patterns/decide/": (302, 403, 404, 404, 403, 404, 403, 403),
    "/desk/harbour/appeals/": (302, 200, 200, 200, 200, 200, 403, 403),
    "/desk/staff/add/": (302, 403, 200, 200, 403, 403, 403, 403),
    "/desk/staff/1/role/": (302, 403, 302, 302, 403, 403, 403, 403),
}


@pytest.fixture
def everyone(moderator: User, facilitator: User, superuser: User) -> list[Client]:
    """A browser for each column of the tables above."""
    here, elsewhere = make_dialogue(), make_dialogue("airport")
    guests = [
        make_member(dialogue, role, f"{role}@{dialogue.slug}.example.org")
        for dialogue in (here, elsewhere)
        for role in ("moderator", "facilitator")
    ]
    browsers = [Client()]
    for user in (moderator, facilitator, superuser, *guests):
        browsers.append(Client())
        browsers[-1].force_login(user)
    return browsers


@pytest.mark.parametrize("address", GET)
def test_each_role_gets_the_expected_status_by_get(
    address: str, everyone: list[Client], facilitator: User
) -> None:
    target = _about(facilitator, address)
    assert tuple(client.get(target).status_code for client in everyone) == GET[address]


@pytest.mark.parametrize("address", POST)
def test_each_role_gets_the_expected_status_by_post(
    address: str, everyone: list[Client], facilitator: User
) -> None:
    target = _about(facilitator, address)
    assert tuple(client.post(target).status_code for client in everyone) == POST[address]


def _about(member: User, address: str) -> str:
    is_account = "/staff/" in address or "/roles/" in address
    return address.replace("/1/", f"/{member.pk}/") if is_account else address


@pytest.mark.parametrize("address", POST)
def test_forms_without_a_csrf_token_are_refused(address: str, superuser: User) -> None:
    make_dialogue()
    client = Client(enforce_csrf_checks=True)
    client.force_login(superuser)
    assert client.post(address.replace("/1/", f"/{superuser.pk}/")).status_code == 403


def test_the_table_lists_every_address_of_the_desk() -> None:
    """A new address of the desk must be added to the table above."""
    routes = [*urls.urlpatterns, *people_urls.urlpatterns]
    desk = {
        str(p.pattern) for p in routes if isinstance(p, URLPattern) and "desk/" in str(p.pattern)
    }
    listed = {address.split("/", 1)[1] for address in GET if address.startswith("/desk/")}
    as_routes = {
        route.replace("<slug:slug>", "harbour")
        .replace("<int:number>", "1")
        .replace("<int:member_id>", "1")
        .replace("<dialogue_verb:verb>", "open")
        .replace("<member_verb:verb>", "role")
        for route in desk
    }
    assert as_routes == listed


@pytest.mark.parametrize("address", ["", "edit/", "statements/", "moderation/", "preview/"])
def test_an_unknown_dialogue_is_not_found(address: str, desk: Client) -> None:
    assert desk.get(f"/desk/nowhere/{address}").status_code == 404


def test_huge_numbers_are_not_found(desk: Client) -> None:
    make_dialogue()
    huge = "9" * 40
    assert desk.get(f"/desk/harbour/moderation/{huge}/merge/").status_code == 404
    assert desk.post(f"/desk/harbour/statements/{huge}/remove/").status_code == 404
