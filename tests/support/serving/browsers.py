"""A real browser for tests, and the checks of every page: axe, hosts, bytes, layout shifts.

Playwright runs an event loop in its thread, where Django refuses to use the database. The browser
therefore lives as long as one test module, and its tests reach the database from outside.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from support.cast import PASSWORD
from support.serving.servers import Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# This is generous because a busy machine is slow; a passing test does not wait that long.
expect.set_options(timeout=20_000)
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def hold_back_from_here(page: Page) -> None:
    """Enable interception of requests from the next page on.

    If it is enabled in the middle of a page, the browser may still send that page's next request.
    """
    page.route("**/never-asked-for", lambda route: route.abort())


@cache
def chromium_path() -> str:
    """The path of Chromium: MIDDLEGROUND_CHROMIUM, or one found in PATH."""
    named = os.environ.get("MIDDLEGROUND_CHROMIUM")
    names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    names = [named] if named else names
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"No Chromium found as {', '.join(names)}; install it or use `make test`.")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh context, without cookies or cache. An error in a script fails the test."""
    with browser.new_context() as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


@pytest.fixture(scope="module")
def staff_session(browser: Browser, served: Server) -> Any:
    """The cookies of a newly signed-in member of staff."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{served.address}/accounts/login/")
        page.fill("input[name=login]", "staff@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_url(f"{served.address}/desk/")
        return context.storage_state()


def as_it_stands(page: Page, other: Page) -> Page:
    """Copy a page without scripts into one where axe can run, because axe needs scripts."""
    html = re.sub(r"<script\b.*?</script>|</?noscript>", "", page.content(), flags=re.DOTALL)
    other.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
    other.goto(page.url)
    return other


@cache
def _axe() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")


def axe_violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """All violations of all rules of axe, or of those named: ``rule: the element's selector``."""
    if not page.evaluate("() => 'axe' in window"):
        # The debugging protocol bypasses our Content-Security-Policy, which would block the script.
        protocol = page.context.new_cdp_session(page)
        protocol.send("Runtime.evaluate", {"expression": f"{_axe()};0"})
        protocol.detach()
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("(options) => axe.run(document, options)", options)
    return sorted(
        f"{violation['id']}: {node['target'][0]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    )


class Visit:
    """Records the requests, bytes and layout shifts of one page load."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.stylesheets: list[str] = []
        self.bytes = 0
        page.on("request", self._asked)
        page.add_init_script(WATCH_SHIFTS)
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.loadingFinished", self._finished)

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.hosts.add(parts.netloc)
        if request.resource_type == "stylesheet":
            self.stylesheets.append(parts.path)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def to(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")

    def shift(self) -> float:
        """The sum of layout shifts until now, half a second after the last request."""
        self.page.evaluate(DRAWN)
        return float(self.page.evaluate("() => window.shifted"))


def is_wider_than_its_window(page: Page) -> bool:
    """Whether the page scrolls horizontally."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))
