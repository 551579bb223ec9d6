"""A first visit stays small in every language, counted by HTTP; in one a browser counts, too."""

from __future__ import annotations

import re
import urllib.request
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from browser.test_every_page import FIRST_VISIT_BYTES
from middleground.core.languages.offered import FIRST, LANGUAGES
from support.serving.browsers import Visit
from support.serving.servers import Server

pytestmark = pytest.mark.browser

ACCEPTED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
# What a browser fetches for a page at once.
FETCHED = re.compile(
    r'<link rel="(?:stylesheet|icon)" href="([^"]+)"|<(?:script|img)\b[^>]*?\bsrc="([^"]+)"'
)
PATHS = ["/d/harbour/", "/d/harbour/start/", "/d/harbour/take-part/"]


def fetched(address: str) -> tuple[int, bytes]:
    """The bytes of an answer on the wire, and its body as it was sent."""
    request = urllib.request.Request(address, headers=ACCEPTED)
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        return len(body) + head + len("HTTP/1.1 200 OK\r\n\r\n"), body


def weight(address: str) -> int:
    """The bytes of a page and of what it fetches, without a cache."""
    total, _ = fetched(address)
    with urllib.request.urlopen(address) as answer:
        html = answer.read().decode()
    files = {urljoin(address, first or second) for first, second in FETCHED.findall(html)}
    assert len(files) >= 2
    return total + sum(fetched(each)[0] for each in files if not each.startswith("data:"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_is_small_in_every_language(served: Server, language: str) -> None:
    weights = {path: weight(f"{served.address}/{language}{path}") for path in PATHS}
    assert {path: size for path, size in weights.items() if size > FIRST_VISIT_BYTES} == {}
    assert min(weights.values()) > 10_000  # there is something that is counted


def test_a_browser_counts_the_same(page: Page, served: Server) -> None:
    address = f"{served.address}/{FIRST}/d/harbour/take-part/"
    visit = Visit(page)
    visit.to(address)
    assert visit.bytes == pytest.approx(weight(address), rel=0.03)
