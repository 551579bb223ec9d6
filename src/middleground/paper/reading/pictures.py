"""Files with scans or photographs as pictures in shades of grey, one page at a time.

A file comes from anywhere, so its size is known before it is decoded, and what is wrong with it is
said with the file's name and page. Files of strangers are read in a process with limits.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Literal

import cv2
import numpy as np
from PIL import Image, ImageOps

from .arrays import Grey
from .pdf_pages import pages_of_pdf
from .trouble import FileTrouble

PIXELS = 64_000_000  # A4 at 600 dots an inch has 35 million, a photograph of a telephone up to 50
PAGES = 1_000
# A letter page at 200 dots an inch has 2,200; a photograph shows more than the page.
LONG_SIDE = 3_200
_KINDS: dict[bytes, Literal["pdf", "picture", "heic"]] = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
}
# All that Pillow's readers raise.
_BROKEN = (
    OSError,
    SyntaxError,
    ArithmeticError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as it was scanned or photographed. ``page`` counts from 1 in the file."""

    file: str
    page: int
    grey: Grey


@dataclass(frozen=True, slots=True)
class BrokenPage:
    """A page, or from it on the rest of a file, that gives no picture, and why."""

    file: str
    page: int
    trouble: FileTrouble


def scanned_pages(file: str, source: bytes | Path) -> Iterator[ScannedPage | BrokenPage]:
    """Each page of a PNG, JPEG, TIFF or PDF file; ``file`` is its name, for messages.

    One page is in memory at a time. Pages after a broken one follow where the file allows it.
    """
    pages = _pages(source)
    for number, page in enumerate(pages, 1):
        if isinstance(page, np.ndarray):
            yield ScannedPage(file, number, page)
        else:
            yield BrokenPage(file, number, page)
        if number == PAGES and next(pages, None) is not None:
            yield BrokenPage(file, number + 1, "too_many_pages")
            return


def _pages(source: bytes | Path) -> Iterator[Grey | FileTrouble]:
    head = _head(source)
    kind = next((kind for start, kind in _KINDS.items() if head.startswith(start)), None)
    if kind == "pdf":
        return pages_of_pdf(source, PIXELS)
    if kind == "picture":
        return _pages_of_picture(source)
    return iter([_why_unknown(head)])


def _why_unknown(head: bytes) -> FileTrouble:
    if head[4:8] == b"ftyp":  # what iPhones make unless they are told otherwise
        return "heic"
    return "not_a_picture" if head else "empty_file"


def _head(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source[:12]
    with source.open("rb") as file:
        return file.read(12)


def _pages_of_picture(source: bytes | Path) -> Iterator[Grey | FileTrouble]:
    stream: IO[bytes] | Path = BytesIO(source) if isinstance(source, bytes) else source
    try:
        with Image.open(stream, formats=("PNG", "JPEG", "TIFF")) as picture:
            frames = PAGES + 1 if picture.format == "TIFF" else 1
            for frame in range(frames):
                try:
                    picture.seek(frame)
                except EOFError:
                    return
                yield _grey(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        yield "too_large"
    except _BROKEN:
        yield "damaged"


def _grey(picture: Image.Image) -> Grey | FileTrouble:
    """The picture upright as its camera says, no longer than ``LONG_SIDE``."""
    if picture.width * picture.height > PIXELS:
        return "too_large"
    picture.draft("L", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded at half its size where that does
    upright = ImageOps.exif_transpose(picture)
    return _reduced(_in_greys(upright))


def _in_greys(picture: Image.Image) -> Grey:
    if picture.mode.startswith("I"):  # 16 bits a pixel
        return np.asarray(np.asarray(picture) >> 8, np.uint8)
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return np.asarray(picture.convert("L"))


def _reduced(grey: Grey) -> Grey:
    scale = LONG_SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    height, width = grey.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
