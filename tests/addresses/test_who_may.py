"""Every address has exact statuses and headers for each role. An address without a row fails.

The table is ``statuses.txt``. A difference is reported as the row that would agree, which a
person must review before writing it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, include, path

from addresses.headers import faults
from addresses.statuses import METHODS, OTHERS, answers, expected, line, read_table
from addresses.walking import ROLES, Site, address, routes
from middleground.config import urls
from middleground.dialogues.desk import participation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def all_routes() -> list[str]:
    return [f"/{route}" for route in routes()]


def test_the_table_has_exactly_the_sites_addresses() -> None:
    assert set(all_routes()) == set(read_table())


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_the_statuses_and_headers_of_the_table(site: Site, role: str) -> None:
    table, wrong = read_table(), []
    for route in table:
        found = list(answers(site, route, role, METHODS))
        statuses = [str(response.status_code) for response in found]
        if statuses != expected(table[route], role):
            wrong.append(f"{route} | {' | '.join(statuses)}")
        for method, response in zip(METHODS, found, strict=True):
            wrong += [f"{method} {route}: {fault}" for fault in faults(route, response)]
    assert wrong == []


@pytest.mark.parametrize("role", ["anonymous", "moderator"])
def test_no_other_method_opens_an_address_closed_to_get_and_post(site: Site, role: str) -> None:
    for route, row in read_table().items():
        open_ = "200" in expected(row, role)[:2]
        for method, response in zip(OTHERS, answers(site, route, role, OTHERS), strict=True):
            assert response.status_code < 500, (method, route)
            assert faults(route, response) == [], (method, route)
            # OPTIONS lists the methods and nothing else.
            if response.status_code == 200 and method != "OPTIONS":
                assert open_, (method, route)


def test_no_form_of_the_desk_is_taken_without_a_csrf_token(site: Site) -> None:
    taken = set()
    for route, row in read_table().items():
        if route.startswith("/desk/") and expected(row, "administrator")[1] != "405":
            with site.client("administrator", enforce_csrf_checks=True) as client:
                assert client.post(address(route, site)).status_code == 403, route
            taken.add(route)
    assert len(taken) > 20


# Private pages of staff and participants


def private_pages_that_are_kept(site: Site, role: str) -> list[str]:
    """Pages that differ from a stranger's and that a browser or proxy may store."""
    kept = []
    for route, row in read_table().items():
        if expected(row, role)[0] != "200":
            continue
        (own,) = answers(site, route, role, ("GET",))
        (other,) = answers(site, route, "anonymous", ("GET",))
        if _text(own) != _text(other) and "no-store" not in own.headers.get("Cache-Control", ""):
            kept.append(route)
    return kept


def _text(response: Any) -> bytes:
    return b"" if response.streaming else bytes(response.content)


@pytest.mark.parametrize(
    "role", ["participant", "moderator", "administrator", "moderator here", "facilitator elsewhere"]
)
def test_no_browser_stores_private_pages(site: Site, role: str) -> None:
    assert private_pages_that_are_kept(site, role) == []


def test_control_without_the_middleware_desk_pages_are_stored(site: Site, settings: Any) -> None:
    """The control: the test above can fail."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "caches" not in name]
    assert "/desk/<slug:slug>/moderation/" in private_pages_that_are_kept(site, "moderator")


# Controls: the tests above find faults


def _left_open(request: HttpRequest, slug: str) -> HttpResponse:
    """The participation page without its check for sign-in."""
    return participation.show_participation.__wrapped__(request, slug)


def _forgotten(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("An address that stands in no table.")
    response.headers["Content-Security-Policy"] = "default-src *"
    return response


urlpatterns = [
    path("desk/<slug:slug>/participation/", _left_open),
    path("forgotten/", _forgotten),
    path("", include(urls)),
]


@pytest.fixture
def permission_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(participation, "require", lambda *_asked: None)


@pytest.fixture
def careless_urls(settings: Any, permission_forgotten: None) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    clear_url_caches()


@pytest.mark.usefixtures("careless_urls")
def test_a_forgotten_guard_a_new_address_and_a_weak_policy_are_found(site: Site) -> None:
    assert set(all_routes()) - set(read_table()) == {"/forgotten/"}
    route = "/desk/<slug:slug>/participation/"
    (open_,) = answers(site, route, "anonymous", ("GET",))
    assert open_.status_code == 200
    assert expected(read_table()[route], "anonymous")[0] == "302"
    (weak,) = answers(site, "/forgotten/", "anonymous", ("GET",))
    assert faults("/forgotten/", weak) == ["Content-Security-Policy: 'default-src *'"]


@pytest.mark.usefixtures("permission_forgotten")
def test_a_view_without_a_permission_check_is_found(site: Site) -> None:
    route, role = "/desk/<slug:slug>/participation/", "facilitator elsewhere"
    (open_,) = answers(site, route, role, ("GET",))
    assert open_.status_code == 200
    assert expected(read_table()[route], role)[0] == "403"


def test_a_difference_is_reported_as_the_agreeing_row(site: Site, tmp_path: Path) -> None:
    route = "/desk/<slug:slug>/edit/"
    found = {
        role: [str(r.status_code) for r in answers(site, route, role, METHODS)] for role in ROLES
    }
    row = read_table()[route]
    assert line(route, found) == " | ".join((route, *row))
