"""Find QR codes in a picture, whichever way up, also where light is poor or the picture is soft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from middleground.paper.reading.arrays import Grey, Points
from middleground.paper.sheet_code import SheetCode

from .light import evened


@dataclass(frozen=True, slots=True)
class FoundCode:
    """``sheet`` is what the text says, None if it is not the code of a form.

    ``corners``: 4 × 2 pixels, from the code's own upper left corner on, with the clock.
    """

    text: str
    sheet: SheetCode | None
    corners: Points


def find_codes(grey: Grey) -> list[FoundCode]:
    """The codes of the first attempt that finds one of a form, else of all; they become dearer."""
    others: list[FoundCode] = []
    for picture, scale, left, top in _attempts(grey):
        found = _codes_in(picture, scale, np.array((left, top), np.float64))
        if any(each.sheet for each in found):
            return found
        others += found
    return others


def _codes_in(grey: Grey, scale: float, shift: Points) -> list[FoundCode]:
    kinds = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [
        FoundCode(each.text, SheetCode.parse(each.text), _corners(each) / scale + shift)
        for each in zxingcpp.read_barcodes(grey, formats=kinds, try_invert=False)
    ]


def _attempts(grey: Grey) -> Iterator[tuple[Grey, float, int, int]]:
    """Pictures to search, each with its scale and where its upper left corner lies in ``grey``."""
    yield grey, 1, 0, 0
    even = evened(grey)
    yield even, 1, 0, 0
    yield _resized(even, 0.5), 0.5, 0, 0  # takes away noise
    for left, top, part in _parts(even):
        larger = _resized(part, 2)
        yield larger, 2, left, top
        yield _sharpened(larger), 2, left, top


def _parts(grey: Grey) -> Iterator[tuple[int, int, Grey]]:
    """Four parts that overlap, so that one has any code whole."""
    height, width = grey.shape
    for top in (0, height * 2 // 5):
        for left in (0, width * 2 // 5):
            bottom, right = top + height * 3 // 5, left + width * 3 // 5
            yield left, top, grey[top:bottom, left:right]


def _resized(grey: Grey, scale: float) -> Grey:
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _sharpened(grey: Grey) -> Grey:
    soft = cv2.GaussianBlur(grey, (0, 0), 3)
    return np.asarray(cv2.addWeighted(grey, 2.5, soft, -1.5, 0), np.uint8)


def _corners(code: zxingcpp.Barcode) -> Points:
    at = code.position
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], np.float64)
