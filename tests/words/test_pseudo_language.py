"""In a made-up language no public page has a word of ours without accents: all texts are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.utils.translation import gettext, override

from addresses.statuses import read_table
from addresses.walking import Site, address, make_site
from middleground.publiclog.publisher import publish_log
from sites import mapped_site
from support.cast import carry
from words.pseudo import CODE, KEPT, offer, pseudo, write_language

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.sqlite]

FOR_STAFF = ("/desk/", "/accounts/", "/admin/")
SPOKEN = {"aria-label", "title", "alt", "placeholder", "aria-description", "aria-roledescription"}
UNSEEN = {"script", "style"}
# Elements whose words are no sentences of ours.
OTHERS = {"code", "pre", "kbd", "samp"}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
}  # fmt: skip
WRITTEN = (models.CharField, models.TextField, models.JSONField)
MARKDOWN = re.compile(r"[*#|`\n]+|^- |\]\(|\[|\)")
WORD = re.compile(r"[A-Za-z]{2,}")
# What is the same in every language, each with its reason.
SAME = [
    (r"\b(?:middleground|Polis|WhatsApp|Telegram)\b", "names of programs"),
    (r"https?://\S+|\b[\w.-]+@[\w.-]+\b|\b[\w.-]+\.example\b|\b127\.0\.0\.1\S*", "addresses"),
    (r"\bCC BY 4\.0\b|\b(?:SVG|PNG|TXT|DOI|BibTeX|RIS|CSL-JSON|SHA-256)\b", "names of formats"),
    (r"\b[\w-]+\.(?:csv|json|md|mjs|parquet|py)\b", "names of files"),
    (r"\{\w+\}", "fields that scripts fill in"),
    (r'"(?:form|left|over)":', "names of what a script reads"),
    (r"\ben\b", "the language of a source, as it was typed"),
    (r"\bEnglish\b", "a language by its own name"),
    (
        r"\b[ap]\.m\.|\bbytes\b|\bUTC\b",
        "Django's, which has formats of its own for the languages we offer",
    ),
]


class Words(HTMLParser):
    """The words of a page that were not written by people, each with its place."""

    def __init__(self, content: list[str]) -> None:
        super().__init__()
        self.open, self.found = list[tuple[str, bool]](), list[str]()
        written = "|".join(map(re.escape, content))
        self.content = re.compile(rf"(?<!\w)(?:{written})(?!\w)") if content else None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        other = tag in OTHERS | UNSEEN or given.get("lang", CODE) != CODE
        other |= tag == "textarea" and "readonly" in given  # code and references to copy
        if not any(closed for _, closed in self.open) and not other:
            for name, value in attributes:
                if value and (name in SPOKEN or (name.startswith("data-") and " " in value)):
                    self._look(value, f"{tag}[{name}]")
        if tag not in VOID:
            self.open.append((tag, other))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        if not any(closed for _, closed in self.open):
            self._look(text, self.open[-1][0] if self.open else "")

    def _look(self, text: str, place: str) -> None:
        left = " ".join(text.split())
        if self.content:
            left = self.content.sub("", left)
        for pattern, _why in SAME:
            left = re.sub(pattern, "", left)
        if words := WORD.findall(left):
            self.found.append(f"{place}: {' '.join(words)[:140]}")


def written_by_people() -> list[str]:
    """Every text of the database that is not one of a field's choices, the longest first.

    Of Markdown its parts, and of a sentence that with its full stop and that without. A word in
    small letters is not among them, since it may be a code of ours.
    """
    texts = set[str]()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, WRITTEN) and not field.choices:
                for value in model._base_manager.values_list(field.attname, flat=True).distinct():
                    texts.update(_parts(value))
    return sorted(texts, key=len, reverse=True)


def _parts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _parts(each)
    elif isinstance(value, str):
        for line in [*value.splitlines(), *MARKDOWN.split(value)]:
            text = " ".join(line.split()).rstrip(".")
            if len(text) > 1 and not (text.isalpha() and text.islower()):
                yield text


@pytest.fixture
def site(db: None, keys: Path, settings: Any, tmp_path: Path) -> Site:
    settings.LEDGER, settings.COPIES = tmp_path / "ledger", tmp_path / "copies"
    settings.MAIL = "smtp://127.0.0.1:9"
    cache.clear()
    site = make_site()
    mapped_site.fill()
    publish_log()
    return site


def public_pages(site: Site) -> list[str]:
    """The addresses of pages for everybody, of an open dialogue, one with a map and one closed."""
    found = [address(route, site) for route in read_table() if not route.startswith(FOR_STAFF)]
    other = [path.replace("/d/harbour/", f"/d/{slug}/") for slug in ("town", "done", "fresh")
             for path in found if path.startswith("/d/harbour/")]  # fmt: skip
    return list(dict.fromkeys([*found, *other, "/no-such-page/"]))


def unmarked(site: Site) -> dict[str, list[str]]:
    """Words in no mark, by the address that they were first seen at."""
    content, seen, found = written_by_people(), set[str](), dict[str, list[str]]()
    visited = 0
    for role in ("anonymous", "participant"):
        client = Client(raise_request_exception=False)
        if role == "participant":
            carry(client, site.token)
        for path in public_pages(site):
            answer = client.get(f"/{CODE}{path}")
            if answer.streaming:
                answer.getvalue()  # reads the file to its end and closes it
                continue
            if "text/html" not in answer.get("Content-Type", ""):
                continue
            visited += 1
            words = Words(content)
            words.feed(answer.content.decode())
            new = [each for each in dict.fromkeys(words.found) if each not in seen]
            if new:
                found[f"{role} {path}"] = new
            seen |= set(new)
    assert visited > 100
    return found


def test_every_text_of_a_public_page_is_marked(site: Site, settings: Any, tmp_path: Path) -> None:
    offer(settings, write_language(tmp_path / "locale"))
    found = unmarked(site)
    assert found == {}, "\n".join(f"{path}\n   " + "\n   ".join(w) for path, w in found.items())


def test_a_text_that_is_not_marked_is_found(settings: Any, tmp_path: Path) -> None:
    """The control."""
    text = "Skip to the content"
    offer(settings, write_language(tmp_path / "locale", left_out=text))
    words = Words([])
    words.feed(Client().get(f"/{CODE}/").content.decode())
    assert words.found == [f"a: {text}"]


def test_the_language_keeps_fields_and_tags_and_is_longer(settings: Any, tmp_path: Path) -> None:
    text = "Hosted by <bdi>%(host)s</bdi>, 100%% {name} &amp; others."
    made = pseudo(text)
    assert KEPT.findall(made) == KEPT.findall(text)
    assert not WORD.search(KEPT.sub("", made))
    assert 1.3 < len(KEPT.sub("", made)) / len(KEPT.sub("", text)) < 1.7
    offer(settings, write_language(tmp_path / "locale"))
    with override(CODE):
        assert gettext("Skip to the content") == pseudo("Skip to the content")
