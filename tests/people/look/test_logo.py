"""A logo is drawn anew: small, without metadata and scripts, and only if it is a picture."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from middleground.people.look.logo import MOST_KEPT, LogoRefused, read_logo

# One pixel each, made by hand from the formats' descriptions.
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
SECRET = b"GPS 52.5 N 13.4 E, Smith's camera"


def png_of(width: int, height: int, *chunks: tuple[bytes, bytes], noise: bool = False) -> bytes:
    """A picture; ``chunks`` are put before the pixels, as cameras and programs do."""
    state = 1
    rows = []
    for _ in range(height):
        row = bytearray(b"\0")
        for _ in range(width):
            state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
            row += (
                bytes([state >> 16 & 255, state >> 8 & 255, state >> 20 & 255])
                if noise
                else b"\x99\x22\x22"
            )
        rows.append(bytes(row))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def svg_of(body: str, size: str = 'viewBox="0 0 200 50"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'.encode()


def kinds_of(png: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.add(png[at + 4 : at + 8])
        at += 12 + length
    return found


def test_metadata_does_not_survive() -> None:
    data = png_of(400, 100, (b"tEXt", b"Comment\0" + SECRET), (b"eXIf", b"MM\0*" + SECRET))
    assert SECRET in data  # the control
    logo = read_logo(data)
    assert SECRET not in logo.png
    assert kinds_of(logo.png) == {b"IHDR", b"IDAT", b"IEND"}
    assert (logo.width, logo.height) == (320, 80)


def test_a_high_one_is_as_high_as_the_head() -> None:
    logo = read_logo(png_of(60, 120))
    assert (logo.width, logo.height) == (48, 96)


def test_a_photo_becomes_small_enough() -> None:
    logo = read_logo(png_of(320, 96, noise=True))
    assert len(logo.png) <= MOST_KEPT
    assert logo.width < 320


def test_other_kinds_are_drawn() -> None:
    assert read_logo(WEBP).width == 96  # one pixel, as high as the head
    logo = read_logo(svg_of('<rect width="200" height="50" fill="#922"/>'))
    assert (logo.width, logo.height) == (320, 80)
    logo = read_logo(svg_of("<path d='M0 0h9v9z'/>", 'width="100px" height="50"'))
    assert (logo.width, logo.height) == (192, 96)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ('<image href="/etc/passwd"/>', "<image>"),
        ('<use href="other.svg#a"/>', "href=other.svg#a"),
        ('<use href="file:///etc/passwd#a"/>', "href=file:///etc/passwd#a"),
        ('<rect fill="url(https://evil.example/a)"/>', "url(https://evil.example/a)"),
        ("<style>@import 'a.css'</style>", "@import 'a.css'"),
        ("<animate/>", "<animate>"),
    ],
)
def test_an_svg_that_names_anything_else_is_refused(body: str, what: str) -> None:
    with pytest.raises(LogoRefused) as refused:
        read_logo(svg_of(body))
    assert (refused.value.code, refused.value.values) == ("not_allowed", {"what": what})


def test_what_drawing_programs_write_beside_is_left_out() -> None:
    body = (
        '<metadata><x:creator xmlns:x="urn:x">Smith</x:creator></metadata>'
        '<i:view xmlns:i="urn:i" zoom="1"/><defs><linearGradient id="a"/></defs>'
        '<style>.b{fill:url(#a)}</style><rect class="b" width="9" height="9" fill="url(#a)"/>'
    )
    assert read_logo(svg_of(body)).width == 320


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"x" * 200_001, "too_large"),
        (b"GIF89a", "unknown"),
        (b"\xff\xfe\x00", "unknown"),
        (b"<html/>", "unknown"),
        (b"<svg/>", "unknown"),
        (b"\x89PNG\r\n\x1a\n", "unknown"),
        (b"\xff\xd8\xff\xe0\x00\x04", "unknown"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "unknown"),
        (
            png_of(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 1, 5_000)),
            "too_many_pixels",
        ),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg_of("&a;"), "not_allowed"),
        (svg_of("", ""), "unknown"),
        (svg_of("", 'viewBox="0 0 a b"'), "unknown"),
        (svg_of("", 'viewBox="0 0 0 5"'), "unknown"),
        (svg_of("", 'viewBox="0 0 nan 5"'), "unknown"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(LogoRefused) as refused:
        read_logo(data)
    assert refused.value.code == code
