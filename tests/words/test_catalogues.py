"""The translations are complete, fit their originals, and are the ones that docs tell of."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

from middleground.core.languages.offered import FIRST, LANGUAGES, STAFF_LANGUAGES
from support.house import ROOT


def _load() -> ModuleType:
    """The script behind `make messages`, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts" / "catalogues.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogues"] = module  # its dataclasses look for it there
    spec.loader.exec_module(module)
    return module


catalogues = _load()
LOCALES = [path.parent.parent.name for path in catalogues.catalogue_files()]


@pytest.fixture(scope="module")
def marked() -> object:
    return catalogues.marked_texts()


def path_of(locale: str) -> Path:
    return ROOT / "src" / "middleground" / "locale" / locale / "LC_MESSAGES" / "django.po"


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    assert {locale.lower().replace("_", "-") for locale in LOCALES} == set(LANGUAGES) - {FIRST}
    assert set(catalogues.STAFF_LOCALES) == set(STAFF_LANGUAGES) - {FIRST}


@pytest.mark.parametrize("locale", LOCALES)
def test_readers_meet_no_text_that_is_not_translated(locale: str, marked: object) -> None:
    gaps = [f"{gap.text[:90]}: {gap.why}" for gap in catalogues.gaps(path_of(locale), marked)]
    assert gaps == [], "run `make messages` and fill in what it names"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_holds_what_the_source_marks_and_nothing_else(
    locale: str, marked: object
) -> None:
    def keys(catalogue: object) -> set[tuple[object, object]]:
        return {(each.id, each.context) for each in catalogue if each.id}  # type: ignore[attr-defined]

    assert keys(catalogues.read(path_of(locale))) == keys(marked), "run `make messages`"


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda _entry: "", "is not translated"),
        (lambda entry: entry.replace("%(name)s", ""), "has other fields than name"),
        (lambda entry: entry.replace("%(name)s", "%(nombre)s"), "has other fields than name"),
        (lambda entry: f"<b>{entry}</b>", "has other tags"),
        (None, "is marked as fuzzy"),
    ],
)
def test_what_is_missing_or_wrong_is_found(
    damage: object, why: str, marked: object, tmp_path: Path
) -> None:
    text = path_of("es").read_text()
    original = 'msgid "%(name)s no longer exists. Choose another."\nmsgstr "'
    before, _, rest = text.partition(original)
    translation, _, after = rest.partition('"\n')
    assert translation
    if callable(damage):
        text = f'{before}{original}{damage(translation)}"\n{after}'
    else:
        text = f"{before}#, fuzzy\n{original}{rest}"
    damaged = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    damaged.parent.mkdir(parents=True)
    damaged.write_text(text)
    untouched = {gap.text for gap in catalogues.gaps(path_of("es"), marked)}
    found = [gap for gap in catalogues.gaps(damaged, marked) if gap.text not in untouched]
    assert [gap.text for gap in found] == ["%(name)s no longer exists. Choose another."]
    assert found[0].why.startswith(why)


@pytest.mark.parametrize(
    ("original", "right", "wrong", "why"),
    [
        ("%(n)s of 90%% agree", "%(n)s: 90 %% sí", "%(n)s: 90 % sí", "has a per-cent sign"),
        ("%(n)s of 90%% agree", "%(n)s: 90 %%", "%(n)s: 90 %", "has a per-cent sign"),
        ("90%% certain", "90 %% seguro", "90 % seguro", "has a per-cent sign"),
        ("%(name)s agrees", "sí: %(name)s", "sí: %(name)d", "cannot be filled in"),
        ("{n}% agree", "{n} % sí", "{n} % {sí", "cannot be filled in"),
        ("{n}% agree", "sí: {n}%", "sí: {n.x}{n}%", "cannot be filled in"),
        ("{n}% agree", "sí: {n}%", "sí: {n:d}{n}%", "cannot be filled in"),
        ("90% certain", "90 % seguro", "90 %% seguro", "has other per-cent signs"),
        ("half agree", "la mitad", "el 50 % sí", "has other per-cent signs"),
    ],
)
def test_a_translation_into_which_no_value_can_be_put_is_found(
    original: str, right: str, wrong: str, why: str
) -> None:
    def trouble(text: str) -> str:
        message = Message(original, locations=[("a.py", 1)])
        return str(catalogues._trouble(message, Message(original, text), 2))

    assert trouble(right) == ""
    assert trouble(wrong).startswith(why)


def test_a_release_is_not_built_while_a_translation_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    catalogues.refuse_gaps()
    damaged = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    damaged.parent.mkdir(parents=True)
    text = path_of("ko").read_text()
    entry = re.compile(r'^(msgid "Skip to the content"\nmsgstr ").*"$', re.MULTILINE)
    damaged.write_text(entry.sub(r'\1"', text))
    monkeypatch.setattr(catalogues, "catalogue_files", lambda: [damaged])
    with pytest.raises(ValueError, match=r"1 translations are missing or wrong .*Skip to the"):
        catalogues.refuse_gaps()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_says_that_it_waits_for_a_native_reader_and_has_a_glossary(locale: str) -> None:
    said = catalogues.glossary(path_of(locale))
    assert [word for word in catalogues.WORDS if not said.get(word)] == []
    assert "It waits for a native reader." in path_of(locale).read_text().splitlines()[0]


def test_the_page_for_hosts_has_the_glossaries() -> None:
    assert catalogues.PAGE.read_text() == catalogues.page_with_glossary(), "run `make messages`"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogues_are_those_of_this_source(locale: str) -> None:
    path = path_of(locale)
    assert path.with_suffix(".mo").read_bytes() == catalogues.compiled(path), "scripts/install dev"
