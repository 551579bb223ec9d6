"""Which language is meant: the one in the address, or else the best one for the browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import get_language

from middleground.core.languages.offered import LANGUAGES, NoSuchLanguage, offered
from middleground.core.languages.reader import (
    ReaderLanguage,
    first_language,
    language_spoken,
    reader_language,
    split_address,
    without_language,
)
from middleground.core.site_files.canonical import absolute, absolute_in
from middleground.dialogues.models import Dialogue, Statement


@pytest.fixture(autouse=True)
def _three_languages(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("es", "Español"), ("zh-hans", "简体中文")]


@pytest.mark.parametrize(
    ("path", "language", "page"),
    [
        ("/", "", "/"),
        ("/d/harbour/", "", "/d/harbour/"),
        ("/es/", "es", "/"),
        ("/es", "es", "/"),
        ("/es/d/harbour/", "es", "/d/harbour/"),
        ("/zh-hans/d/harbour/", "zh-hans", "/d/harbour/"),
        ("/es/es/", "es", "/es/"),
        ("/fr/d/harbour/", "", "/fr/d/harbour/"),  # not a language of this site
        ("/ES/", "", "/ES/"),
        ("/d/es/", "", "/d/es/"),
        ("//es/", "", "//es/"),
        ("", "", ""),
    ],
)
def test_an_address_may_begin_with_a_language(path: str, language: str, page: str) -> None:
    assert split_address(path) == (language, page)
    assert without_language(path) == page


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.1", "es"),
        ("zh-CN", "zh-hans"),
        ("fr, es;q=0.5", "es"),
        ("fr", "en"),
        ("*", "en"),
        ("x" * 5_000, "en"),
        ("\x00;;q=ä,", "en"),
    ],
)
def test_without_one_the_browser_decides(accepted: str, code: str) -> None:
    assert reader_language("/", accepted) == ReaderLanguage(code, in_address=False)
    assert reader_language("/es/d/harbour/", accepted) == ReaderLanguage("es", in_address=True)


def test_links_keep_the_language_only_where_the_address_named_it() -> None:
    for reader, address in (
        (ReaderLanguage("es", in_address=True), "/es/d/harbour/"),
        (ReaderLanguage("es"), "/d/harbour/"),
    ):
        with reader.spoken():
            assert (get_language(), reverse("dialogue", args=["harbour"])) == ("es", address)
            assert language_spoken() == reader
            with first_language().spoken():
                assert (get_language(), reverse("dialogues")) == ("en", "/")
            assert language_spoken() == reader
    assert reverse("dialogue", args=["harbour"]) == "/d/harbour/"


@pytest.mark.parametrize("first", ["es", "ar"])
def test_the_address_of_a_statement_is_not_that_of_whoever_asked_first(first: str) -> None:
    statement = Statement(dialogue=Dialogue(slug=f"asked-in-{first}"), number=3)
    with ReaderLanguage(first, in_address=True).spoken():
        assert statement.get_absolute_url() == f"/{first}/d/asked-in-{first}/s/3/"
    assert statement.get_absolute_url() == f"/d/asked-in-{first}/s/3/"
    with ReaderLanguage("en", in_address=True).spoken():
        assert statement.get_absolute_url() == f"/en/d/asked-in-{first}/s/3/"


def test_what_is_cited_names_no_language(settings: Any) -> None:
    with ReaderLanguage("es", in_address=True).spoken():
        path = reverse("dialogue", args=["harbour"])
    assert absolute(path) == f"{settings.ORIGIN}/d/harbour/"
    assert absolute_in(path) == f"{settings.ORIGIN}/es/d/harbour/"


@pytest.mark.parametrize("path", ["/desk/", "/accounts/login/", "/admin/"])
def test_pages_of_staff_are_in_the_languages_of_staff(path: str) -> None:
    assert reader_language(path, "es") == ReaderLanguage("es")
    assert reader_language(f"/es{path}", "en") == ReaderLanguage("es", in_address=True)
    assert reader_language(path, "zh-CN") == ReaderLanguage("en")
    assert reader_language(f"/zh-hans{path}", "") == ReaderLanguage("en")
    assert reader_language(f"/zh-hans{path}", "es") == ReaderLanguage("es")


@pytest.mark.parametrize("accepted", ["tl", "fil", "fil-PH,en;q=0.5", "tl-PH"])
def test_tagalog_goes_by_two_names(accepted: str, settings: Any) -> None:
    settings.LANGUAGES = offered("")
    assert reader_language("/", accepted) == ReaderLanguage("tl")


def test_a_host_offers_the_languages_it_trusts() -> None:
    assert [code for code, _ in offered("")] == list(LANGUAGES)
    assert [code for code, _ in offered("ko, ES")] == ["en", "es", "ko"]
    with pytest.raises(NoSuchLanguage, match="no translation for fr; there are en, es"):
        offered("fr,es")
