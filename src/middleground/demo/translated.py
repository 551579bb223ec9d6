"""Translations of an example dialogue, read from the TOML files in ``translations/``.

A file gives each original statement beside its translation, so that a reader can compare both.
Nobody who grew up with these languages has read them yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class ExampleTranslation:
    """An example dialogue in another language; ``statements`` by their original words."""

    language: str
    question: str
    background: str
    promise: str
    statements: Mapping[str, str]


def read_translation(language: str, text: str) -> ExampleTranslation:
    """Read a translation from TOML; an unknown or missing key is an error."""
    data = tomllib.loads(text)
    pairs = data.pop("statement")
    statements = {pair["of"]: pair["says"] for pair in pairs}
    for name in ("background", "promise"):
        data[name] = data[name].strip() + "\n"
    return ExampleTranslation(language, statements=statements, **data)


def translations_of(slug: str) -> list[ExampleTranslation]:
    """All translations of the example dialogue with this slug."""
    folder = resources.files("middleground.demo") / "translations"
    files = sorted(each.name for each in folder.iterdir() if each.name.startswith(f"{slug}."))
    return [
        read_translation(name.split(".")[1], (folder / name).read_text("utf-8")) for name in files
    ]
