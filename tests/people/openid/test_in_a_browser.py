"""An official signs in by their city's provider in a real browser, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.officials import OfficialsSite

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
FORM = """
() => {
  document.addEventListener("securitypolicyviolation", (event) => {
    document.title = `stopped by ${event.effectiveDirective}`;
  });
  document.body.innerHTML = '<form action="/accounts/openid/city/"><button>Go</button></form>';
}
"""


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_sign_in_page_to_the_desk(
    browser: Browser, site: OfficialsSite, scripts: bool
) -> None:
    site.city.asks = True
    site.city.claims = {"sub": "b", "email": "browser@city.example", "email_verified": True}
    options = {"viewport": {"width": 320, "height": 740}, "java_script_enabled": scripts}
    with browser.new_context(base_url=site.address, **options) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/desk/posts/")
        if scripts:
            assert axe_violations(page) == []
        assert not is_wider_than_its_window(page)
        page.get_by_role("link", name="Sign in with City of Example").click()
        assert page.url.startswith(site.city.address)
        page.get_by_role("link", name="It is me").click()
        expect(page).to_have_url("/desk/posts/")
        expect(page.locator("main")).to_contain_text("Post of browser")
        names = {cookie["name"] for cookie in context.cookies()}
        assert ("staff" in names, "signing-in" in names) == (True, False)


def test_a_refusal_is_a_page_of_ours(browser: Browser, site: OfficialsSite) -> None:
    site.city.claims = {"sub": "s", "email": "staff@city.example", "email_verified": True}
    with browser.new_context(
        base_url=site.address, viewport={"width": 320, "height": 740}
    ) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_role("link", name="Sign in with City of Example").click()
        expect(page.get_by_role("heading")).to_have_text("City of Example did not sign you in")
        assert axe_violations(page) == []
        assert not is_wider_than_its_window(page)


def test_why_it_is_a_link(browser: Browser, site: OfficialsSite) -> None:
    """The control: our policy stops a form whose answer sends the browser to another host."""
    site.city.asks = True
    with browser.new_context(base_url=site.address) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.evaluate(FORM)
        page.get_by_role("button", name="Go").click()
        expect(page).to_have_title("stopped by form-action")
        assert page.url == f"{site.address}/accounts/login/"
