"""Checking the public log in a real browser: an intact log, and altered ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from middleground.ledger.notes.keys import VerifierKey, read_verifier_key
from middleground.ledger.records.receipt import open_receipt
from sites.logged_site import PARTICIPANTS
from support.serving.browsers import axe_violations, is_wider_than_its_window
from support.serving.servers import Server, free_port, make_site, serving

pytestmark = pytest.mark.browser

GOOD = "This log is as its host signed it, and every total that is opened is the sum of its votes."
WITHOUT_ED25519 = """
const real = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (format, data, algorithm, ...rest) => {
  if ((algorithm.name || algorithm) === "Ed25519") throw new DOMException("", "NotSupportedError");
  return real(format, data, algorithm, ...rest);
};
"""
# Notes each text of the progress with the bar's place and end.
WATCHED = """() => {
  window.seen = [];
  const bar = document.querySelector("[data-progress-bar]");
  const words = document.querySelector("[data-progress-words]");
  new MutationObserver(() => window.seen.push([words.textContent, bar.value, bar.max])).observe(
    bar, { attributes: true });
}"""


@dataclass(frozen=True)
class Site:
    server: Server
    phrase: str

    @property
    def log(self) -> Path:
        return self.server.data / "ledger"

    @property
    def page(self) -> str:
        return f"{self.server.address}/ledger/verify/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one closed dialogue in its log, and the phrase of a participant."""
    data, port = tmp_path_factory.mktemp("logged"), free_port()
    origin = {"MIDDLEGROUND_ORIGIN": f"http://127.0.0.1:{port}"}  # the name of the log
    phrase = make_site("logged_site", data, **origin).splitlines()[-1]
    with serving(data, port, **origin) as server:
        yield Site(server, phrase)


@pytest.fixture
def receipt(site: Site) -> Path:
    """A participant's receipt of before the close."""
    return site.log.parent / "receipt.txt"


@pytest.fixture
def promise(browser: Browser, site: Site, tmp_path: Path) -> Path:
    """The promise that a participant downloads."""
    with browser.new_context() as context:
        page = context.new_page()
        open_receipt_page(page, site)
        expect(page.locator("h1 ~ section h2").first).to_have_text("Your vote is in the final list")
        with page.expect_download() as download:
            page.click("button[value=promise]")
        file = tmp_path / "promise.txt"
        download.value.save_as(file)
    return file


def open_receipt_page(page: Page, site: Site, dialogue: str = "done") -> None:
    page.goto(f"{site.server.address}/you/")
    page.fill("[name=phrase]", site.phrase)
    page.locator("form[action^='/you/carry-on/'] button").click()
    page.goto(f"{site.server.address}/d/{dialogue}/s/1/receipt/")


@contextmanager
def changed(file: Path, change: Callable[[bytes], bytes]) -> Iterator[None]:
    before = file.read_bytes()
    assert change(before) != before
    file.write_bytes(change(before))
    try:
        yield
    finally:
        file.write_bytes(before)


def document(site: Site, begins: bytes) -> Path:
    """The first published document that begins like this."""
    found = sorted((site.log / "documents").iterdir())
    return next(path for path in found if path.read_bytes().startswith(begins))


def check(page: Page, site: Site) -> str:
    """Press the button and wait for the verdict."""
    if page.url != site.page:
        page.goto(site.page)
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("[data-result]")).to_be_visible(timeout=30_000)
    return page.locator("[data-sentence]").inner_text()


def state(page: Page) -> str | None:
    return page.locator("[data-result]").get_attribute("data-state")


def checks(page: Page) -> str:
    page.locator("[data-result] summary").click()
    return page.locator("[data-findings]").inner_text()


