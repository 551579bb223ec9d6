"""The written report in a real browser: accessible, not blocked by its policy, not too wide."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from cli.analysis.test_analyse_command import run, two_camps
from support.serving.browsers import axe_violations, is_wider_than_its_window

__all__ = ["two_camps"]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_report_is_accessible(
    page: Page, two_camps: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    path = tmp_path / "map.html"
    run(two_camps, "--html", path)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    assert axe_violations(page) == []
    assert not is_wider_than_its_window(page)


@pytest.mark.browser
def test_its_policy_allows_only_its_own_style(page: Page, two_camps: Path, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    run(two_camps, "--html", path)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    fill = "getComputedStyle(document.querySelector('.pic-agree')).fill"
    assert page.evaluate(fill) == "rgb(29, 95, 150)"
    assert said == []
    # The control: a changed style does not have the hash in the policy.
    path.write_text(path.read_text().replace("<style>", "<style>p { color: red }", 1))
    page.goto(path.as_uri())
    assert page.evaluate(fill) == "rgb(0, 0, 0)"
    assert "Content Security Policy" in said[0]
