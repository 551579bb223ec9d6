"""Admission in a real browser: by a card's QR code, at a meeting, openly, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.cast import PASSWORD
from support.serving.browsers import as_it_stands, axe_violations, is_wider_than_its_window
from support.serving.servers import Server, fill, serving

pytestmark = pytest.mark.browser

SIZES = [{"width": 320, "height": 640}, {"width": 1280, "height": 800}]
Person = Callable[..., Page]
# Half a minute with people, as tests/dialogues/participation/test_waiting_line.py shows.
WAIT_SECONDS = 8
SHORTER_WAIT = f"""
from middleground.dialogues.participation import waiting_line
assert waiting_line.SHORTEST_SECONDS == 30
waiting_line.SHORTEST_SECONDS = {WAIT_SECONDS}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("served")
    fill(data)
    with serving(data, before=SHORTER_WAIT) as server:
        yield server


@pytest.fixture
def person(browser: Browser, served: Server) -> Iterator[Person]:
    """A new person with a separate browser; a script error fails the test."""
    errors: list[str] = []
    with ExitStack() as contexts:

        def come(**options: Any) -> Page:
            options = {"viewport": SIZES[0], "reduced_motion": "reduce", **options}
            context = browser.new_context(base_url=served.address, **options)
            page = contexts.enter_context(context).new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        yield come
        assert errors == []


@pytest.fixture
def host(person: Person) -> Page:
    page = person()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "staff@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/")
    return page


def make(host: Page, button: str, **values: str) -> Page:
    host.goto("/desk/harbour/codes/")
    form = host.locator("form").filter(has=host.get_by_role("button", name=button, exact=True))
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    host.get_by_role("button", name=button, exact=True).click()
    return host


def told(page: Page) -> Locator:
    return page.locator("p.message[role=status]")


def looks_right(page: Page) -> None:
    """Check a page that answers a form and so has no address to open."""
    for size in SIZES:
        page.set_viewport_size(size)
        assert not is_wider_than_its_window(page)
    page.emulate_media(color_scheme="dark")
    assert axe_violations(page) == []


def test_a_card_admits_the_first_person_who_scans_it(host: Page, person: Person) -> None:
    sheet = make(host, "Make the codes", size="3")
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Print these now")
    looks_right(sheet)
    codes = [code.replace("-", "") for code in sheet.locator(".code-text").all_inner_texts()]
    assert len(codes) == 3
    asked: list[str] = []
    page = person()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/d/harbour/code/#{codes[0]}")
    expect(page.get_by_label("Your code")).to_have_value(codes[0])
    assert page.url.endswith("/code/")  # the code is not in the address, so not in the history
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("You are admitted.")
    expect(page.locator("[data-confirm]")).to_have_count(0)
    assert not any(codes[0] in address for address in asked)
    second = person(java_script_enabled=False)
    second.goto("/d/harbour/code/")
    second.fill("#code", codes[0].lower())
    second.get_by_role("button", name="Use this code").click()
    expect(second.get_by_role("alert")).to_contain_text("This code is used")
    expect(second.get_by_label("Your code")).to_have_value(codes[0].lower())
    looks_right(as_it_stands(second, person()))


def test_one_device_admits_several_at_a_meeting(host: Page, person: Person) -> None:
    wall = make(host, "Make the code", participants="2", hours="1")
    code = wall.locator(".meeting-code-text").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    looks_right(wall)
    device = person()
    for place in ("first", "second"):
        device.goto("/d/harbour/code/")
        device.fill("#code", code)
        device.get_by_role("button", name="Use this code").click()
        expect(told(device)).to_contain_text("You are admitted.")
        device.get_by_role("button", name="Agree", exact=True).click()
        expect(device.locator("main")).to_contain_text("Undo")
        looks_right(device)
        device.get_by_role("button", name="Hand on to the next person").click()
        expect(told(device)).to_contain_text("Ready for the next person.")
        device.goto("/d/harbour/mine/")
        assert "Statement number" not in device.locator("main").inner_text(), place
    device.goto("/d/harbour/code/")
    device.fill("#code", code)
    device.get_by_role("button", name="Use this code").click()
    expect(device.get_by_role("alert")).to_contain_text("as many people as it was made for")


def test_an_open_participant_is_confirmed_while_they_vote(person: Person) -> None:
    page = person()
    page.goto("/d/harbour/take-part/")
    expect(page.locator("[data-confirm]")).to_be_hidden()
    with page.expect_response("**/confirm/", timeout=60_000) as answer:
        page.get_by_role("button", name="Agree", exact=True).click()
    assert answer.value.status == 204
    expect(page.locator("[data-confirm]")).to_have_count(0)
    page.goto("/d/harbour/confirm/")
    expect(page.locator("main")).to_contain_text("Your votes already count.")
    looks_right(page)


def test_without_scripts_waiting_suffices(person: Person) -> None:
    page = person(java_script_enabled=False)
    page.goto("/d/harbour/take-part/")
    assert "do not count yet" not in page.locator("main").inner_text()
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.locator("main")).to_contain_text("Your votes are stored, but do not count yet.")
    page.get_by_role("link", name="Let my votes count").click()
    expect(page.locator("main")).to_contain_text("Vote on 2 more statements")
    looks_right(as_it_stands(page, person()))
    page.get_by_role("link", name="To the statements").click()
    for _more in range(2):
        page.get_by_role("button", name="Agree", exact=True).click()
    page.goto("/d/harbour/confirm/")
    looks_right(as_it_stands(page, person()))
    other = person()
    page.get_by_role("button", name="Join the line").click()
    expect(page.get_by_role("status")).to_contain_text("You are in line.")
    in_line = as_it_stands(page, other)
    page.get_by_role("button", name="I have waited").click()
    expect(page.get_by_role("alert")).to_contain_text("seconds")
    looks_right(in_line)
    looks_right(as_it_stands(page, person()))
    page.wait_for_timeout(WAIT_SECONDS * 1_000 + 500)
    page.get_by_role("button", name="I have waited").click()
    expect(told(page)).to_contain_text("Thank you. Your votes count.")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_that_drops_cookies_reads_why_and_keeps_the_code(
    host: Page, person: Person, scripts: bool
) -> None:
    sheet = make(host, "Make the codes", size="2")
    code = sheet.locator(".code-text").first.inner_text()
    page = person(java_script_enabled=scripts)
    page.goto(f"/d/harbour/code/#{code}")
    for _ in range(2):
        page.fill("#code", code)
        page.context.clear_cookies()
        page.get_by_role("button", name="Use this code").click()
        expect(page.get_by_role("alert")).to_contain_text("Your browser did not keep our cookie")
        expect(page.get_by_role("alert")).to_contain_text("Your code is still good.")
        expect(page.get_by_label("Your code")).to_have_value(code)
    looks_right(as_it_stands(page, person()))
    # Cookies are allowed now, and one click suffices.
    page.get_by_role("button", name="Use this code").click()
    expect(told(page)).to_contain_text("You are admitted.")
