"""A participant's actions in a real browser, with scripts and without them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from support.serving.browsers import axe_violations, hold_back_from_here, is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser
HOME = "/d/harbour/"
BOATS = count(2)  # the same text is accepted only once


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone without cookies."""
    size = {"width": 360, "height": 740}
    with browser.new_context(java_script_enabled=request.param, viewport=size) as context:
        yield context.new_page()


def vote_once(page: Page, site: str) -> str:
    """Agree with the first statement; return its text."""
    page.goto(site + HOME)
    page.get_by_role("link", name="Take part").click()
    if page.url.endswith("/start/"):  # newcomers read one screen first
        page.get_by_role("link", name="Start", exact=True).click()
    text = page.locator("#card-text").inner_text()
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    return text


def test_a_vote_can_be_changed_and_withdrawn(visitor: Page, served: Server) -> None:
    text = vote_once(visitor, served.address)
    visitor.goto(f"{served.address}{HOME}mine/")
    entry = visitor.locator(".own-votes > li")
    expect(entry.locator(".own-text")).to_have_text(text)
    expect(entry.get_by_role("status")).to_have_text("Your vote: agree")
    entry.get_by_role("button", name="Disagree").click()
    expect(entry.get_by_role("status")).to_have_text("Your vote: disagree")
    visitor.reload()
    expect(entry.get_by_role("status")).to_have_text("Your vote: disagree")
    with visitor.expect_response(lambda answer: answer.request.method == "POST"):
        entry.get_by_role("button", name="Take back").click()
    visitor.goto(f"{served.address}{HOME}mine/")
    expect(visitor.get_by_role("heading", name="Nothing from this browser yet")).to_be_visible()


def test_a_shared_link_leads_a_newcomer_to_vote_on_its_statement(
    visitor: Page, served: Server
) -> None:
    visitor.goto(f"{served.address}{HOME}s/5/")
    text = visitor.locator("h1").inner_text()
    visitor.get_by_role("link", name="Vote on this statement").click()
    assert visitor.context.cookies() == []
    visitor.get_by_role("link", name="Start", exact=True).click()
    expect(visitor.locator("#card-text")).to_have_text(text)
    expect(visitor.locator(".vote-speaker")).to_have_text("The host asks if you agree:")
    expect(visitor.locator(".does-not-count")).to_contain_text("A vote here is stored, but")
    visitor.get_by_role("button", name="Agree", exact=True).click()
    expect(visitor.locator(".vote-last")).to_contain_text("It does not count in the opinion map")
    expect(visitor.locator(".vote-count")).to_have_text("1 of 12")
    visitor.get_by_role("button", name="Agree", exact=True).click()
    expect(visitor.locator(".vote-count")).to_have_text("2 of 12")
    expect(visitor.locator(".vote-last")).not_to_contain_text("It does not count")


def test_a_vote_withdrawn_by_mistake_can_be_restored(page: Page, served: Server) -> None:
    vote_once(page, served.address)
    page.goto(f"{served.address}{HOME}mine/")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status")).to_have_text("You have no vote here")
    page.get_by_role("button", name="Pass").click()
    expect(page.get_by_role("status")).to_have_text("Your vote: pass")


def test_focus_stays_on_the_pressed_button(page: Page, served: Server) -> None:
    vote_once(page, served.address)
    page.goto(f"{served.address}{HOME}mine/")
    page.get_by_role("button", name="Disagree").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Your vote: disagree")
    assert page.evaluate("() => document.activeElement.value") == "disagree"


def test_a_vote_that_does_not_arrive_is_reported(page: Page, served: Server) -> None:
    vote_once(page, served.address)
    hold_back_from_here(page)
    page.goto(f"{served.address}{HOME}mine/")
    page.route("**/vote", lambda route: route.abort())
    page.get_by_role("button", name="Disagree").click()
    expect(page.get_by_role("alert")).to_contain_text("Not stored")
    expect(page.get_by_role("status")).to_have_text("Your vote: agree")
    page.unroute("**/vote")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("status")).to_have_text("Your vote: disagree")


def test_a_statement_is_reviewed_and_then_sent(visitor: Page, served: Server) -> None:
    visitor.goto(f"{served.address}{HOME}write/")
    field = visitor.get_by_label("Your statement")
    wish = f"Ask jo@example.org about a pier for {next(BOATS)} boats"
    field.fill(wish)
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.locator("mark")).to_have_text("jo@example.org")
    expect(field).to_have_value(wish)
    assert not is_wider_than_its_window(visitor)
    visitor.get_by_role("button", name="Send it as it is").click()
    expect(visitor.get_by_role("heading", name="My votes")).to_be_visible()
    expect(visitor.get_by_role("status")).to_contain_text("waits for a moderator")
    expect(visitor.locator("#written .own-text")).to_have_text(wish)


