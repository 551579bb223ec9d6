"""Read one page: find it, lay it flat, measure its bubbles, decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from middleground.paper.layout import Page, Row
from middleground.paper.sheet_code import SheetCode

from .arrays import Grey
from .finding.codes import FoundCode, find_codes
from .finding.light import evened, sharpest
from .finding.markers import find_markers
from .finding.placement import place
from .finding.straight import StraightPage, straighten
from .marks.bubbles import measure_row
from .marks.own_words import OwnWords, read_own_words
from .marks.rows import RowReading, decide
from .trouble import PageTrouble, Refusal

_SMALL = 700  # pixels of the longer side; a whole page is too coarse then
_DARK = 40  # what nine tenths of the picture are darker than
_FLAT = 0.6  # printed black as bright as this share of the paper is grey mist
_CLEAR = 0.3  # how clearly half of the circles must be seen; else thin strokes are not seen either
_SHARP = 0.17  # how steep edges are, at least, in a picture that is not blurred
_PRINTED = 0.0005  # share of a page that is dark if anything is printed on it


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a page says."""

    code: SheetCode
    rows: tuple[RowReading, ...]
    own: OwnWords | None


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """Why a page says nothing. ``code`` is what its QR code says, if that was read."""

    trouble: PageTrouble
    code: SheetCode | None = None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that was found in a picture and laid flat."""

    code: SheetCode
    page: Page
    straight: StraightPage


def read_page(
    grey: Grey, layout_of: Callable[[SheetCode], Page | Refusal], *, every_picture: bool = False
) -> PageReading | UnreadablePage:
    """Read a picture of a page. ``layout_of`` knows the forms that were printed.

    A row has its picture if a person has to look at it, or with ``every_picture``.
    """
    found = find_page(grey, layout_of)
    if isinstance(found, UnreadablePage):
        return found
    page, straight = found.page, found.straight
    measured = [measure_row(straight, page, row) for row in page.rows]
    circles = [bubble.circle for row in measured for bubble in row]
    if circles and np.median(circles) < _CLEAR:
        # On a sharp picture they are elsewhere: the paper is bent, torn or cut.
        trouble: PageTrouble = "too_blurred" if sharpest(grey) < _SHARP else "not_flat"
        return UnreadablePage(trouble, found.code)
    rows = [
        decide(row, bubbles, has_greys=straight.has_greys)
        for row, bubbles in zip(page.rows, measured, strict=True)
    ]
    own = read_own_words(straight, page.own) if page.own else None
    return PageReading(found.code, _with_pictures(page.rows, rows, straight, every_picture), own)


def find_page(
    grey: Grey, layout_of: Callable[[SheetCode], Page | Refusal]
) -> FoundPage | UnreadablePage:
    """Find the page in the picture by its code and markers, and lay it flat."""
    found = _only_code(grey)
    if not isinstance(found, tuple):
        return UnreadablePage(found)
    code, corners = found[0], found[1].corners
    page = layout_of(code)
    if not isinstance(page, Page):
        return UnreadablePage(page, code)
    placement = place(page, corners, find_markers(grey))
    if isinstance(placement, str):
        return UnreadablePage(placement, code)
    straight = straighten(grey, page, placement)
    if straight.black > _FLAT:
        return UnreadablePage("too_dark", code)
    return FoundPage(code, page, straight)


def _with_pictures(
    rows: tuple[Row, ...], readings: list[RowReading], straight: StraightPage, every: bool
) -> tuple[RowReading, ...]:
    return tuple(
        replace(reading, picture=straight.picture(row.box)) if every or reading.trouble else reading
        for row, reading in zip(rows, readings, strict=True)
    )


def _only_code(grey: Grey) -> tuple[SheetCode, FoundCode] | PageTrouble:
    found = find_codes(grey)
    ours = [(each.sheet, each) for each in found if each.sheet]
    if len(ours) == 1:
        return ours[0]
    if ours:
        return "several_sheets"
    return "not_our_code" if found else _why_no_code(grey)


def _why_no_code(grey: Grey) -> PageTrouble:
    if max(grey.shape) < _SMALL:
        return "too_small"
    if np.percentile(grey, 90) < _DARK:
        return "too_dark"
    if (evened(grey) < 128).mean() < _PRINTED:
        return "empty_page"
    return "no_code" if sharpest(grey) >= _SHARP else "too_blurred"
