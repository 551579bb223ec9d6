"""Texts that no file of the repository may contain."""

from __future__ import annotations

import re

import pytest

from support.house import ROOT, files

# Written in pieces, so that this file does not contain them either.
FORBIDDEN = {
    "a package registry's host": "|".join(
        (
            r"pypi\." r"org",
            r"python" r"hosted\.org",
            r"registry\.npm" r"js",
            r"deb\.debian\." r"org",
        )
    ),
    "a folder of one machine": r"(?:^|[^.\w~}])/(?:wo"
    r"rk|tm"
    r"p|ro"
    r"ot|ho"
    r"me|op"
    r"t)/[a-z]",
    "something unfinished": r"\b(?:TO"
    r"DO|FIX"
    r"ME|XX"
    r"X|NotImplemented"
    r"Error|lorem "
    r"ipsum)\b",
}
TEXT = {
    "", ".cfg", ".css", ".html", ".js", ".json", ".lock", ".md", ".mjs", ".py", ".sh", ".svg",
    ".toml", ".txt", ".xml", ".yaml", ".yml", ".csv", ".ini", ".service",
}  # fmt: skip


def said(pattern: str, text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if re.search(pattern, line)]


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_file_contains_a_forbidden_text(what: str) -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in files()
        if path.suffix in TEXT and (lines := said(FORBIDDEN[what], path.read_text("utf-8")))
    }
    assert found == {}


def test_each_forbidden_text_would_be_found() -> None:
    examples = {
        "a package registry's host": "see https://pypi" + ".org/simple",
        "a folder of one machine": 'path = "/wo' + 'rk/here"',
        "something unfinished": "# TO" + "DO: later",
    }
    assert {what for what, line in examples.items() if said(FORBIDDEN[what], line)} == set(
        FORBIDDEN
    )


def test_the_locks_contain_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text("utf-8")
        assert "://" not in lock
        pinned = re.findall(r"^[a-z0-9._-]+==", lock, re.MULTILINE)
        assert len(pinned) == len(
            re.findall(r"^(?=\S).*\\\n    --hash=sha256:", lock, re.MULTILINE)
        )
        assert len(pinned) > 30