def test_a_similar_statement_can_be_voted_on_instead(visitor: Page, served: Server) -> None:
    visitor.goto(f"{served.address}{HOME}write/")
    visitor.get_by_label("Your statement").fill("Statement number 99")
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("link", name="Vote on that instead").first.click()
    visitor.get_by_role("button", name="Disagree").click()
    expect(visitor.get_by_role("status")).to_have_text("Your vote: disagree")
    visitor.goto(f"{served.address}{HOME}mine/")
    expect(visitor.get_by_role("status")).to_have_text("Your vote: disagree")


def test_the_counter_agrees_with_the_server(page: Page, served: Server) -> None:
    page.goto(f"{served.address}{HOME}write/")
    shown = page.locator("[data-count-shown]")
    expect(shown).to_have_text("200 characters left")
    page.get_by_label("Your statement").fill("  e\u0301  🙂\n ")
    expect(shown).to_have_text("197 characters left")
    page.get_by_label("Your statement").fill("a" * 199)
    expect(shown).to_have_text("1 character left")
    page.get_by_label("Your statement").fill("a" * 201)
    expect(shown).to_have_text("1 character too long")
    page.get_by_label("Your statement").fill("a" * 203)
    expect(shown).to_have_text("3 characters too long")
    # It was read out as the text became too long, and not again at each letter.
    expect(page.locator("[data-count-said]")).to_have_text("1 character too long")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Please cut 3 characters.")
    expect(page.get_by_label("Your statement")).to_have_value("a" * 203)


def test_a_phrase_continues_in_another_browser(
    visitor: Page, browser: Browser, served: Server
) -> None:
    text = vote_once(visitor, served.address)
    visitor.goto(f"{served.address}/you/")
    visitor.get_by_role("button", name="Show my twelve words").click()
    expect(visitor.locator(".phrase li")).to_have_count(12)  # the page may still be on its way
    words = visitor.locator(".phrase li").all_inner_texts()
    assert visitor.url == f"{served.address}/you/phrase/"
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(f"{served.address}/you/")
        other.get_by_label("The words").fill(" ".join(words).upper())
        other.get_by_role("button", name="Carry on with these words").click()
        expect(other.get_by_role("status")).to_contain_text("Welcome back")
        assert other.url == f"{served.address}/you/?carried-on#main"
        other.goto(f"{served.address}{HOME}mine/")
        expect(other.locator(".own-votes .own-text")).to_have_text(text)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_misspelt_word_scrolls_to_its_message(
    browser: Browser, served: Server, scripts: bool
) -> None:
    with browser.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=scripts
    ) as context:
        page = context.new_page()
        page.goto(f"{served.address}/you/")
        page.get_by_label("The words").fill(
            "abandon ability able about above absent absorb abstarct"
        )
        page.get_by_role("button", name="Carry on with these words").click()
        expect(page.get_by_role("alert")).to_contain_text("You entered 8")
        expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
        expect(page.get_by_label("The words")).to_be_in_viewport(ratio=1)
        expect(page.get_by_label("The words")).to_be_focused()
        page.goto(
            f"{served.address}/you/?reload"
        )  # the control: without the redirect it is outside the window
        expect(page.get_by_label("The words")).not_to_be_in_viewport()


def _cookies(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def test_being_forgotten_and_deleting(visitor: Page, served: Server) -> None:
    vote_once(visitor, served.address)
    visitor.goto(f"{served.address}/you/")
    assert _cookies(visitor) == {"__Host-participant", "csrf"}
    visitor.goto(f"{served.address}{HOME}mine/")
    visitor.get_by_role("link", name="Delete what is mine").click()
    visitor.get_by_text("Delete my votes only").click()
    visitor.get_by_role("button", name="Delete my votes", exact=True).click()
    expect(visitor.get_by_role("status")).to_have_text("Your votes in this dialogue are deleted.")
    visitor.goto(f"{served.address}/you/")
    visitor.get_by_role("link", name="Forget me here").click()
    visitor.get_by_role("button", name="Forget me here").click()
    expect(visitor.get_by_role("status")).to_contain_text("This browser has forgotten you.")
    assert _cookies(visitor) == set()


def test_axe_finds_nothing_on_pages_with_votes_and_advice(page: Page, served: Server) -> None:
    vote_once(page, served.address)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in (f"{HOME}mine/", f"{HOME}mine/delete/", "/you/", "/you/forget/"):
            page.goto(served.address + address)
            assert (scheme, address, axe_violations(page)) == (scheme, address, [])
        page.goto(f"{served.address}{HOME}write/")
        page.get_by_label("Your statement").fill("Statement number 99 by jo@example.org")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("mark")).to_be_visible()
        assert (scheme, axe_violations(page)) == (scheme, [])
        page.goto(f"{served.address}/you/")
        page.get_by_role("button", name="Show my twelve words").click()
        expect(page.locator(".phrase li")).to_have_count(12)
        assert (scheme, axe_violations(page)) == (scheme, [])
