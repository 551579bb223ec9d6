"""Addresses of the desk that lead nowhere. Who meets which status is in ``tests/addresses``."""

import re

import pytest
from django.test import Client

from support.cast import make_dialogue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["", "edit/", "statements/", "moderation/", "preview/"])
def test_an_unknown_dialogue_is_not_found(address: str, desk: Client) -> None:
    assert desk.get(f"/desk/nowhere/{address}").status_code == 404


def test_huge_numbers_are_not_found(desk: Client) -> None:
    make_dialogue()
    huge = "9" * 40
    assert desk.get(f"/desk/harbour/moderation/{huge}/merge/").status_code == 404
    assert desk.post(f"/desk/harbour/statements/{huge}/remove/").status_code == 404
    assert desk.get(f"/desk/posts/{huge}/").status_code == 404
    assert desk.get(f"/desk/terms/{huge}/verify/").status_code == 404


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/desk/nowhere/", 404),
        ("GET", "/desk/a/b/c/d/", 404),
        ("GET", "/desk/harbour/state/close/", 405),
        ("POST", "/desk/harbour/", 405),
    ],
)
def test_an_error_page_of_the_desk_keeps_its_navigation(
    method: str, address: str, status: int, desk: Client
) -> None:
    answer = desk.generic(method, address)
    assert answer.status_code == status
    assert navigation(answer.content.decode()) == navigation(desk.get("/desk/").content.decode())


def test_other_error_pages_keep_the_navigation_of_the_site(desk: Client) -> None:
    for client, address, links in (
        (Client(), "/desk/a/b/c/d/", ["/you/"]),
        (desk, "/d/nowhere/", ["/desk/", "/you/"]),
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert navigation(answer.content.decode()) == links


def navigation(page: str) -> list[str]:
    """The links at the top of a page."""
    header = re.search(r"<nav aria-label=.*?</nav>", page, re.DOTALL)
    assert header
    return re.findall(r'href="([^"]*)"', header[0])