def test_an_intact_log_is_green_and_names_open_questions(page: Page, site: Site) -> None:
    assert check(page, site) == GOOD
    assert state(page) == "green"
    assert page.evaluate("document.activeElement.hasAttribute('data-result')")
    open_points = page.locator("[data-meaning]").inner_text()
    assert "The key was taken from the log itself" in open_points
    assert "Nobody else is known to have signed" in open_points
    shown = checks(page)
    assert f"{3 * PARTICIPANTS}" in shown
    assert "Files of the site that show what the final maps say: 2." in shown
    # The key of another log or a cached answer must not be used.
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.parametrize(
    ("begins", "change", "reason"),
    [
        (
            b"vote-list/v1\ndialogue done\nstatement 1\n",
            lambda data: data.replace(b" counted ", b" beside ", 1),
            "nothing proves that each of its listed votes is one.",
        ),
        (
            b"vote-totals/v1\n",
            lambda data: data.replace(b"statement 1 agree 8", b"statement 1 agree 9"),
            "a published result is not the sum of the votes.",
        ),
        (b"", lambda data: data[:-2] + b"?\n", "texts are not shown as they were logged."),
    ],
)
def test_an_altered_log_is_not_green(
    page: Page, site: Site, begins: bytes, change: Callable[[bytes], bytes], reason: str
) -> None:
    file = document(site, begins) if begins else site.log / "texts/done/statements"
    with changed(file, change):
        assert check(page, site) == f"Do not rely on this log: {reason}"
        assert state(page) == "fails"
        assert "does not hold" in checks(page)
    assert check(page, site) == GOOD  # the control


def test_an_altered_entry_is_not_green(page: Page, site: Site) -> None:
    size = int((site.log / "checkpoint").read_text().splitlines()[1])
    assert size < 256
    entries = site.log / f"tile/entries/000.p/{size}"
    with changed(entries, lambda data: data.replace(b"false", b"true ")):
        assert check(page, site).startswith("Do not rely on this log")


def test_a_receipt_is_checked_and_does_not_leave_the_browser(
    page: Page, site: Site, receipt: Path
) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(site.page)
    page.get_by_text("I have a receipt").click()
    page.set_input_files("#own-files", receipt)
    assert check(page, site) == GOOD
    own = page.locator("[data-own]").inner_text()
    assert "Receipts whose vote is listed and counted: 1." in own
    assert asked
    assert [(one.method, one.post_data) for one in asked if one.method != "GET"] == []
    assert [one.url for one in asked if "?" in one.url] == []


