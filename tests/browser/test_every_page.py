"""The same checks for every public page. To add a page, add its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, Page, expect

from sites.example_site import STATEMENTS
from support.serving.browsers import Visit, axe_violations, is_wider_than_its_window
from support.serving.servers import Server

pytestmark = pytest.mark.browser

PUBLIC = [
    "/",
    "/earlier/",
    "/search/?q=harbour",
    "/search/?q=nowhere",
    "/preview/nowhere/",
    "/d/harbour/",
    "/d/harbour/start/",
    "/d/harbour/take-part/",
    "/d/harbour/write/",
    "/d/harbour/code/",
    "/d/bridge/code/",
    "/d/market/code/",
    "/d/harbour/confirm/",
    "/d/harbour/mine/",
    "/d/harbour/s/1/",
    "/d/harbour/s/1/comment/",
    "/d/harbour/c/10000001/",
    "/d/harbour/c/10000001/reply/",
    "/d/harbour/wall/",
    "/d/harbour/map/",
    "/d/harbour/map/middle-ground/",
    "/d/harbour/topics/",
    "/d/harbour/results/",
    "/d/bridge/results/",
    "/d/harbour/report/",
    "/d/bridge/report/",
    "/method/",
    "/method/formulas/",
    "/ledger/",
    "/ledger/verify/",
    "/d/harbour/s/1/receipt/",
    "/d/harbour/embed/",
    "/d/harbour/embed/statements/",
    "/d/harbour/embed/groups/",
    "/d/harbour/embed/s/1/",
    "/d/harbour/moderation/",
    "/d/harbour/sources/",
    "/d/harbour/sources/1/",
    "/d/harbour/sources/propose/",
    "/d/harbour/claims/1/",
    "/d/harbour/answers/",
    "/d/bridge/answers/",
    "/d/harbour/answers/1/",
    "/d/harbour/answers/1/check/",
    "/d/harbour/commitments/2/check/2/",
    "/d/harbour/answers/2/",
    "/d/harbour/answers/week/",
    "/d/harbour/commitments/",
    "/d/harbour/commitments/1/",
    "/d/bridge/commitments/",
    "/d/harbour/answers/1/follow/",
    "/d/harbour/answers/1/follow/asked/",
    "/d/bridge/",
    "/d/bridge/take-part/",
    "/d/market/",
    "/d/secret/",
    "/bodies/",
    "/bodies/police/",
    "/what-we-know/",
    "/could-the-host-cheat/",
    "/you/",
    "/you/carry-on/",
    "/you/forget/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/signup/",
]
SIGNED_IN = [
    "/desk/",
    "/desk/?state=archived",
    "/desk/bodies/",
    "/desk/bodies/new/",
    "/desk/bodies/police/",
    "/desk/bodies/police/describe/",
    "/desk/bodies/police/merge/",
    "/desk/posts/",
    "/desk/inbox/",
    "/desk/inbox/threads/",
    "/desk/harbour/bodies/",
    "/desk/harbour/cases/",
    "/desk/harbour/cases/rules/",
    "/desk/harbour/cases/2/",
    "/desk/harbour/email/",
    "/desk/harbour/cases/2/assign/",
    "/desk/posts/1/",
    "/desk/posts/1/appoint/",
    "/desk/terms/1/verify/",
    "/desk/new/",
    "/desk/harbour/",
    "/desk/harbour/edit/",
    "/desk/harbour/statements/",
    "/desk/harbour/moderation/",
    "/desk/harbour/moderation/?tab=shown",
    "/desk/harbour/moderation/1/merge/",
    "/desk/harbour/moderation/comments/?tab=shown",
    "/desk/harbour/appeals/comments/",
    "/desk/harbour/topics/",
    "/desk/harbour/topics/1/",
    "/desk/harbour/topics/suggest/",
    "/desk/market/translations/",
    "/desk/market/translations/fa/",
    "/desk/market/translations/fa/statement-1/",
    "/desk/harbour/kept/",
    "/desk/bridge/roles/",
    "/desk/staff/look/",
    "/desk/harbour/reasons/",
    "/desk/harbour/codes/",
    "/desk/bridge/codes/",
    "/desk/bridge/edit/",
    "/desk/bridge/moderation/?tab=shown",
    "/desk/harbour/patterns/",
    "/desk/harbour/appeals/",
    "/desk/harbour/preview/",
    "/desk/harbour/preview/start/",
    "/desk/harbour/preview/cards/",
    "/desk/harbour/preview/links/",
    "/desk/harbour/participation/",
    "/desk/harbour/embedding/",
    "/desk/harbour/outreach/",
    "/desk/harbour/outreach/sheet/",
    "/desk/harbour/outreach/partners/",
    "/desk/harbour/outreach/partners/1/",
    "/desk/harbour/outreach/invitations/",
    "/desk/harbour/outreach/invitations/1/",
    "/desk/harbour/sources/",
    "/desk/harbour/sources/1/",
    "/desk/harbour/sources/proposed/1/",
    "/desk/harbour/moderation/proposed-sources/",
    "/desk/harbour/claims/1/",
    "/desk/harbour/sources/import/",
    "/desk/harbour/claims/1/data/",
    "/desk/staff/",
    "/desk/staff/add/",
    "/desk/staff/1/",
    "/accounts/2fa/",
    "/accounts/password/change/",
]
# Of somebody who answered every statement, is not confirmed, and wrote the one that comes next.
OWN = [
    "/d/harbour/take-part/?thanks",
    "/d/harbour/mine/?own",
    f"/d/harbour/mine/{STATEMENTS + 1}/correct/",
]
FIRST_VISIT_BYTES = 50_000
ALL_ANSWERED = "You have answered every statement"
COLOURS = ("color-contrast", "link-in-text-block")  # the rules of axe that look at them
# The elements in use here that Tab reaches according to the HTML standard.
TABBABLE = """
() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((element) => !element.matches(':disabled') && element.type !== 'hidden'
    && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => element.type !== 'radio'
    || element === [...document.getElementsByName(element.name)].find((each) => each.checked)
    || (![...document.getElementsByName(element.name)].some((each) => each.checked)
      && element === document.getElementsByName(element.name)[0]))
  .map((element, index) => { element.dataset.stop = String(index + 1); return index + 1; })
