"""Pages of a PDF file as pictures in shades of grey. pdfium runs in one thread at a time only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from pypdfium2 import raw

from .arrays import Grey
from .trouble import FileTrouble

# Pixels of a page's longer side, 200 dots an inch on paper: scanners that know no sizes claim any.
LONG_SIDE = 2_300


def pages_of_pdf(source: bytes | Path, pixels: int) -> Iterator[Grey | FileTrouble]:
    """Each page, drawn when it is asked for, unless it holds a picture of more ``pixels``."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        yield "locked" if error.err_code == raw.FPDF_ERR_PASSWORD else "damaged"
        return
    with document:
        if not len(document):
            yield "damaged"
        for number in range(len(document)):
            yield _drawn(document, number, pixels)


def _drawn(document: pypdfium2.PdfDocument, number: int, pixels: int) -> Grey | FileTrouble:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return "damaged"
    try:
        if _largest_picture(page) > pixels:
            return "too_large"
        bitmap = page.render(scale=LONG_SIDE / max(page.get_size()), grayscale=True)
        return np.array(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)
    except (pypdfium2.PdfiumError, ZeroDivisionError):
        return "damaged"
    finally:
        page.close()


def _largest_picture(page: pypdfium2.PdfPage) -> int:
    """Pixels of the largest picture on the page."""
    sizes = (
        image.get_px_size()
        for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5)
        if isinstance(image, pypdfium2.PdfImage)
    )
    return max((width * height for width, height in sizes), default=0)
