"""What can be seen on a printed page, found in its picture by others' readers."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
import zxingcpp

from middleground.paper.layout import Area, Bubble, Page

DPI = 150


@dataclass(frozen=True)
class Seen:
    """Positions in mm from the upper left corner: of markers' four corners, and of the code's."""

    markers: dict[int, np.ndarray]
    code: np.ndarray
    text: str


def pages_of(pdf: bytes, dpi: int = DPI) -> list[np.ndarray]:
    """Each page as grey levels."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            cv2.cvtColor(page.render(scale=dpi / 72).to_numpy(), cv2.COLOR_BGR2GRAY)
            for page in document
        ]


def pixels_per_mm(picture: np.ndarray, page: Page) -> np.ndarray:
    """Across and down: a page is not a whole number of pixels, and its picture is."""
    return np.array([picture.shape[1] / page.width, picture.shape[0] / page.height])


def text_of(pdf: bytes) -> list[str]:
    """The words of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def seen(picture: np.ndarray, page: Page) -> Seen:
    mm = pixels_per_mm(picture, page)
    words = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, marks, _ = cv2.aruco.ArucoDetector(words).detectMarkers(picture)
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    place = code.position
    ends = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
    return Seen(
        # A pixel's centre is half a pixel from its corner.
        markers={
            int(mark): (found[0] + 0.5) / mm
            for found, mark in zip(corners, marks.ravel(), strict=True)
        },
        code=np.array([(end.x + 0.5, end.y + 0.5) for end in ends]) / mm,
        text=code.text,
    )


def corners_of(area: Area) -> np.ndarray:
    """Clockwise from the upper left."""
    right, lower = area.x + area.width, area.y + area.height
    return np.array([(area.x, area.y), (right, area.y), (right, lower), (area.x, lower)])


def ring_at(picture: np.ndarray, page: Page, bubble: Bubble) -> tuple[float, float]:
    """The share of dark pixels on the circle's line, and within it."""
    mm, radius = pixels_per_mm(picture, page), page.radius
    rows, columns = np.indices(picture.shape)
    away = np.hypot((columns + 0.5) / mm[0] - bubble.x, (rows + 0.5) / mm[1] - bubble.y)
    line = np.abs(away - radius) < 0.1
    return float((picture[line] < 200).mean()), float((picture[away < radius - 0.4] < 160).mean())
