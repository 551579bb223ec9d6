"""What is cited, followed, drawn or printed names no language, whatever that of the page is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from addresses.walking import make_site
from middleground.core.languages.reader import ReaderLanguage
from middleground.core.site_files.canonical import absolute_in
from middleground.notices.waiting import make_feed
from middleground.people.models import User
from support.kept_pages import Site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite,
    pytest.mark.usefixtures("keys"),
]
ORIGIN = "https://dialogue.example.org"


@pytest.fixture(autouse=True)
def _settings(settings: Any, tmp_path: Path) -> None:
    settings.ORIGIN, settings.LEDGER = ORIGIN, tmp_path / "ledger"
    settings.COPIES, settings.MAIL = tmp_path / "copies", "smtp://127.0.0.1:9"
    cache.clear()


def named(text: str) -> set[str]:
    """The paths of all addresses of this site in a text."""
    return set(re.findall(rf"{re.escape(ORIGIN)}(/[^\s\"'<>)}}\\]*)", text))


def shown(client: Client, path: str, language: str = "en") -> str:
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, path
    return answer.content.decode()


def without_choice(html: str) -> str:
    """Without the addresses by which search engines are told the page in each language."""
    return re.sub(
        r'<link rel="(?:canonical|alternate)"[^>]*>|<meta property="og:url"[^>]*>', "", html
    )


def test_feeds_and_calendars_lead_to_plain_addresses_and_keep_their_names(client: Client) -> None:
    make_site()
    for path in (
        "/d/harbour/answers/feed.atom", "/d/harbour/answers/1/feed.atom",
        "/d/harbour/answers/deadlines.ics", "/bodies/police/deadlines.ics",
        f"/feeds/waiting/{make_feed(User.objects.get(email='moderator@example.org'))}/",
    ):  # fmt: skip
        english, arabic = shown(client, path).replace("\r\n ", ""), shown(client, f"/ar{path}")
        arabic = arabic.replace("\r\n ", "")  # lines of calendars are folded
        assert named(english), path
        assert named(arabic) == named(english), path
        names = r"<id>[^<]*</id>|UID:.*"
        assert re.findall(names, arabic) == re.findall(names, english), path


def test_citations_pictures_and_codes_name_no_language(client: Client) -> None:
    Site()
    for path in ("/d/old/results/", "/d/old/report/", "/d/old/s/1/", "/d/old/wall/", "/d/harbour/"):
        english, arabic = (without_choice(shown(client, each)) for each in (path, f"/ar{path}"))
        # A preview has words in it, so it is in the language of the page that names it.
        arabic = re.sub(r"/ar(/d/[^\s\"]*preview\.png)", r"\1", arabic)
        assert named(english), path
        assert named(arabic) == named(english), path
    codes = [re.findall(r'<path [^>]*d="([^"]*)"', shown(client, each)) for each in
             ("/d/old/wall/", "/ar/d/old/wall/")]  # fmt: skip
    assert codes[0] == codes[1] != []
    # The control: an address that names the reader's language is found.
    with ReaderLanguage("ar", in_address=True).spoken():
        assert named(absolute_in("/ar/d/old/")) == {"/ar/d/old/"}
    assert "/ar/d/old/results/" in named(shown(client, "/ar/d/old/results/"))
