"""Pages whose address names a language, and pages that are shown as the browser asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from support.cast import make_dialogue, make_staff
from support.kept_pages import Front

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r'(?:href|action|src|hx-get|hx-post)="(/[^"]*)"')
FOR_ALL = ("/static/", "/style/", "/apple-touch-icon.png", "/look/")


@pytest.fixture(autouse=True)
def _three_languages(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]


@pytest.fixture
def front() -> Iterator[Front]:
    front = Front()
    yield front
    front.stop()


def language_and_direction(html: str) -> tuple[str, str]:
    found = re.search(r'<html lang="([^"]*)" dir="([^"]*)">', html)
    assert found
    return found[1], found[2]


def links(html: str) -> set[str]:
    """The paths to which a page leads, without files and the choice of languages."""
    html = re.sub(r'<details class="languages">.*?</details>', "", html, flags=re.DOTALL)
    return {path for path in LINK.findall(html) if not path.startswith(FOR_ALL)}


@pytest.mark.parametrize(
    "page", ["/", "/d/harbour/", "/d/harbour/take-part/", "/d/harbour/write/", "/d/harbour/map/",
             "/d/harbour/mine/", "/what-we-know/", "/method/", "/ledger/", "/you/", "/no-such/"]
)  # fmt: skip
def test_all_links_of_a_page_keep_the_language_of_its_address(client: Client, page: str) -> None:
    make_dialogue()
    answer = client.get(f"/ar{page}", HTTP_ACCEPT_LANGUAGE="en")
    html = answer.content.decode()
    assert language_and_direction(html) == ("ar", "rtl")
    with override("ar"):
        assert gettext("Skip to the content") in html
        assert gettext("Skip to the content") != "Skip to the content"
    found = links(html)
    assert found
    assert [path for path in found if not path.startswith("/ar/")] == []
    assert answer["Content-Language"] == "ar"
    assert "accept-language" not in answer.get("Vary", "").lower()


@pytest.mark.parametrize("page", ["/", "/d/harbour/", "/d/harbour/take-part/"])
def test_other_addresses_are_shown_as_the_browser_asks(client: Client, page: str) -> None:
    make_dialogue()
    answer = client.get(page, HTTP_ACCEPT_LANGUAGE="ar-EG")
    html = answer.content.decode()
    assert language_and_direction(html) == ("ar", "rtl")
    assert [path for path in links(html) if path.startswith("/ar/")] == []
    assert "accept-language" in answer["Vary"].lower()
    assert language_and_direction(client.get(page).content.decode()) == ("en", "ltr")


def test_every_page_names_itself_in_the_other_languages(client: Client, settings: Any) -> None:
    make_dialogue()
    html = client.get("/ar/d/harbour/map/").content.decode()
    assert f'<link rel="canonical" href="{settings.ORIGIN}/ar/d/harbour/map/">' in html
    alternate = f'<link rel="alternate" hreflang="en" href="{settings.ORIGIN}/en/d/harbour/map/">'
    assert alternate in html
    default = f'<link rel="alternate" hreflang="x-default" href="{settings.ORIGIN}/d/harbour/map/">'
    assert default in html
    assert '<a href="/en/d/harbour/map/" lang="en" hreflang="en" dir="ltr">English</a>' in html
    assert 'lang="ar" hreflang="ar" dir="rtl" aria-current="true">' in html


def test_the_choice_leaves_no_cookie_and_none_is_read(client: Client) -> None:
    make_dialogue()
    client.cookies["django_language"] = "ar"
    answer = client.get("/d/harbour/")
    assert language_and_direction(answer.content.decode()) == ("en", "ltr")
    assert not client.get("/ar/d/harbour/").cookies


def test_redirects_and_signing_in_keep_the_language(client: Client) -> None:
    user = make_staff()
    assert client.get("/es/desk/")["Location"].startswith("/es/accounts/login/")
    form = {"login": user.email, "password": "a long pass phrase"}
    user.set_password(form["password"])
    user.save()
    assert client.post("/es/accounts/login/", form)["Location"].startswith("/es/")


def test_kept_pages_are_kept_by_address_and_by_language(front: Front) -> None:
    make_dialogue()
    for _ in range(2):
        for path, accepted, language, first in (
            ("/ar/d/harbour/", "en", "ar", "/ar/"),
            ("/d/harbour/", "ar", "ar", "/"),
            ("/d/harbour/", "en", "en", "/"),
            ("/en/d/harbour/", "ar", "en", "/en/"),
        ):
            answer = front.get(path, (b"accept-language", accepted.encode()))
            assert answer
            html = answer.text
            assert language_and_direction(html)[0] == language
            assert f'<a class="brand" href="{first}">' in html


def test_a_site_with_one_language_has_no_choice_and_no_such_addresses(
    client: Client, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English")]
    make_dialogue()
    assert client.get("/ar/d/harbour/").status_code == 404
    html = client.get("/d/harbour/", HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    assert language_and_direction(html) == ("en", "ltr")
    assert 'class="languages"' not in html
