"""Each check of ``test_every_page`` fails on a page that is known to be bad."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from support.serving.browsers import Visit, axe_violations, is_wider_than_its_window

pytestmark = pytest.mark.browser

HERE = "http://127.0.0.1:1/"  # nothing listens there; the tests intercept its requests
ELSEWHERE = "http://127.0.0.2:1/"
BAD = """<!doctype html><html><head><title>Bad</title></head><body><main>
<h1>Bad</h1><p style="color:#ccc;background:#fff">Too pale.</p><img src="data:,">
</main></body></html>
"""
MOVING = """<!doctype html><html lang="en"><title>Moving</title><body><p>Below.</p><script>
setTimeout(() => {
  const box = document.createElement('div'); box.style.height = '200px'; document.body.prepend(box);
}, 150);
</script></body></html>
"""


def answer(page: Page, address: str, body: str, content_type: str = "text/html") -> None:
    page.route(address, lambda route: route.fulfill(body=body, content_type=content_type))


def test_axe_finds_a_missing_language_alternative_text_and_contrast(page: Page) -> None:
    answer(page, HERE, BAD)
    page.goto(HERE)
    assert axe_violations(page) == ["color-contrast: p", "html-has-lang: html", "image-alt: img"]


def test_axe_runs_under_our_content_security_policy(page: Page) -> None:
    policy = {"Content-Security-Policy": "default-src 'none'", "Content-Type": "text/html"}
    page.route(HERE, lambda route: route.fulfill(body=BAD, headers=policy))
    page.goto(HERE)
    assert "html-has-lang: html" in axe_violations(page)


def test_a_picture_from_another_host_is_found(page: Page) -> None:
    answer(page, HERE, f'<!doctype html><title>Two</title><img src="{ELSEWHERE}">')
    answer(page, ELSEWHERE, "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
    visit = Visit(page)
    visit.to(HERE)
    assert visit.hosts == {"127.0.0.1:1", "127.0.0.2:1"}


def test_a_second_stylesheet_is_found(page: Page) -> None:
    links = "".join(f'<link rel="stylesheet" href="{HERE}{name}">' for name in ("a", "b"))
    answer(page, HERE, f"<!doctype html><title>Two</title>{links}")
    for name in ("a", "b"):
        answer(page, HERE + name, "p { color: black }", "text/css")
    visit = Visit(page)
    visit.to(HERE)
    assert sorted(visit.stylesheets) == ["/a", "/b"]


def test_a_layout_shift_is_found(page: Page) -> None:
    answer(page, HERE, MOVING)
    visit = Visit(page)
    visit.to(HERE)
    assert visit.shift() > 0


def test_a_page_wider_than_the_window_is_found(page: Page) -> None:
    answer(page, HERE, '<!doctype html><title>Wide</title><div style="width:3000px">x</div>')
    page.goto(HERE)
    assert is_wider_than_its_window(page)
