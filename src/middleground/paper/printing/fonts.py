"""Fonts: Noto Sans, which is installed with this package, and those of the machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import typst
from fontTools.ttLib import TTFont

CORE, CJK = "fonts-noto-core", "fonts-noto-cjk"
# Languages that Noto Sans does not have: fonts in the order of preference, the Debian package that
# brings the first, and letters that the language needs.
_OTHERS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "zh-hans": (("Noto Sans CJK SC",), CJK, "同意不过这张选票"),
    "ko": (("Noto Sans CJK KR",), CJK, "찬성반대모름"),
    "hy": (("Noto Sans Armenian", "DejaVu Sans"), CORE, "Համաձայնեմոչև"),
    "fa": (("Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans"), CORE, "موافقپگچژیک"),
    "ar": (("Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans"), CORE, "أوافقيةىؤئ"),
}
_ANY = ("Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Symbols2", "DejaVu Sans")
_UNSEEN = {"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"}  # need no letter of their own


class MissingFont(Exception):
    """Words would be printed as empty boxes. ``package`` brings a font for them on Debian.

    ``statement`` is the number of the one that cannot be printed, if it is one.
    """

    def __init__(self, letters: str, package: str, statement: int | None = None) -> None:
        where = "" if statement is None else f" in statement {statement}"
        some = letters if len(letters) <= 10 else f"{letters[:10]} …"
        super().__init__(
            f"This machine has no font for {some}{where}. On Debian: apt-get install {package}"
        )
        self.letters = letters
        self.package = package
        self.statement = statement


@cache
def installed() -> typst.Fonts:
    """All fonts, looked for once: they change only while a server is being set up."""
    return typst.Fonts(True, True, [str(files("fontpkg_noto_sans") / "files")])


def families(language: str) -> list[str]:
    """Families for a text in this language, the best first."""
    own = _OTHERS[language][0] if language in _OTHERS else ()
    rest = [name for names, _, _ in _OTHERS.values() for name in names]
    have = set(installed().families())
    wanted = dict.fromkeys(["Noto Sans", *own, *rest, *_ANY])
    return [name for name in wanted if name in have]


def missing_font(language: str) -> str | None:
    """The Debian package to install before this language can be printed; None if all is there."""
    if language not in _OTHERS:
        return None
    _, package, letters = _OTHERS[language]
    return package if missing_letters(letters) else None


def missing_letters(text: str) -> frozenset[str]:
    """The letters of a text that no font on this machine has."""
    missing = {each for each in text if unicodedata.category(each) not in _UNSEEN}
    for font in _in_order():
        if not missing:
            break
        missing -= _letters_of(*font)
    return frozenset(missing)


def package_for(letters: Iterable[str]) -> str:
    """The Debian package that brings fonts for these letters."""
    wide = all(unicodedata.east_asian_width(each) in ("W", "F") for each in letters)
    return CJK if wide else CORE


@cache
def _in_order() -> list[tuple[str, int]]:
    """File and place in it of each upright font, those that texts are set in first."""
    preferred = families("en")
    rank = {name: place for place, name in enumerate(preferred)}
    found = sorted(
        (rank.get(font.family, len(rank)), font.path, font.index)
        for font in installed().fonts()
        if font.path and font.style == "normal" and font.weight == 400
    )
    return [(path, index) for _, path, index in found]


@cache
def _letters_of(path: str, index: int) -> frozenset[str]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))
