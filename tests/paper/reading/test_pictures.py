"""Files give one picture a page; what is broken, locked or too large is told by file and page."""

from __future__ import annotations

import io
import tracemalloc
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from middleground.paper.printing import print_sheets
from middleground.paper.reading import pictures
from middleground.paper.reading.pictures import BrokenPage, ScannedPage, scanned_pages
from paper.reading.marked import FORM, answers, marked, photographed, read, turns
from paper.samples import SHEET

PNG = b"\x89PNG\r\n\x1a\n"


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def told(name: str, source: bytes | Path) -> list[str | tuple[int, int]]:
    """For each page its trouble, or how large it is."""
    told: list[str | tuple[int, int]] = []
    for number, page in enumerate(scanned_pages(name, source), 1):
        assert (page.file, page.page) == (name, number)
        told.append(page.grey.shape if isinstance(page, ScannedPage) else page.trouble)
    return told


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def bomb(side: int) -> bytes:
    """A PNG file of 100 bytes that claims ``side`` × ``side`` pixels."""
    size = side.to_bytes(4, "big") * 2
    body = chunk(b"IHDR", size + bytes((8, 0, 0, 0, 0))) + chunk(b"IDAT", zlib.compress(b"\0"))
    return PNG + body + chunk(b"IEND", b"")


def a_pdf(*pages: str, more: str = "", trailer: str = "") -> bytes:
    """A PDF by hand; each page is an object's text, without a table, which readers make anew."""
    kids = " ".join(f"{10 + at} 0 R" for at in range(len(pages)))
    body = "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
    body += f"2 0 obj <</Type /Pages /Count {len(pages)} /Kids [{kids}]>> endobj\n"
    body += "".join(f"{10 + at} 0 obj {page} endobj\n" for at, page in enumerate(pages))
    return f"%PDF-1.7\n{body}{more}trailer <</Root 1 0 R {trailer}>>\n%%EOF".encode("latin-1")


EMPTY = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]>>"
LARGE = """<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R
 /Resources <</XObject <</I 4 0 R>>>>>>"""
PICTURE = """4 0 obj <</Type /XObject /Subtype /Image /Width 30000 /Height 30000
 /BitsPerComponent 1 /ColorSpace /DeviceGray /Length 1>> stream
0
endstream endobj
5 0 obj <</Length 26>> stream
600 0 0 700 0 0 cm /I Do
endstream endobj
"""
LOCK = f"/Encrypt <</Filter /Standard /V 1 /R 2 /P -4 /O <{'5A' * 32}> /U <{'A5' * 32}>>>"
LOCK += " /ID [<00> <00>]"


def test_a_photograph_of_12_megapixels_is_turned_as_its_camera_says_and_read() -> None:
    seen = Image.fromarray(photographed(marked())).resize((3000, 4000))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    file = saved(seen.rotate(90, expand=True).convert("RGB"), "JPEG", exif=exif, quality=85)
    (page,) = scanned_pages("photo.jpg", file)
    assert isinstance(page, ScannedPage)
    assert page.grey.shape == (3200, 2400)
    assert answers(read(page.grey)) == turns()


def test_a_printed_pdf_is_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(print_sheets(FORM, [SHEET]))
    (page,) = scanned_pages("scan.pdf", path)
    assert isinstance(page, ScannedPage)
    assert max(page.grey.shape) == 2300
    assert set(answers(read(page.grey)).values()) == {"blank"}


@pytest.mark.parametrize(
    ("mode", "colour", "grey"),
    [
        ("L", 90, 90),
        ("RGB", (255, 0, 0), 76),
        ("RGBA", (0, 0, 0, 0), 255),  # nothing on it, so the paper
        ("1", 1, 255),
        ("I;16", 90 * 256, 90),
        ("P", 0, 0),
    ],
)
def test_colours_become_greys(mode: str, colour: object, grey: int) -> None:
    (page,) = scanned_pages("a.png", saved(Image.new(mode, (40, 30), colour), "PNG"))  # type: ignore[arg-type]
    assert isinstance(page, ScannedPage)
    assert (page.grey.shape, page.grey.dtype) == ((30, 40), np.uint8)
    assert set(page.grey.ravel().tolist()) == {grey}


def test_a_tiff_has_many_pages() -> None:
    first, second = Image.new("L", (40, 30)), Image.new("1", (20, 30))
    file = saved(first, "TIFF", save_all=True, append_images=[second])
    assert told("fax.tif", file) == [(30, 40), (30, 20)]


def test_what_is_no_picture_says_so() -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(20)
    jpeg = saved(Image.effect_noise((400, 400), 50), "JPEG")
    assert told("a", b"") == ["empty_file"]
    assert told("a.txt", b"Dear county,") == ["not_a_picture"]
    assert told("a.heic", heic) == ["heic"]
    assert told("cut.jpg", jpeg[: len(jpeg) // 2]) == ["damaged"]
    assert told("cut.png", PNG + b"rest") == ["damaged"]
    assert told("cut.pdf", b"%PDF-1.7\nnothing") == ["damaged"]
    assert told("locked.pdf", a_pdf(EMPTY, trailer=LOCK)) == ["locked"]


@pytest.mark.parametrize("side", [8_001, 12_000, 60_000])
def test_a_picture_that_claims_too_much_is_not_unpacked(side: int) -> None:
    tracemalloc.start()
    assert told("bomb.png", bomb(side)) == ["too_large"]
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_control_a_picture_within_the_limit_is_unpacked() -> None:
    assert told("a.png", bomb(2_000)) == ["damaged"]  # its rows are missing


def test_pages_after_a_broken_one_are_read() -> None:
    sheets = a_pdf(EMPTY, "null", LARGE, EMPTY, more=PICTURE)
    assert told("batch.pdf", sheets) == [(2300, 1778), "damaged", "too_large", (2300, 1778)]


def test_pages_before_a_broken_one_are_read() -> None:
    noise = Image.effect_noise((300, 300), 50)
    file = saved(noise, "TIFF", save_all=True, append_images=[noise, noise], compression="tiff_lzw")
    assert told("batch.tif", file) == [(300, 300)] * 3
    broken = bytearray(file)
    broken[len(file) // 2 : len(file) // 2 + 5_000] = bytes(5_000)
    assert told("batch.tif", bytes(broken))[:2] == [(300, 300), "damaged"]


def test_a_scan_of_200_pages_is_in_memory_one_page_at_a_time() -> None:
    file = a_pdf(*[EMPTY] * 200)
    tracemalloc.start()
    pages = sum(isinstance(page, ScannedPage) for page in scanned_pages("batch.pdf", file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pages == 200
    assert peak < 5 * 2300 * 1778  # a page's pixels, and some copies on the way


def test_a_file_may_have_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PAGES", 2)
    assert told("two.pdf", a_pdf(EMPTY, EMPTY)) == [(2300, 1778)] * 2
    read = list(scanned_pages("three.pdf", a_pdf(EMPTY, EMPTY, EMPTY, EMPTY)))
    assert read[2:] == [BrokenPage("three.pdf", 3, "too_many_pages")]
    dot = Image.new("L", (9, 9))
    tiff = saved(dot, "TIFF", save_all=True, append_images=[dot] * 4)
    assert told("five.tif", tiff) == [(9, 9), (9, 9), "too_many_pages"]


def test_a_scan_as_png_is_read() -> None:
    file = cv2.imencode(".png", marked())[1].tobytes()
    (page,) = scanned_pages("scan.png", file)
    assert isinstance(page, ScannedPage)
    assert answers(read(page.grey)) == turns()
