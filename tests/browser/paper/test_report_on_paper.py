"""The report as real paper: how many pages it takes, and that nothing is cut or torn."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.servers import Server, serving_filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REPORT = "/d/paper/report/"
STATEMENTS = 192
FILL = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django
django.setup()
from django.utils import timezone
from disclosure.made_facts import made_facts
from middleground.dialogues.models import StoredMap
from support.cast import make_dialogue, make_statement
dialogue = make_dialogue("paper", statements=0, state="closed", question="What should become of the"
                         " old harbour, once the ferries have moved to the new quay?",
                         promise="The council reads it and answers within 30 days.")
counts = {{}}
for number in range(1, {STATEMENTS} + 1):
    words = f"Statement {{number}} says at some length what becomes of the harbour and its quays."
    key = make_statement(dialogue, number, words).pk
    part = number % 40
    counts[key] = {{"A": (90 - part, 20 + part, 10), "B": (50 + part, 60 - part, 10),
                   "C": (45, 10 + part % 7, 5)}}
facts = made_facts(counts)
people = facts.diagnostics.participants
StoredMap.objects.create(dialogue=dialogue, made_at=timezone.now(), final=True,
                         participants=people, tiers={{"open": people}}, data=facts.to_dict())
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A closed dialogue with 192 statements in three groups."""
    with serving_filled(tmp_path_factory.mktemp("printed"), FILL) as server:
        yield server


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_takes_six_pages_at_most(page: Page, printed: Server, paper: str) -> None:
    page.goto(printed.address + REPORT)
    assert 4 <= pages_of(page.pdf(format=paper)) <= 6
    page.goto(f"{printed.address}/d/paper/results/")
    assert 6 < pages_of(page.pdf(format=paper)) <= 16  # more: the control. It was 37


@pytest.mark.parametrize("width", [673, 696], ids=["A4", "Letter"])  # of the text, in pixels
def test_nothing_is_cut_and_no_finding_is_torn(page: Page, printed: Server, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="print")
    page.goto(printed.address + REPORT)
    assert not is_wider_than_its_window(page)
    cut = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
    assert page.locator(".report p, .report dd, .report li").evaluate_all(cut) == 0
    torn = "all => all.map(each => getComputedStyle(each).breakInside)"
    for whole in (".finding", ".report figure", ".report dd", ".map-statements"):
        assert set(page.locator(whole).evaluate_all(torn)) == {"avoid"}, whole
    expect(page.locator(".finding")).to_have_count(20)
    for picture in page.locator("figure > svg, .report-code svg").all():
        assert picture.bounding_box()["width"] > 90  # type: ignore[index]
    for hidden in ("header.site", "footer.site", "#print", ".figure-table", ".figure-files"):
        assert not any(each.is_visible() for each in page.locator(hidden).all()), hidden
    expect(page.locator(".report-running")).to_be_visible()


def test_the_map_begins_with_its_picture_and_leaves_no_heading_alone(
    page: Page, printed: Server
) -> None:
    """The text of a Letter page is 184 by 243 millimetres, 696 by 918 pixels."""
    page.set_viewport_size({"width": 696, "height": 918})
    page.emulate_media(media="print")
    page.goto(f"{printed.address}/d/paper/map/")
    box = page.locator(".map-statements").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 918
    assert page.locator(".map-statements svg").bounding_box()["width"] > 340  # type: ignore[index]
    after = "all => all.map(each => getComputedStyle(each).breakAfter)"
    for one in (".map-list > h2", ".map-list > h2 + p", ".map-group h3"):
        assert set(page.locator(one).evaluate_all(after)) == {"avoid"}, one
    for parent in (".map-findings", ".map-groups"):
        expect(page.locator(parent).first).to_have_css("display", "block")


def test_the_button_needs_a_script_and_the_words_do_not(
    browser: Browser, page: Page, printed: Server
) -> None:
    page.add_init_script("window.print = () => { document.title = 'printed'; }")
    page.goto(printed.address + REPORT)
    page.get_by_role("button", name="Print or save as PDF").click()
    expect(page).to_have_title("printed")
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(printed.address + REPORT)
        expect(plain.locator("#print")).to_be_hidden()
        expect(plain.get_by_text("use “Print” in your browser’s menu")).to_be_visible()
        assert 4 <= pages_of(plain.pdf(format="A4")) <= 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fits_and_is_accessible(
    browser: Browser, printed: Server, scheme: str
) -> None:
    size = {"width": 360, "height": 740}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(printed.address + REPORT)
        assert axe_violations(page) == []
        assert not is_wider_than_its_window(page)


def test_who_sees_the_results_finds_the_report(page: Page, printed: Server) -> None:
    page.goto(f"{printed.address}/d/paper/results/")
    page.get_by_role("link", name="Report for print or PDF").click()
    expect(page).to_have_url(printed.address + REPORT)
