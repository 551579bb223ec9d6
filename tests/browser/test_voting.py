"""Voting in a real browser: by touch and keyboard, on phone and desktop, on a bad connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from sites.example_site import STATEMENTS
from support.serving.browsers import hold_back_from_here
from support.serving.servers import Server

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
DEVICES = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
VOTE = "**/d/harbour/vote"


def stored(served: Server) -> list[int]:
    """The values of all votes, unordered."""
    with closing(sqlite3.connect(served.data / "middleground.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT value FROM dialogues_vote")]


def set_state(served: Server, state: str) -> None:
    with closing(sqlite3.connect(served.data / "middleground.sqlite3", timeout=20)) as database:
        sql = "UPDATE dialogues_dialogue SET state = ?, revision = revision + 1 WHERE slug = ?"
        database.execute(sql, [state, "harbour"])
        database.commit()


@contextmanager
def taking_part(
    browser: Browser, served: Server, device: dict[str, Any] | None = None, **options: Any
) -> Iterator[Page]:
    """The page, in a fresh context. Any console error meanwhile fails the test."""
    with browser.new_context(**(device or DESKTOP), **options) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        hold_back_from_here(page)
        page.goto(f"{served.address}/d/harbour/take-part/")
        yield page
        # The browser and htmx report failed requests themselves; any other message is a fault of
        # the page, such as a violation of the content security policy.
        ours = [s for s in said if "Failed to load resource" not in s and "htmx:" not in s]
        ours = [s for s in ours if "Response Status Error Code" not in s]
        assert ours == []


def statement(page: Page) -> str:
    return page.locator("#card-text").inner_text()


def press(page: Page, name: str, device: dict[str, Any]) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.tap() if device.get("has_touch") else button.click()


def answered(page: Page, count: int) -> None:
    expect(page.locator(".vote-count")).to_have_text(f"{count} of {STATEMENTS}")


@DEVICES
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_all_statements_can_be_voted_on_by_touch(
    browser: Browser, served: Server, device: dict[str, Any], scripts: bool
) -> None:
    before, seen = len(stored(served)), set()
    with taking_part(browser, served, device, java_script_enabled=scripts) as page:
        for count in range(STATEMENTS):
            answered(page, count)
            seen.add(statement(page))
            press(page, ["Agree", "Disagree", "Pass, or not sure"][count % 3], device)
            told = ["you agree with", "you disagree with", "you passed on"][count % 3]
            expect(page.locator(".vote-last")).to_contain_text(told)
            assert len(stored(served)) == before + count + 1
        expect(page.locator("h2#card-text")).to_have_text("You have answered every statement")
    assert len(seen) == STATEMENTS


@DEVICES
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_undo_brings_the_statement_back(
    browser: Browser, served: Server, device: dict[str, Any], scripts: bool
) -> None:
    before = sorted(stored(served))
    with taking_part(browser, served, device, java_script_enabled=scripts) as page:
        first = statement(page)
        press(page, "Agree", device)
        answered(page, 1)
        press(page, "Undo", device)
        answered(page, 0)
        assert statement(page) == first
        assert page.locator(".vote-last").count() == 0
    assert sorted(stored(served)) == before


def test_on_a_small_phone_the_statement_and_all_answers_are_on_the_first_screen(
    browser: Browser, served: Server
) -> None:
    """Below the way out and a long question, with a statement as long as most."""
    small = {**PHONE, "viewport": {"width": 360, "height": 640}}
    question = "How should the city and the harbor share the quay, and keep everyone safe?"
    said = "Congress makes law for the whole country, and each city should help to carry it out."
    with taking_part(browser, served, small) as page:
        page.locator("h1").evaluate("(heading, text) => { heading.textContent = text }", question)
        page.locator("#card-text").evaluate("(card, text) => { card.textContent = text }", said)
        end = "document.querySelector('.vote-pass').getBoundingClientRect().bottom"
        assert page.evaluate(end) <= 640
        page.locator("h1").evaluate("heading => { heading.style.fontSize = '1.6rem' }")
        assert page.evaluate(end) > 640  # the control


@pytest.mark.parametrize("size", [100, 130, 200])
def test_both_answers_can_be_read_with_large_text_on_a_small_screen(
    browser: Browser, served: Server, size: int
) -> None:
    device = {"viewport": {"width": 320, "height": 640}}
    with taking_part(browser, served, device) as page:
        page.evaluate(f"document.documentElement.style.fontSize = '{size}%'")
        cut = """document.documentElement.scrollWidth > innerWidth
            || [...document.querySelectorAll('.vote-buttons button')].some(
                (button) => button.scrollWidth > button.clientWidth)"""
        assert not page.evaluate(cut)
        page.locator(".vote-buttons").evaluate("e => { e.style.gridTemplateColumns = '1fr 1fr' }")
        assert page.evaluate(cut) == (size == 200)  # the control


def test_letter_keys_can_be_turned_off_and_on(browser: Browser, served: Server) -> None:
    with taking_part(browser, served) as page:
        page.get_by_role("button", name="Turn these keys off").click()
        page.keyboard.press("a")
        page.reload()
        page.keyboard.press("a")  # they are off on the next page, too
        page.get_by_role("button", name="Turn these keys on").click()
        answered(page, 0)
        page.reload()
        page.keyboard.press("a")
        answered(page, 1)


def test_on_a_telephone_letters_do_nothing(browser: Browser, served: Server) -> None:
    with taking_part(browser, served, PHONE) as page:
        page.keyboard.press("a")
        press(page, "Agree", PHONE)
        answered(page, 1)


def test_letter_keys_vote_and_the_focus_moves_to_the_new_statement(
    browser: Browser, served: Server
) -> None:
    before = stored(served)
    with taking_part(browser, served) as page:
        for count, letter in enumerate("adpAD", start=1):
            page.keyboard.press(letter)
            answered(page, count)
            expect(page.locator("#card-text")).to_be_focused()
        page.keyboard.press("u")
        answered(page, 4)
        expect(page.locator("#card-text")).to_be_focused()
    new = stored(served)
    for value in before:
        new.remove(value)
    assert sorted(new) == [-1, 0, 1, 1]


def test_letter_keys_do_not_vote_in_a_text_field(browser: Browser, served: Server) -> None:
    before = len(stored(served))
    with taking_part(browser, served) as page:
        page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
        page.locator("textarea").press_sequentially("adpu")
        assert page.locator("textarea").input_value() == "adpu"
        page.keyboard.press("Control+d")
        page.wait_for_timeout(300)
        answered(page, 0)
        page.locator("h1").click()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("d")  # the control: outside the text field it votes
        answered(page, 1)
    assert len(stored(served)) == before + 1


def test_a_vote_is_confirmed_only_after_it_is_stored(browser: Browser, served: Server) -> None:
    held: list[Route] = []
    before = len(stored(served))
    with taking_part(browser, served) as page:
        page.route(VOTE, lambda route: held.append(route))
        first = statement(page)
        with page.expect_request(VOTE):
            page.keyboard.press("a")
        page.keyboard.press("a")
        page.keyboard.press("d")  # only one vote is under way at a time
        page.wait_for_timeout(500)
        assert statement(page) == first
        assert page.locator(".vote-last").count() == 0
        answered(page, 0)
        assert len(held) == 1
        held[0].continue_()
        answered(page, 1)
        expect(page.locator(".vote-last")).to_contain_text("you agree with")
    assert len(stored(served)) == before + 1


def test_a_vote_and_an_undo_do_not_overtake_each_other(browser: Browser, served: Server) -> None:
    with taking_part(browser, served) as page:
        page.keyboard.press("a")
        answered(page, 1)
        second, held = statement(page), list[Route]()
        page.route(VOTE, lambda route: held.append(route))
        with page.expect_request(VOTE):
            page.keyboard.press("d")
        page.keyboard.press("u")
        page.wait_for_timeout(400)
        assert len(held) == 1
        held[0].continue_()
        answered(page, 2)
        assert statement(page) != second


def test_offline_the_vote_waits_and_is_stored_once(browser: Browser, served: Server) -> None:
    before = len(stored(served))
    with taking_part(browser, served) as page:
        first = statement(page)
        context: BrowserContext = page.context
        context.set_offline(True)
        for _ in range(2):
            page.keyboard.press("d")
            expect(page.locator("[data-trouble]")).to_contain_text("Not stored")
        assert statement(page) == first
        again = page.get_by_role("button", name="Send again")
        expect(again).to_be_focused()
        assert len(stored(served)) == before
        context.set_offline(False)
        again.click()
        answered(page, 1)
        expect(page.locator(".vote-last")).to_contain_text("you disagree with")
        assert page.locator("[data-trouble]").inner_text() == ""
    assert len(stored(served)) == before + 1


def test_a_vote_repeated_after_a_lost_answer_counts_once(browser: Browser, served: Server) -> None:
    before = len(stored(served))
    with taking_part(browser, served) as page:

        def store_but_lose_the_answer(route: Route) -> None:
            route.fetch()
            route.abort()

        page.route(VOTE, store_but_lose_the_answer)
        page.keyboard.press("p")
        expect(page.locator("[data-trouble]")).to_contain_text("Not stored, as far as we know")
        assert len(stored(served)) == before + 1
        page.unroute(VOTE)
        page.get_by_role("button", name="Send again").click()
        answered(page, 1)
    assert len(stored(served)) == before + 1


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_from_a_proxy_is_not_taken_for_an_answer(
    browser: Browser, served: Server, status: int
) -> None:
    """Such as the sign-in page of a wireless network, or the error page of a proxy."""
    page_of_another = "<html><body><h1>Welcome to Hotel Wifi</h1></body></html>"
    with taking_part(browser, served) as page:
        first = statement(page)
        page.route(VOTE, lambda route: route.fulfill(status=status, body=page_of_another))
        page.keyboard.press("a")
        expect(page.locator("[data-trouble]")).to_contain_text("Not stored")
        assert "Hotel" not in page.content()
        assert statement(page) == first
        page.unroute(VOTE)
        page.get_by_role("button", name="Send again").click()
        answered(page, 1)


def test_a_hanging_request_times_out(browser: Browser, served: Server) -> None:
    with taking_part(browser, served) as page:
        page.evaluate(
            "document.body.addEventListener('htmx:configRequest',"
            " (event) => { window.patience = event.detail.timeout; event.detail.timeout = 300; })"
        )
        page.route(VOTE, lambda _: None)
        page.keyboard.press("a")
        expect(page.locator("[data-trouble]")).to_contain_text("Not stored")
        assert page.evaluate("window.patience") == 20_000
        page.unroute(VOTE)
        page.get_by_role("button", name="Send again").click()
        answered(page, 1)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_vote_after_the_dialogue_closed_is_refused(
    browser: Browser, served: Server, scripts: bool
) -> None:
    before = len(stored(served))
    with taking_part(browser, served, java_script_enabled=scripts) as page:
        press(page, "Agree", DESKTOP)
        answered(page, 1)
        set_state(served, "closed")
        try:
            press(page, "Disagree", DESKTOP)
            expect(page.locator("main")).to_contain_text("This dialogue is not open")
            assert len(stored(served)) == before + 1
        finally:
            set_state(served, "open")


def test_a_double_click_is_one_vote(browser: Browser, served: Server) -> None:
    before = len(stored(served))
    with taking_part(browser, served) as page:
        page.get_by_role("button", name="Agree", exact=True).dblclick(delay=150)
        page.wait_for_timeout(500)
        answered(page, 1)
    assert len(stored(served)) == before + 1


def test_the_next_card_is_ready_as_soon_as_it_is_shown(browser: Browser, served: Server) -> None:
    """An immediate press is sent by script, not as a plain form that loads a new page."""
    with taking_part(browser, served) as page:
        page.evaluate("window.same_page = true")
        page.evaluate(
            "document.body.addEventListener('htmx:afterSwap', () => setTimeout(() =>"
            " document.querySelector('.vote-agree').click()), { once: true })"
        )
        page.keyboard.press("d")
        answered(page, 2)
        assert page.evaluate("window.same_page") is True
