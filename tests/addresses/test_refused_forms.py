"""At every address no page is blank, and a form that is refused is given back as it was."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from addresses.statuses import expected, read_table
from addresses.walking import Site, address
from middleground.core.page.errors.given_back import page_above

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TYPED = "The <ferry> should run at night."
SIGN_IN = ("/accounts/", "/admin/")
# Votes are taken in front of Django; other programs than browsers send to these.
WITHOUT_MARK = {"/d/<slug:slug>/vote/", "/d/<slug:slug>/confirm/"}


def page_of(response: Any) -> str:
    return "" if response.streaming else response.content.decode()


def fields_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the form that is given back goes, and what it sends."""
    form = re.search(
        r'<form method="post" action="([^"]*)" class="given-back">(.*?)</form>', page, re.DOTALL
    )
    assert form, page
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2])
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form[2], re.DOTALL)
    sent = {name: html.unescape(value) for name, value in [*hidden, *texts]}
    return html.unescape(form[1]), sent


def test_no_address_answers_with_a_blank_page(site: Site) -> None:
    """What takes only POST is asked with GET after sign-in, or by a link that somebody sent."""
    refused = set()
    for route, row in read_table().items():
        for method, status in zip(("GET", "POST"), expected(row, "administrator"), strict=False):
            if status != "405" or route.startswith("/admin/"):
                continue
            with site.client("administrator") as client:
                response = client.generic(method, address(route, site))
                assert response.status_code == 405
                assert "<main" in page_of(response), (method, route)
                back = re.search(r'<a class="button" href="([^"]*)"', page_of(response))
                assert back, (method, route)
                assert client.get(back[1]).status_code < 400, (method, route, back[1])
            refused.add(route)
    assert len(refused) > 60


def test_a_form_of_the_desk_is_given_back_to_who_is_signed_out(site: Site) -> None:
    given = set()
    for route, row in read_table().items():
        if not route.startswith("/desk/") or expected(row, "administrator")[1] == "405":
            continue
        with site.client("anonymous") as client:
            response = client.post(address(route, site), {"text": TYPED}, headers=ours())
            page = page_of(response)
            assert response.status_code == 403, route
            assert "You are signed out" in page, route
            where, sent = fields_of(page)
            assert (where, sent["text"]) == (address(route, site), TYPED), route
        given.add(route)
    assert len(given) > 30


def test_a_form_without_its_mark_is_given_back_and_taken_on_one_click(site: Site) -> None:
    given = set()
    for route, row in read_table().items():
        if route.startswith(SIGN_IN) or expected(row, "administrator")[1] == "405":
            continue
        with site.client("administrator", enforce_csrf_checks=True) as client:
            first = client.post(address(route, site), {"text": TYPED, "do": "x"}, headers=ours())
            if route in WITHOUT_MARK or "send it once more" not in page_of(first):
                continue
            where, sent = fields_of(page_of(first))
            assert (sent["text"], sent["do"]) == (TYPED, "x"), route
            second = client.post(where, sent, headers=ours())
            assert "send it once more" not in page_of(second), route
            assert "does not keep our cookies" not in page_of(second), route
        given.add(route)
    assert len(given) > 60
    assert {"/d/<slug:slug>/write/", "/desk/<slug:slug>/edit/"} <= given


def test_nothing_is_given_back_with_a_button_for_what_another_site_sent(site: Site) -> None:
    """Otherwise that site could lead somebody to send what it has written."""
    for headers in (
        {},
        {"Origin": "https://elsewhere.example"},
        {**ours(), "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ):
        with site.client("administrator", enforce_csrf_checks=True) as client:
            page = page_of(client.post("/desk/harbour/edit/", {"text": TYPED}, headers=headers))
        assert "given-back" not in page
        assert html.escape(TYPED) in page


@pytest.mark.parametrize(
    ("path", "field"), [("/d/harbour/code/", "code"), ("/you/carry-on/", "phrase")]
)
def test_secrets_stand_in_their_own_form_again_and_nowhere_else(
    site: Site, path: str, field: str
) -> None:
    sent = {field: "army van Defense", "x": TYPED}
    with site.client("anonymous", enforce_csrf_checks=True) as client:
        foreign = page_of(client.post(path, sent))
        own = page_of(client.post(path, sent, headers=ours()))
    assert html.escape(TYPED) in foreign
    assert "army" not in foreign
    assert f'name="{field}"' in own
    assert own.count("army van Defense") == 1
    assert "given-back" not in own


def test_nothing_of_sign_in_is_given_back(site: Site) -> None:
    with site.client("anonymous", enforce_csrf_checks=True) as client:
        sent = {"login": "mo@example.org", "password": "Correct Horse"}
        response = client.post("/accounts/login/", sent, headers=ours())
    assert response.status_code == 403
    assert "Correct Horse" not in page_of(response)


def test_files_are_said_to_be_missing(site: Site) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    with site.client("administrator", enforce_csrf_checks=True) as client:
        sent = {"text": TYPED, "file": SimpleUploadedFile("a.txt", b"Mo")}
        page = page_of(client.post("/desk/harbour/statements/", sent, headers=ours()))
    assert "Files must be chosen anew." in page
    assert "given-back" not in page
    assert html.escape(TYPED) in page


def test_a_browser_that_drops_cookies_is_told_so_the_second_time(site: Site) -> None:
    first = Client(enforce_csrf_checks=True)
    where, sent = fields_of(
        page_of(first.post("/d/harbour/write/", {"text": TYPED}, headers=ours()))
    )
    page = page_of(Client(enforce_csrf_checks=True).post(where, sent, headers=ours()))
    assert "Your browser does not keep our cookies" in page
    assert fields_of(page)[1]["text"] == TYPED


def test_the_page_above_an_address_is_that_of_its_part() -> None:
    assert page_above("/desk/harbour/state/close/") == "/desk/harbour/"
    assert page_above("/desk/harbour/") == "/desk/"
    assert page_above("/d/harbour/s/1/vote/") == "/d/harbour/"
    assert page_above("/d/harbour/") == "/"
    assert page_above("/you/forget/") == "/you/"


def ours() -> dict[str, str]:
    """The headers by which a browser says that our page sent the form."""
    return {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


def test_the_headers_of_these_tests_are_those_of_another_origin_than_the_settings() -> None:
    """Over http the visitor's own host counts, too; see ``came_from_here``."""
    assert ours()["Origin"] != settings.ORIGIN
