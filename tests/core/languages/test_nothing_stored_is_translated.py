"""What is stored, logged, signed or exported is the same whoever causes it, in whatever language.

Every translation is marked here, so that a search finds each that gets into a row or a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import get_language, gettext

from addresses.walking import make_site
from middleground.core.languages.reader import ReaderLanguage, first_language
from middleground.dialogues.models import Dialogue
from middleground.publiclog.publisher import publish_log
from support.kept_pages import CHANGES, Site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite,
    pytest.mark.usefixtures("keys", "marked"),
]
MARK = "⟦"
ARABIC = ReaderLanguage("ar")
# Files of a dialogue, a log or the site that are compared, cited or read by programs.
FILES = [
    "/robots.txt", "/sitemap.xml", "/.well-known/security.txt",
    "/d/old/results/statements.csv", "/d/old/results/map.json", "/d/old/results/data-card.md",
    "/d/old/results/statements.parquet", "/d/harbour/results/topics.csv",
    "/d/harbour/moderation/moderation.csv", "/d/old/moderation/moderation.csv",
    "/ledger/checkpoint",
]  # fmt: skip
OF_ANSWERS = [
    "/d/harbour/answers/answers.json", "/d/harbour/answers/rules.json",
    "/d/harbour/commitments/commitments.json", "/d/harbour/sources/evidence.json",
]  # fmt: skip


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts in any language but the first one are marked."""

    def marking(function: Any) -> Any:
        def translate(*words: Any) -> str:
            said = function(*words)
            return said if get_language() == first_language().code else f"{MARK}{said}"

        return translate

    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        function = getattr(translation, name)  # which asks ``_trans``
        monkeypatch.setattr(translation._trans, name, marking(getattr(translation._trans, name)))
        assert function is getattr(translation, name)


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.LEDGER, settings.SEALED = tmp_path / "ledger", tmp_path / "sealed"
    settings.COPIES = tmp_path / "copies"
    settings.MAIL = "smtp://127.0.0.1:9"  # a server that is away
    settings.SECURITY_CONTACT = "mailto:safe@example.org"
    cache.clear()
    return tmp_path


def marked_rows() -> Iterator[str]:
    """Columns in which a translated text stands."""
    for model in apps.get_models():
        for row in model._base_manager.values():
            for column, value in row.items():
                words = bytes(value) if isinstance(value, (bytes, memoryview)) else str(value)
                found = MARK.encode() in words if isinstance(words, bytes) else MARK in words
                if found:
                    yield f"{model._meta.db_table}.{column}: {value!r}"


def marked_files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and is_marked(path.read_bytes()):
            yield path.name


def is_marked(content: bytes) -> bool:
    return MARK.encode() in content or json.dumps(MARK)[1:-1].encode() in content


def test_the_search_finds_translated_texts(folders: Path) -> None:
    with ARABIC.spoken():
        question = gettext("Dialogues")
    assert question.startswith(MARK)
    Dialogue.objects.create(slug="harbour", question=question)
    assert [each.partition(":")[0] for each in marked_rows()] == ["dialogues_dialogue.question"]
    (folders / "entry").write_text(json.dumps(question))
    assert list(marked_files(folders)) == ["entry"]


def test_what_people_and_staff_do_in_arabic_is_stored_without_words_of_ours(
    folders: Path, client: Client
) -> None:
    with ARABIC.spoken():
        site = Site()
        for name, change in CHANGES.items():
            if name != "somebody writes SQL":
                change(site)
        publish_log()
    assert list(marked_rows()) == []
    assert list(marked_files(folders)) == []
    assert (folders / "ledger/checkpoint").is_file()
    assert_same_in_arabic(client, FILES)


def test_what_bodies_answer_in_arabic_is_stored_without_words_of_ours(
    folders: Path, client: Client
) -> None:
    with ARABIC.spoken():
        make_site()
        publish_log()
    assert list(marked_rows()) == []
    assert list(marked_files(folders)) == []
    assert_same_in_arabic(client, OF_ANSWERS)


def assert_same_in_arabic(client: Client, files: list[str]) -> None:
    for address in files:
        english = content_of(client, address, "en")
        for asked in (address, f"/ar{address}"):
            assert (asked, content_of(client, asked, "ar")) == (
                address if asked == address else asked,
                english,
            )
        assert not is_marked(english), address
    page = client.get("/d/harbour/", HTTP_ACCEPT_LANGUAGE="ar")  # the control
    assert is_marked(page.content)


def content_of(client: Client, address: str, language: str) -> bytes:
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, address
    assert answer["Content-Language"] == "en", address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
