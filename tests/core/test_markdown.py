"""Markdown from staff as HTML."""

from __future__ import annotations

from middleground.core.page import markdown


def test_headings_in_markdown_are_one_level_below_the_pages_own() -> None:
    text = "# One\n\nTwo\n---\n\n##### Five\n\n###### Six\n\n`<h1>`"
    assert markdown.render(text).split("\n") == [
        "<h2>One</h2>", "<h3>Two</h3>", "<h6>Five</h6>", "<h6>Six</h6>",
        "<p><code>&lt;h1&gt;</code></p>", "",
    ]  # fmt: skip
