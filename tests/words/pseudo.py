"""A made-up language: every marked text with accents on all letters, longer, between ⟦ and ⟧.

In it whatever still has a letter without an accent was not marked for translation, or was written
by people. Its code is of those that are kept for private use.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf.locale import LANG_INFO
from django.utils import dates
from django.utils.translation import override

from support.house import ROOT

CODE = "qps"
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćđéƒǵĥíĵķĺɱńóṕɋŕśťúṽŵẋýžÁƁĆĐÉƑǴĤÍĴĶĹṀŃÓṔɊŔŚŤÚṼŴẊÝŽ",
)
# Fields, tags, entities and percent signs are not words.
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&#?\w+;)")
LONGER = 0.4


def pseudo(text: str) -> str:
    """The text in the made-up language, about 40% longer, with its fields and tags as they are."""
    parts = [part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in KEPT.split(text)]
    words = round(LONGER * len(KEPT.sub("", text)) / 5)
    return f"⟦{''.join(parts)}{' ōōōō' * words}⟧"


def marked_texts() -> Catalog:
    return _catalogues().marked_texts()


def write_language(folder: Path, left_out: str = "") -> Path:
    """Compile the language below the folder, without the text that is left out."""
    catalogue = Catalog(locale="eo", charset="utf-8")
    for message in marked_texts():
        if message.id and message.id != left_out:
            asked = message.id
            string: Any = tuple(map(pseudo, asked)) if isinstance(asked, tuple) else pseudo(asked)
            catalogue.add(asked, string, context=message.context)
    for context, names in _NAMES.items():
        with override("en"):
            for name in map(str, names):
                catalogue.add(name, name.translate(LETTERS), context=context or None)
    compiled = folder / CODE / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, catalogue)
    return folder


def offer(settings: Any, folder: Path) -> None:
    """Let a site offer English and this language only, until its settings are given back."""
    LANG_INFO[CODE] = {"bidi": False, "code": CODE, "name": "Pseudo", "name_local": "Ṕśéúđó"}
    settings.LANGUAGES = [("en", "English"), (CODE, "Ṕśéúđó")]
    settings.LOCALE_PATHS = [folder]


# Of Django itself, in which dates are written.
_NAMES: dict[str, list[Any]] = {
    "": [*dates.MONTHS.values(), *dates.MONTHS_3.values(), *dates.WEEKDAYS.values(),
         *dates.WEEKDAYS_ABBR.values()],
    "abbrev. month": [*dates.MONTHS_AP.values()],
    "alt. month": [*dates.MONTHS_ALT.values()],
}  # fmt: skip


def _catalogues() -> ModuleType:
    """The script behind `make messages`, which is no part of the package."""
    if "catalogues" not in sys.modules:
        path = ROOT / "scripts" / "catalogues.py"
        spec = importlib.util.spec_from_file_location("catalogues", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["catalogues"] = module  # its dataclasses look for it there
        spec.loader.exec_module(module)
    return sys.modules["catalogues"]
