"""Second factors and moderation shortcuts in a real browser, under the site's security policy."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from support.cast import PASSWORD
from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def member(browser: Browser, served: Server) -> Iterator[Page]:
    """A newly signed-in member of staff; any error in the browser's console fails the test."""
    complaints: list[str] = []
    # Passkeys need a host name and not an IP address.
    site = served.address.replace("127.0.0.1", "localhost")
    with browser.new_context(base_url=site, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        sign_in(page)
        page.wait_for_url(f"{site}/desk/")
        yield page
        assert complaints == []


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "staff@example.org")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():  # else the next check may see the old page
        page.click("main form button[type=submit]")


def confirm(page: Page, code: str = "") -> None:
    """Confirm the password or a code again, which changing second factors requires."""
    if "reauthenticate" in page.url:
        page.locator("main input:visible").fill(PASSWORD if "accounts/re" in page.url else code)
        with page.expect_navigation():
            page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign Out").click()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_an_authenticator_app_and_recovery_codes(member: Page) -> None:
    member.goto("/accounts/2fa/totp/activate/")
    confirm(member)
    secret = member.locator("#authenticator_secret").input_value()
    expect(member.locator("img.qr")).to_have_js_property("complete", True)
    assert member.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    assert axe_violations(member) == []
    member.fill("input[name=code]", code_for(secret))
    member.get_by_role("button", name="Activate").click()
    codes = member.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10
    assert axe_violations(member) == []
    sign_out(member)
    sign_in(member)
    assert axe_violations(member) == []
    member.fill("input[name=code]", codes[0])
    member.get_by_role("button", name="Sign In").click()
    expect(member).to_have_url("/desk/")
    # Remove it again, to restore the site.
    member.goto("/accounts/2fa/totp/deactivate/")
    confirm(member, codes[1])
    member.get_by_role("button", name="Deactivate").click()
    expect(member.get_by_text("Not active.")).to_be_visible()


def test_a_passkey(member: Page) -> None:
    member.goto("/accounts/2fa/webauthn/add/")
    confirm(member)
    assert axe_violations(member) == []
    # Last, because the axe check's own browser session would remove the virtual key.
    tools = member.context.new_cdp_session(member)
    tools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    always = {"hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, **always}})
    member.get_by_label("Passwordless").check()
    member.get_by_role("button", name="Add").click()
    member.wait_for_url("**/recovery-codes/")
    sign_out(member)
    member.goto("/accounts/login/")
    member.get_by_role("button", name="Sign in with a passkey").click()
    expect(member).to_have_url("/desk/")
    member.goto("/accounts/2fa/webauthn/")
    assert axe_violations(member) == []
    with member.expect_navigation():
        member.get_by_role("link", name="Remove").click()
    confirm(member)
    member.locator("main").get_by_role("button", name="Remove").click()
    expect(member.get_by_text("There is none.")).to_be_visible()


def test_the_queue_can_be_worked_with_the_keyboard(member: Page) -> None:
    member.goto("/desk/harbour/moderation/?tab=unseen")
    member.keyboard.press("a")  # no statement is selected, so nothing happens
    for key in "jjkj":
        member.keyboard.press(key)
    expect(member.locator("#statement-2")).to_be_focused()
    member.keyboard.press("r")
    expect(member.locator("#reason-2")).to_be_focused()
    member.keyboard.press("Escape")
    member.locator("#statement-2").focus()
    member.keyboard.press("m")
    expect(member).to_have_url("/desk/harbour/moderation/2/merge/")
    assert axe_violations(member) == []
    member.go_back()
    member.locator("#statement-2").focus()
    member.keyboard.press("a")
    expect(member.get_by_text("1 statement is shown.")).to_be_visible()
    expect(member.locator("#statement-2")).to_have_count(0)
    expect(member.locator("#statement-3")).to_be_focused()
    assert axe_violations(member) == []
    member.keyboard.press("j")
    expect(member.locator("#statement-4")).to_be_focused()
    member.locator("#statement-4").get_by_role("button", name="Don’t show").click()
    expect(member.locator("#reason-4")).to_be_focused()
    expect(member.locator("#statement-4")).to_contain_text("Choose a reason.")
    assert axe_violations(member) == []
    member.locator("#statement-4 input[type=checkbox]").check()
    member.locator("#statement-3 input[type=checkbox]").check()
    member.locator(".bulk").get_by_role("button", name="Show", exact=True).click()
    expect(member.get_by_text("2 statements are shown.")).to_be_visible()
    expect(member.locator("#statement-5")).to_be_focused()
    member.get_by_role("button", name="Take the 2 decisions back").click()
    expect(member).to_have_url("/desk/harbour/moderation/?tab=unseen#statement-5")


def test_without_scripts_the_position_is_kept(browser: Browser, served: Server) -> None:
    with browser.new_context(base_url=served.address, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page)
        page.wait_for_url("**/desk/")
        page.goto("/desk/harbour/moderation/?tab=shown")
        numbers = page.locator(".queue-item").evaluate_all("all => all.map((one) => one.id)")
        second, third = numbers[1], numbers[2]
        page.locator(f"#{second}").get_by_role("button", name="Don’t show").click()
        expect(page.locator(f"#{second} select")).to_be_focused()
        page.locator(f"#{second} select").select_option("spam")
        page.locator(f"#{second}").get_by_role("button", name="Don’t show").click()
        expect(page.get_by_text("1 statement is not shown.")).to_be_visible()
        assert page.url.endswith(f"#{third}")
        expect(page.locator(f"#{third}")).to_be_focused()


def test_a_reason_of_the_hosts_own_is_added_and_chosen_by_keyboard(member: Page) -> None:
    member.goto("/desk/harbour/reasons/")
    member.get_by_text("Add one of your own…").click()
    member.get_by_label("It is not shown, because it …").fill("names a shop")
    member.get_by_role("button", name="Add the reason").click()
    expect(member.locator(".errorlist")).to_contain_text("Tell the author what to do")
    expect(member.get_by_label("It is not shown, because it …")).to_have_value("names a shop")
    assert axe_violations(member) == []
    member.get_by_label("What its author reads").fill("Leave the shop’s name out.")
    member.get_by_role("button", name="Add the reason").click()
    expect(member.locator("#own .row-title")).to_have_text("names a shop")
    assert axe_violations(member) == []
    member.goto("/desk/harbour/moderation/?tab=unseen")
    member.keyboard.press("j")
    item = member.locator(".queue-item:focus")
    number = item.get_attribute("id")
    member.keyboard.press("r")
    member.keyboard.type("names")
    expect(member.locator(f"#{number} select")).to_have_value("own-1")
    member.locator(f"#{number}").get_by_role("button", name="Don’t show").click()
    expect(member.get_by_text("1 statement is not shown.")).to_be_visible()
    member.get_by_role("button", name="Take the decision back").click()
    member.goto("/desk/harbour/reasons/")
    member.get_by_role("button", name="Retire · names a shop").click()
    expect(member.get_by_text("Nobody can choose this reason any more.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_form_given_back_shows_its_values_in_whole_words(
    page: Page, served: Server, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{served.address}/accounts/login/?next=/desk/harbour/edit/")
    page.fill("input[name=login]", "staff@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/edit/")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    whole = page.locator(".given-back .facts").bounding_box()
    value = page.locator(".given-back dd").first.bounding_box()
    assert whole
    assert value
    assert value["width"] > 0.45 * whole["width"]
    assert not is_wider_than_its_window(page)
