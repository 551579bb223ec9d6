"""Posters, cards to hand out and half a page for a newspaper, from the same facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import segno
import typst

from middleground.core.look.accent import BUILT_IN, TEXT_CONTRAST
from middleground.core.look.colours import contrast
from middleground.paper.form import PAPERS, Direction, Paper
from middleground.paper.printing.codes import drawn
from middleground.paper.printing.fonts import families
from middleground.paper.printing.typesetting import compiled, language_and_region
from middleground.paper.printing.words import breakable, printable

SOURCE = "poster.typ"
CARDS = 8  # on a page
# Half of a page of this paper, within its margins.
HALF_PAGES = {"letter": (190.0, 124.0), "a4": (180.0, 130.0)}
_PNG = b"\x89PNG\r\n\x1a\n"

_Kind = Literal["poster", "cards", "half-page"]


class LogoNotRead(Exception):
    """The logo is no picture, or names a file, of which none is read."""


@dataclass(frozen=True, slots=True)
class Poster:
    """What a poster says, in its language.

    ``title`` stands above the question and may be empty. ``call`` says in a sentence or two what to
    do; with more than 200 characters its letters become small on a card. ``link`` is what the QR
    code opens, ``address`` the same to be typed. ``notice``: such as that the dialogue is an
    example. ``logo`` is a PNG or an SVG. ``accent`` is "#rrggbb", the ground of the question, which
    is printed in white, or in black where white could not be read.
    """

    language: str
    direction: Direction
    paper: Paper
    title: str
    question: str
    call: str
    link: str
    address: str
    hosted_by: str
    notice: str = ""
    logo: bytes | None = None
    accent: str = BUILT_IN


def print_poster(poster: Poster) -> bytes:
    """A PDF of one page."""
    return _printed(poster, "poster", PAPERS[poster.paper])


def print_cards(poster: Poster) -> bytes:
    """A PDF of one page with eight cards, to be cut along the dashed lines."""
    return _printed(poster, "cards", PAPERS[poster.paper])


def print_half_page(poster: Poster) -> bytes:
    """A PDF as large as half a page, for the layout of a newspaper."""
    return _printed(poster, "half-page", HALF_PAGES[poster.paper])


def ink_on(ground: str) -> str:
    """White or black; on every colour one of them has the contrast that words need."""
    return "#ffffff" if contrast(ground, "#ffffff") >= TEXT_CONTRAST else "#000000"


def _printed(poster: Poster, kind: _Kind, size: tuple[float, float]) -> bytes:
    """Raises ``MissingFont`` and ``LogoNotRead``."""
    language, region = language_and_region(poster.language)
    facts: dict[str, Any] = {
        name: breakable(printable(getattr(poster, name)))
        for name in ("title", "question", "call", "hosted_by", "notice")
    }
    facts |= {
        "kind": kind,
        "address": "/\u200b".join(breakable(part, 40) for part in poster.address.split("/")),
        "width": size[0],
        "height": size[1],
        "direction": poster.direction,
        "lang": language,
        "region": region,
        "fonts": families(poster.language),
        "accent": poster.accent,
        "ink": ink_on(poster.accent),
        "code": drawn(segno.make(poster.link, error="m", micro=False)),
        "logo": list(poster.logo) if poster.logo else None,
        "logo_format": "png" if poster.logo and poster.logo.startswith(_PNG) else "svg",
    }
    try:
        return compiled(SOURCE, {"facts": facts})
    except typst.TypstError as trouble:
        if poster.logo is None:
            raise
        raise LogoNotRead(trouble.message) from trouble