"""
FOCUS = """
() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== 'none';
  return [Number(element.dataset.stop || 0), seen, element.outerHTML.slice(0, 80)];
}
"""


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """A fresh context, of staff or of who took part where it needs one.

    A script error fails the test.
    """
    with ExitStack() as contexts:
        errors: list[str] = []

        def opened(address: str, **options: Any) -> Page:
            if address in SIGNED_IN:
                options["storage_state"] = request.getfixturevalue("staff_session")
            if address in OWN:
                options["storage_state"] = request.getfixturevalue("own_session")
            # A card has less contrast while it fades in.
            options = {"reduced_motion": "reduce", **options}
            page = contexts.enter_context(browser.new_context(**options)).new_page()
            if address in OWN:
                page.route("**/confirm/", lambda route: route.abort())  # votes stay unconfirmed
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        yield opened
        assert errors == []


@pytest.fixture(scope="module")
def own_session(browser: Browser, served: Server) -> Any:
    """The cookies of somebody who took part without scripts."""
    with browser.new_context(base_url=served.address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/d/harbour/take-part/")
        for _ in range(STATEMENTS):
            page.get_by_role("button", name="Agree", exact=True).click()
        expect(page.get_by_role("heading", level=2)).to_have_text(ALL_ANSWERED)
        page.goto("/d/harbour/write/")
        page.get_by_label("Your statement").fill("The cranes shuld be lit at night.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("link", name="Correct a typing error")).to_be_visible()
        return context.storage_state()


class EveryPage:
    """The checks. Each class with addresses is a share of the work for one process of the tests."""

    ADDRESSES: ClassVar[list[str]]

    def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
        self, open_page: Callable[..., Page], served: Server, address: str
    ) -> None:
        """On desktop and phone, in light and dark; of what axe checks, only colours differ there.

        One load, whose window is then made smaller, since loading takes longer than checking.
        """
        page = open_page(address, viewport={"width": 1280, "height": 800})
        page.goto(served.address + address)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="light")
            assert (width, is_wider_than_its_window(page)) == (width, False)
            assert (width, "light", axe_violations(page)) == (width, "light", [])
            page.emulate_media(color_scheme="dark")
            found = axe_violations(page, COLOURS)
            assert (width, "dark", found) == (width, "dark", [])
        page.set_viewport_size({"width": 320, "height": 640})
        assert not is_wider_than_its_window(page)
        if address not in SIGNED_IN:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert not is_wider_than_its_window(page)

    def test_pages_load_nothing_from_other_hosts_and_do_not_shift(
        self, open_page: Callable[..., Page], served: Server, address: str
    ) -> None:
        visit = Visit(open_page(address, viewport={"width": 360, "height": 640}))
        visit.to(served.address + address)
        assert visit.hosts == {served.address.removeprefix("http://")}
        # The page of the look shows one accent in both themes, which is a sheet of its own.
        assert len(visit.stylesheets) == (2 if address == "/desk/staff/look/" else 1)
        assert visit.shift() == 0
        assert 0 < visit.bytes <= FIRST_VISIT_BYTES

    def test_without_scripts_the_page_is_complete(
        self, open_page: Callable[..., Page], served: Server, address: str
    ) -> None:
        page = open_page(address, java_script_enabled=False)
        visit = Visit(page)
        page.goto(served.address + address)  # nothing is asked for later without scripts
        assert page.locator("h1").count() == 1
        assert page.locator("main").inner_text().strip() != ""
        assert 0 < visit.bytes <= FIRST_VISIT_BYTES

    def test_the_keyboard_reaches_everything_with_visible_focus(
        self, open_page: Callable[..., Page], served: Server, address: str
    ) -> None:
        page = open_page(address)
        page.goto(served.address + address)
        stops = page.evaluate(TABBABLE)
        page.evaluate("() => document.activeElement.blur()")
        reached: list[int] = []
        unseen = []
        for _ in range(10 * len(stops)):
            if len(reached) == len(stops):
                break
            page.keyboard.press("Tab")
            stop, seen, element = page.evaluate(FOCUS)
            # A field for day and time has a tab stop for each of its parts.
            if reached[-1:] != [stop]:
                reached.append(stop)
            if not seen:
                unseen.append(element)
        assert sorted(reached) == stops
        assert unseen == []
        # The first stop leads past what is the same on every page.
        assert reached[:1] == stops[:1]
        page.locator('[data-stop="1"]').focus()
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "main"


class TestPublicPages(EveryPage):
    ADDRESSES = PUBLIC


class TestOwnPages(EveryPage):
    ADDRESSES = OWN

    def test_who_is_thanked_is_told_that_votes_do_not_count_yet(
        self, open_page: Callable[..., Page], served: Server, address: str
    ) -> None:
        """The pages are those that they are taken for."""
        page = open_page(address)
        page.goto(served.address + address)
        heading, told = {
            OWN[0]: (ALL_ANSWERED, 1),
            OWN[1]: ("My votes", 1),
            OWN[2]: ("Correct a typing error", 0),
        }[address]
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        warnings = page.get_by_text("do not count yet").filter(visible=True)
        expect(warnings).to_have_count(told)


class TestPagesOfStaff(EveryPage):
    ADDRESSES = SIGNED_IN


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("address", metafunc.cls.ADDRESSES)
