"""What this app shows on pages of answers: how to follow them."""

from __future__ import annotations

from pathlib import Path

from middleground.core.page.frame import PagePart, add_parts, add_styles

add_parts(
    PagePart("answers", "notices/_on_answers.html"),
    PagePart("case-head", "notices/_case_feed.html"),
    PagePart("case", "notices/_on_case.html"),
)
add_styles(Path(__file__).resolve().parent / "styles")