def test_a_promise_is_looked_up_and_a_damaged_receipt_accuses_nobody(
    page: Page, site: Site, receipt: Path, promise: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.txt"
    damaged.write_text(receipt.read_text().replace("index ", "index 1"))
    page.goto(site.page)
    page.get_by_text("I have a receipt").click()
    page.set_input_files("#own-files", [promise, damaged])
    assert check(page, site) == GOOD
    own = page.locator("[data-own]").inner_text()
    assert "Promises that were kept: 1." in own
    assert "left open: Receipts that this log's signature does not cover: 1." in own
    assert "damaged.txt: the leaf is not in the log at that place." in own
    assert "not signed by this log" in page.locator("[data-meaning]").inner_text()


def test_a_receipt_of_a_vote_that_was_kept_back_is_not_green(
    page: Page, site: Site, receipt: Path
) -> None:
    """The host takes this vote's line out of the list, and does not log that."""
    page.goto(site.page)
    page.get_by_text("I have a receipt").click()
    page.set_input_files("#own-files", receipt)
    tag = open_receipt(receipt.read_bytes(), verifier(site)).opening.tag.hex().encode()

    def without(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        return b"".join(line for line in lines if not line.startswith(tag))

    with changed(document(site, b"vote-list/v1\ndialogue done\nstatement 1\n"), without):
        assert check(page, site).startswith("Do not rely on this log")
        own = page.locator("[data-own]").inner_text()
    assert "Votes of receipts were kept back." in own
    assert "lacks its tag" in own


def verifier(site: Site) -> VerifierKey:
    return read_verifier_key((site.log / "keys").read_text().splitlines()[0])


def test_without_ed25519_nothing_is_called_green(page: Page, site: Site) -> None:
    """The verifier runs in a worker, so a script before it simulates such a browser."""
    verifier = page.request.get(f"{site.page}verify.mjs").text()
    as_script = {"content-type": "text/javascript"}
    page.route(
        "**/verify.mjs",
        lambda route: route.fulfill(body=WITHOUT_ED25519 + verifier, headers=as_script),
    )
    assert check(page, site) == "This log could not be checked."
    assert state(page) == "open"
    meaning = page.locator("[data-meaning]").inner_text()
    assert "Signatures could not be checked here." in meaning


def test_an_invalid_key_or_receipt_is_reported_at_its_field(
    page: Page, site: Site, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("not a receipt\n")
    page.goto(site.page)
    page.get_by_text("I have a receipt").click()
    page.set_input_files("#own-files", note)
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("#own-files-error")).to_contain_text("note.txt is not a receipt")
    assert page.evaluate("document.activeElement.id") == "own-files"
    page.set_input_files("#own-files", [])
    page.fill("#log-key", "no key")
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("#log-key-error")).to_contain_text("This is not a key.")
    expect(page.locator("#own-files-error")).to_be_hidden()
    assert page.input_value("#log-key") == "no key"
    assert axe_violations(page) == []


def test_a_key_entered_by_hand_is_used_and_another_key_is_not_green(page: Page, site: Site) -> None:
    page.goto(site.page)
    page.get_by_text("I have a receipt").click()
    key = (site.log / "keys").read_text().splitlines()[0]
    page.fill("#log-key", key)
    assert check(page, site) == GOOD
    assert "The key was taken from the log" not in page.locator("[data-meaning]").inner_text()
    page.fill("#log-key", other_key())
    assert check(page, site).endswith(": not everything in it is signed by its host.")
    assert state(page) == "fails"


def other_key() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw()
    return str(VerifierKey("elsewhere.example/ledger", 1, public))


def test_a_broken_connection_gives_no_verdict_on_the_log(page: Page, site: Site) -> None:
    page.route("**/ledger/tile/**", lambda route: route.abort())
    page.goto(site.page)
    assert check(page, site).startswith("We could not check the log")
    assert state(page) == "open"
    page.unroute("**/ledger/tile/**")
    assert check(page, site) == GOOD


def test_a_missing_checkpoint_accuses_nobody(page: Page, site: Site) -> None:
    page.route("**/ledger/checkpoint", lambda route: route.fulfill(status=404))
    page.goto(site.page)
    assert check(page, site).startswith("We could not check the log")
    assert state(page) == "open"
    assert "No log is published there" in page.locator("[data-meaning]").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tampered", [False, True], ids=["good", "tampered"])
def test_the_verdict_is_accessible_and_narrow_enough(
    browser: Browser, site: Site, scheme: str, tampered: bool
) -> None:
    size = {"width": 320, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        (site.log / "unrelated").write_text("")
        lists = document(site, b"vote-list/v1\ndialogue done\nstatement 1\n")
        with changed(lists if tampered else site.log / "unrelated", lambda data: data + b"\n"):
            check(page, site)
        assert state(page) == ("fails" if tampered else "green")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert axe_violations(page) == []
        assert not is_wider_than_its_window(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_receipts_page_draws_the_path_of_its_entry(
    browser: Browser, site: Site, scheme: str
) -> None:
    size = {"width": 320, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        open_receipt_page(page, site, "running")
        expect(page.locator("main svg.pic")).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.locator(".figure-table tbody tr").count() == page.locator(".pic-beside").count()
        assert axe_violations(page) == []
        assert not is_wider_than_its_window(page)


def test_without_scripts_the_page_offers_programs_instead_of_a_button(
    browser: Browser, site: Site
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.page)
        expect(page.get_by_role("button", name="Check now")).to_have_count(0)
        command = f"middleground verify {site.server.address}/ledger/"
        expect(page.get_by_text(command)).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="verify.mjs").click()
        assert download.value.suggested_filename == "verify.mjs"


def test_the_logs_page_links_to_the_check(page: Page, site: Site) -> None:
    page.goto(f"{site.server.address}/ledger/")
    page.get_by_role("link", name="Check it in this browser").click()
    assert page.url == site.page


def test_progress_is_shown_and_the_page_stays_usable(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/ledger/tile/**", lambda route: held.append(route))
    page.goto(site.page)
    with page.expect_request("**/ledger/tile/**"):  # or a busy machine asks after the check below
        page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("status")).to_have_text("Copying the log")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Check now")).to_be_disabled()
    assert axe_violations(page) == []
    assert held
    page.evaluate(WATCHED)
    page.unroute("**/ledger/tile/**")  # also releases the held requests
    expect(page.locator("[data-sentence]")).to_have_text(GOOD, timeout=30_000)
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.get_by_role("button", name="Check now")).to_be_enabled()
    # While the proofs of all votes are checked, the bar moves to their number.
    lines = 3 * PARTICIPANTS
    assert ["Counting everything again", lines, lines] in page.evaluate("window.seen")
