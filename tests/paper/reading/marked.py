"""Printed forms with marks, and what scanners and cameras make of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import cv2
import numpy as np

from middleground.paper.form import Form
from middleground.paper.layout import Bubble, Layout, Page
from middleground.paper.printing import lay_out, print_sheets
from middleground.paper.reading.arrays import Grey
from middleground.paper.reading.page_reading import PageReading, UnreadablePage, read_page
from middleground.paper.sheet_code import SheetCode
from paper.samples import SHEET, a_form
from paper.seen import pages_of

DPI = 200
MM = DPI / 25.4
FORM = a_form()


@cache
def layout_of_form(form: Form = FORM) -> Layout:
    return lay_out(form)


@cache
def printed(form: Form = FORM, sheet: str = SHEET) -> tuple[Grey, ...]:
    """The pages of a sheet."""
    return tuple(pages_of(print_sheets(form, [sheet]), DPI))


def read(grey: Grey, form: Form = FORM, **how: bool) -> PageReading | UnreadablePage:
    """As somebody who knows this form only."""

    def layout_of(code: SheetCode) -> Page:
        assert code.digest == form.mark
        return layout_of_form(form).pages[code.page - 1]

    return read_page(grey, layout_of, **how)


def answers(reading: PageReading | UnreadablePage) -> dict[int, str]:
    """Statement → answer, "blank" or why a person has to look."""
    assert isinstance(reading, PageReading), reading
    return {row.statement: row.trouble or row.answer or "blank" for row in reading.rows}


Mark = Callable[[Grey, float, float, float], None]  # a picture, a middle in mm, a radius in mm


def line(grey: Grey, points: list[tuple[float, float]], wide: float, shade: int = 60) -> None:
    """From point to point, in mm."""
    at = np.rint(np.array(points) * MM * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(grey, [at], False, shade, max(1, round(wide * MM)), cv2.LINE_AA, 4)


def fill(shade: int = 60, size: float = 0.9) -> Mark:
    """To and fro with a pen."""

    def mark(grey: Grey, x: float, y: float, radius: float) -> None:
        down = np.arange(-radius * size, radius * size, 0.5)
        half = np.sqrt(np.maximum((radius * size) ** 2 - down**2, 0))
        side = np.where(np.arange(len(down)) % 2, 1, -1)
        line(grey, list(zip(x + half * side, y + down, strict=True)), 0.5, shade)

    return mark


def cross(shade: int = 60, size: float = 0.9, wide: float = 0.4, away: float = 0) -> Mark:
    def mark(grey: Grey, x: float, y: float, radius: float) -> None:
        x, by = x + away, radius * size * 0.7
        line(grey, [(x - by, y - by), (x + by, y + by)], wide, shade)
        line(grey, [(x - by, y + by), (x + by, y - by)], wide, shade)

    return mark


def tick(shade: int = 60) -> Mark:
    """Its end lies far outside."""

    def mark(grey: Grey, x: float, y: float, radius: float) -> None:
        corner = (x - 0.2 * radius, y + 0.5 * radius)
        end = (x + 1.5 * radius, y - 1.5 * radius)
        line(grey, [(x - 0.8 * radius, y - 0.2 * radius), corner, end], 0.4, shade)

    return mark


def dot(wide: float = 1.1) -> Mark:
    """The pen came to rest."""
    return lambda grey, x, y, _: line(grey, [(x, y), (x + 0.1, y)], wide)


def shade(share: float) -> Mark:
    """Even grey, as an eraser leaves it."""

    def mark(grey: Grey, x: float, y: float, radius: float) -> None:
        away = np.hypot(*np.ogrid[-y * MM : len(grey) - y * MM, -x * MM : grey.shape[1] - x * MM])
        grey[away < radius * MM] = grey[away < radius * MM] * (1 - share)

    return mark


def with_marks(
    marks: Mapping[int, Mapping[str, Mark]], form: Form = FORM, page: int = 1, sheet: str = SHEET
) -> Grey:
    """A page on which statements' rows have marks in bubbles: statement → answer → mark."""
    grey = printed(form, sheet)[page - 1].copy()
    layout = layout_of_form(form).pages[page - 1]
    for row in layout.rows:
        for bubble in row.bubbles:
            if mark := marks.get(row.statement, {}).get(bubble.answer):
                mark(grey, bubble.x, bubble.y, layout.radius)
    return grey


def turns(form: Form = FORM, page: int = 1) -> dict[int, str]:
    """An answer for each statement: agree, disagree, pass, blank, agree …"""
    rows = layout_of_form(form).pages[page - 1].rows
    said = ("agree", "disagree", "pass", "blank")
    return {row.statement: said[index % 4] for index, row in enumerate(rows)}


def marked(mark: Mark | None = None, form: Form = FORM, page: int = 1) -> Grey:
    """A page marked as ``turns`` says."""
    made = mark or fill()
    return with_marks({row: {said: made} for row, said in turns(form, page).items()}, form, page)


def bubble_of(statement: int, answer: str, form: Form = FORM) -> Bubble:
    rows = [row for page in layout_of_form(form).pages for row in page.rows]
    (row,) = (row for row in rows if row.statement == statement)
    (bubble,) = (bubble for bubble in row.bubbles if bubble.answer == answer)
    return bubble


def photographed(grey: Grey, bend: float = 0) -> Grey:
    """On a dark table, turned, from a low angle, with 7 megapixels; ``bend``: mm that it curls."""
    high, wide = grey.shape
    corners = np.array(((420, 310), (1950, 470), (2180, 2700), (210, 2480)), np.float32)
    page = np.array(((0, 0), (wide, 0), (wide, high), (0, high)), np.float32)
    back = cv2.getPerspectiveTransform(corners, page)
    across, down = np.meshgrid(np.arange(2300), np.arange(3000))
    on_page = cv2.perspectiveTransform(np.dstack((across, down)).astype(np.float32), back)
    x, y = on_page[..., 0], on_page[..., 1]
    y = y + bend * MM * np.sin(np.pi * np.clip(x / wide, 0, 1)).astype(np.float32)
    return np.asarray(cv2.remap(grey, x, y, cv2.INTER_AREA, borderValue=50), np.uint8)


def shadowed(grey: Grey, darkest: float = 0.45, soft: float = 60) -> Grey:
    """A shadow over the lower right, its edge so many pixels wide; to the left light fades."""
    high, wide = grey.shape
    down, across = np.mgrid[:high, :wide]
    light = 0.75 + 0.25 * across / wide
    behind = (down / high + across / wide - 1.1) * high
    light *= 1 - (1 - darkest) / (1 + np.exp(-np.clip(behind / soft * 4, -30, 30)))
    return np.asarray(grey * light, np.uint8)


def noisy(grey: Grey, sigma: float, seed: int = 3) -> Grey:
    noise = np.random.default_rng(seed).normal(0, sigma, grey.shape)
    return np.asarray(np.clip(grey + noise, 0, 255), np.uint8)


def covered(grey: Grey, marks: set[int], page: Page) -> Grey:
    """A grey cup over each of the markers with these numbers."""
    out = grey.copy()
    for marker in page.markers:
        if marker.mark in marks:
            middle = (marker.box.x + marker.box.width / 2, marker.box.y + marker.box.height / 2)
            cv2.circle(out, (round(middle[0] * MM), round(middle[1] * MM)), round(6 * MM), 140, -1)
    return out
