"""Who may open which address of the desk, exactly."""

import pytest
from django.test import Client
from django.urls import URLPattern

from middleground.dialogues.desk import urls
from middleground.people import urls as people_urls
from middleground.people.models import User
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db

# For each address: anonymous, moderator, facilitator, superuser. 302: to sign-in.
GET = {
    "/desk/": (302, 200, 200, 200),
    "/desk/new/": (302, 403, 200, 200),
    "/desk/harbour/": (302, 200, 200, 200),
    "/desk/harbour/edit/": (302, 403, 200, 200),
    "/desk/harbour/state/open/": (302, 403, 405, 405),
    "/desk/harbour/statements/": (302, 403, 200, 200),
    "/desk/harbour/statements/1/remove/": (302, 403, 405, 405),
    "/desk/harbour/moderation/": (302, 200, 200, 200),
    "/desk/harbour/moderation/1/merge/": (302, 200, 200, 200),
    "/desk/harbour/kept/": (302, 200, 200, 200),
    "/desk/harbour/codes/": (302, 403, 200, 200),
    "/desk/harbour/codes/1/withdraw/": (302, 403, 405, 405),
    "/desk/harbour/tiers/": (302, 403, 405, 405),
    "/desk/harbour/patterns/": (302, 200, 200, 200),
    "/desk/harbour/patterns/decide/": (302, 403, 405, 405),
    "/desk/harbour/appeals/": (302, 200, 200, 200),
    "/desk/harbour/preview/": (302, 200, 200, 200),
    "/desk/harbour/participation/": (302, 200, 200, 200),
    "/desk/harbour/embedding/": (302, 403, 200, 200),
    "/desk/staff/": (302, 403, 200, 200),
    "/desk/staff/add/": (302, 403, 200, 200),
    "/desk/staff/1/": (302, 403, 200, 200),
    "/desk/staff/1/role/": (302, 403, 405, 405),
    "/admin/": (302, 302, 302, 200),
    "/admin/dialogues/statement/": (302, 302, 302, 200),
    "/admin/people/user/": (302, 302, 302, 200),
}
POST = {
    "/desk/new/": (302, 403, 200, 200),
    "/desk/harbour/edit/": (302, 403, 200, 200),
    "/desk/harbour/state/close/": (302, 403, 302, 302),
    "/desk/harbour/statements/": (302, 403, 200, 200),
    "/desk/harbour/statements/1/remove/": (302, 403, 302, 302),
    "/desk/harbour/moderation/": (302, 200, 200, 200),
    "/desk/harbour/moderation/1/merge/": (302, 200, 200, 200),
    "/desk/harbour/kept/": (302, 403, 302, 302),
    "/desk/harbour/codes/": (302, 403, 200, 200),
    "/desk/harbour/codes/1/withdraw/": (302, 403, 404, 404),
    "/desk/harbour/tiers/": (302, 403, 302, 302),
    "/desk/harbour/patterns/decide/": (302, 403, 404, 404),
    "/desk/harbour/appeals/": (302, 200, 200, 200),
    "/desk/staff/add/": (302, 403, 200, 200),
    "/desk/staff/1/role/": (302, 403, 302, 302),
}


def clients(moderator: User, facilitator: User, superuser: User) -> list[Client]:
    signed_in = []
    for user in (None, moderator, facilitator, superuser):
        client = Client()
        if user:
            client.force_login(user)
        signed_in.append(client)
    return signed_in


@pytest.mark.parametrize("address", GET)
def test_opening(address: str, moderator: User, facilitator: User, superuser: User) -> None:
    make_dialogue()
    address = address.replace("/1/", f"/{facilitator.pk}/") if "/staff/" in address else address
    found = [c.get(address).status_code for c in clients(moderator, facilitator, superuser)]
    expected = GET[address.replace(f"/{facilitator.pk}/", "/1/")]
    assert tuple(found) == expected


@pytest.mark.parametrize("address", POST)
def test_sending(address: str, moderator: User, facilitator: User, superuser: User) -> None:
    make_dialogue()
    target = address.replace("/1/", f"/{facilitator.pk}/") if "/staff/" in address else address
    found = [c.post(target).status_code for c in clients(moderator, facilitator, superuser)]
    assert tuple(found) == POST[address]


@pytest.mark.parametrize("address", POST)
def test_forms_from_elsewhere_are_refused(address: str, superuser: User) -> None:
    make_dialogue()
    client = Client(enforce_csrf_checks=True)
    client.force_login(superuser)
    assert client.post(address.replace("/1/", f"/{superuser.pk}/")).status_code == 403


def test_no_address_is_forgotten_here() -> None:
    """An address that is added to the desk must be added above."""
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


def test_numbers_beyond_reason_are_not_found(desk: Client) -> None:
    make_dialogue()
    huge = "9" * 40
    assert desk.get(f"/desk/harbour/moderation/{huge}/merge/").status_code == 404
    assert desk.post(f"/desk/harbour/statements/{huge}/remove/").status_code == 404
