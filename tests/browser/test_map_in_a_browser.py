"""The map in a real browser: with groups, updated while it is read, and in print."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from middleground.dialogues.results.citing.frames import CHART_HEIGHT
from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.servers import Server, fill, run, serving

pytestmark = pytest.mark.browser

DATED = "/d/town/s/1/as-of/"  # a code follows that differs from run to run
PAGES = [
    "/d/town/map/",
    "/d/town/map/middle-ground/",
    "/d/town/map/divisive/",
    "/d/town/map/undecided/",
    "/d/town/map/group/A/",
    "/d/town/s/1/",
    "/d/town/topics/",
    "/d/town/topics/1/",
    "/d/town/topics/other/",
    "/d/done/results/",
    "/d/done/map/",
    DATED,
]


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one open and one closed dialogue, each with a map of two groups."""
    data = tmp_path_factory.mktemp("mapped")
    fill(data, "mapped_site")
    with serving(data, MIDDLEGROUND_MAP_SECONDS="1", MIDDLEGROUND_MAP_BEAT_SECONDS="1") as server:
        yield server


def open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


@pytest.mark.parametrize(
    ("address", "name", "field"),
    [
        ("/d/town/s/1/", "Copy: In words", "#cite-plain"),
        ("/d/done/results/", "Copy: BibTeX", "pre.citation"),
    ],
)
def test_a_button_copies_a_reference(
    browser: Browser, mapped: Server, address: str, name: str, field: str
) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(f"{mapped.address}{address}")
        page.locator("#cite-open").click()
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name=name.replace("Copy", "Copied"))).to_be_visible()
        shown = page.locator(field).evaluate("(one) => one.value ?? one.textContent")
        assert shown.strip()
        assert page.evaluate("navigator.clipboard.readText()") == shown.strip()
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{mapped.address}{address}")
        page.locator("#cite-open").click()
        expect(page.locator(field)).to_be_visible()
        expect(page.get_by_role("button", name="Copy")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_with_groups_are_accessible_and_narrow_enough(
    browser: Browser, mapped: Server, address: str, scheme: str
) -> None:
    size = {"width": 320, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        if address == DATED:
            page.goto(f"{mapped.address}/d/town/s/1/")
            address = urlsplit(page.locator("#cite-address").input_value()).path
            assert address.startswith(DATED)
        response = page.goto(mapped.address + address)
        assert response is not None
        assert response.status == 200
        open_everything(page)
        assert axe_violations(page) == []
        assert not is_wider_than_its_window(page)


@pytest.mark.parametrize("width", [320, 600, 1100])
def test_a_frame_on_another_site_shows_the_whole_picture(
    page: Page, mapped: Server, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": CHART_HEIGHT})
    page.goto(f"{mapped.address}/d/done/embed/statements/")
    box = page.locator("svg.pic-wide").bounding_box()
    assert box
    assert box["height"] > 200
    assert box["y"] + box["height"] <= CHART_HEIGHT


def wait_for_a_newer_map(server: Server, address: str) -> None:
    """Ask as an open page does, until the server has made the map of the new votes."""
    latest = time.monotonic() + 150  # its child process has low priority
    while True:
        with urlopen(server.address + address) as answer:
            if answer.headers["HX-Trigger"] == "newer-map":
                return
        assert time.monotonic() < latest, server.log.read_text()
        time.sleep(0.2)


def test_a_newer_map_does_not_move_the_page(page: Page, mapped: Server) -> None:
    page.set_viewport_size({"width": 900, "height": 700})
    page.clock.install()
    page.goto(f"{mapped.address}/d/town/map/")
    before = page.locator("[hx-get*='newer']").get_attribute("hx-get")
    # Not the last of the five: the map is of a sample, and another may take its place.
    page.locator(".finding-more summary").nth(0).click()
    mark = page.locator(".finding-text a").nth(1)
    mark.focus()
    mark.scroll_into_view_if_needed()
    name, top = mark.get_attribute("id"), mark.bounding_box()
    run([str(Path(__file__).parents[1] / "sites" / "mapped_site.py"), "again"], mapped.data)
    wait_for_a_newer_map(mapped, str(before))
    page.clock.run_for(16_000)
    expect(page.locator(f"[hx-get='{before}']")).to_have_count(0)
    page.clock.run_for(1_000)
    assert page.evaluate("document.activeElement.id") == name
    expect(page.locator("details[open]")).to_have_count(1)
    after = page.locator(f"#{name}").bounding_box()
    assert top is not None
    assert after is not None
    assert abs(after["y"] - top["y"]) < 2


def test_without_scripts_the_map_is_complete_and_can_be_reloaded(
    browser: Browser, mapped: Server
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{mapped.address}/d/town/map/")
        expect(page.locator("svg.pic-wide")).to_have_count(2)  # of statements and of people
        page.get_by_role("link", name="Reload").click()
        expect(page).to_have_url(f"{mapped.address}/d/town/map/")


def test_a_region_of_the_map_leads_to_its_group(page: Page, mapped: Server) -> None:
    page.goto(f"{mapped.address}/d/town/map/")
    region = page.locator(
        ".figure-map svg a"
    ).first  # of the largest group, which differs by the sample
    label = str(region.get_attribute("aria-label"))[-1]
    region.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{mapped.address}/d/town/map/group/{label}/")


def test_votes_through_the_server_become_a_new_map(page: Page, mapped: Server) -> None:
    """Queue, clock, worker and child process together turn a vote into a published map."""
    page.goto(f"{mapped.address}/d/fresh/map/")
    expect(page.get_by_role("heading", name="There is no map yet")).to_be_visible()
    page.goto(f"{mapped.address}/d/fresh/take-part/")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    # The vote counts only once the browser has solved its task, which a left page never does.
    expect(page.locator("[data-confirm]")).to_have_count(0, timeout=60_000)
    page.clock.install()
    page.goto(f"{mapped.address}/d/fresh/map/")
    published = page.get_by_role("heading", name="Not enough votes for a map yet")
    # The child process has low priority. The page asks every 15 seconds of its own clock.
    latest = time.monotonic() + 150
    while not published.is_visible():
        assert time.monotonic() < latest, mapped.log.read_text()
        page.clock.run_for(16_000)
        time.sleep(0.2)


def test_the_results_can_be_printed(page: Page, mapped: Server) -> None:
    page.emulate_media(media="print")
    page.goto(f"{mapped.address}/d/done/results/")
    expect(page.get_by_role("heading", name="The middle ground")).to_be_visible()
    expect(page.locator(".figure-table").first).to_be_hidden()
    expect(page.locator("footer.site")).to_be_hidden()
    # Links that say "how" are useless in print; the address of the method is printed.
    links = page.locator(".results a[href*='/method/#']")
    assert links.count() > 3
    assert not any(link.is_visible() for link in links.all())
    expect(page.locator("#results")).to_contain_text(f"{mapped.address}/method/")
    assert page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.parametrize("address", ["/d/town/map/", "/d/town/s/1/", "/d/town/topics/1/"])
def test_a_page_on_paper_says_which_question_it_belongs_to(
    page: Page, mapped: Server, address: str
) -> None:
    page.emulate_media(media="print")
    page.goto(mapped.address + address)
    question = page.locator(".crumb-question")
    expect(question).to_be_visible()
    assert question.inner_text() in page.title() or address != "/d/town/map/"
    # The report has it as its title, and in the line above each page.
    page.goto(f"{mapped.address}/d/town/report/")
    expect(page.locator(".crumb-question")).to_be_hidden()
