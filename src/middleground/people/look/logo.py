"""A logo as it was uploaded, drawn anew as a small PNG.

Nothing of the file itself is kept: not its metadata, which may name a place, a person or a machine,
and no script. An SVG may hold only what draws, and nothing that names another file.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.pictures.files import NotDrawn, png

MOST_BYTES = 200_000  # of an upload
MOST_KEPT = 20_000  # of the PNG, since each first visit loads it
WIDEST, HIGHEST = 320, 96  # pixels of the PNG; a page shows half of them
MOST_PIXELS = 4_000  # of a side of an upload
_SMALLER = 0.85

# Drawing, and no script, foreign document or picture within.
_ELEMENTS = {
    "svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "text", "tspan", "style", "linearGradient",
    "radialGradient", "stop", "clipPath", "mask", "pattern",
}  # fmt: skip
_NAME = re.compile(r"\{[^}]*\}(.*)")
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(?:px)?\s*")


class LogoRefused(Refused):
    refusals = {
        "empty": RefusalText(gettext_lazy("Choose a file first.")),
        "too_large": RefusalText(
            gettext_lazy("The file is larger than 200 kB. Make it smaller: 320 pixels wide.")
        ),
        "unknown": RefusalText(
            gettext_lazy("This is no picture that can be read. Use PNG, JPEG, WebP or SVG.")
        ),
        "not_allowed": RefusalText(
            gettext_lazy(
                "The SVG holds “%(what)s”, which is not taken. Save it as plain "
                "SVG with shapes only, or as PNG."
            )
        ),
        "too_many_pixels": RefusalText(
            gettext_lazy("The picture is wider or higher than 4,000 pixels. Make it smaller.")
        ),
        "not_drawn": RefusalText(
            gettext_lazy("The picture could not be drawn. Try it as PNG, 320 pixels wide.")
        ),
    }


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG and its size in pixels."""

    png: bytes
    width: int
    height: int


def read_logo(data: bytes) -> Logo:
    """The logo, drawn anew. Raises ``LogoRefused``."""
    if not data:
        raise LogoRefused("empty")
    if len(data) > MOST_BYTES:
        raise LogoRefused("too_large")
    kind, pixels = _raster_size(data)
    if not kind:
        svg, (width, height) = _plain_svg(data)
        if not (0 < width < inf and 0 < height < inf):
            raise LogoRefused("unknown")
        return _drawn(svg, width, height)
    if min(pixels) < 1:
        raise LogoRefused("unknown")
    if max(pixels) > MOST_PIXELS:
        raise LogoRefused("too_many_pixels")
    return _drawn(_around(data, kind, *pixels), *pixels)


def _drawn(svg: str, width: float, height: float) -> Logo:
    """Small enough in pixels and in bytes."""
    scale = min(WIDEST / width, HIGHEST / height)
    while True:
        wide = max(1, round(width * scale))
        try:
            drawn = png(svg, wide, "")
        except NotDrawn as trouble:
            raise LogoRefused("not_drawn") from trouble
        if not drawn.startswith(_PNG) or wide == 1:
            raise LogoRefused("not_drawn")
        if len(drawn) <= MOST_KEPT:
            return Logo(drawn, *_png_size(drawn))
        scale *= _SMALLER


def _around(data: bytes, kind: str, width: int, height: int) -> str:
    """An SVG that shows the picture; drawing it leaves only its pixels."""
    text = base64.b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{text}"/></svg>'
    )


_PNG = b"\x89PNG\r\n\x1a\n"


def _raster_size(data: bytes) -> tuple[str, tuple[int, int]]:
    """Kind and size of a picture by its first bytes; "" if it is of no kind that we take."""
    try:
        if data.startswith(_PNG):
            return "png", _png_size(data)
        if data.startswith(b"\xff\xd8\xff"):
            return "jpeg", _jpeg_size(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return "webp", _webp_size(data)
    except (struct.error, IndexError, StopIteration):
        raise LogoRefused("unknown") from None
    return "", (0, 0)


def _png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """From the frame's header (ITU-T T.81, B.2.2)."""
    frames = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
    at = next(at for marker, at in _jpeg_parts(data) if marker in frames)
    height, width = struct.unpack(">HH", data[at + 5 : at + 9])
    return width, height


def _jpeg_parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker with a length, and its place."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xFF:  # filled up
            at += 1
            continue
        yield data[at + 1], at
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]


def _webp_size(data: bytes) -> tuple[int, int]:
    """From the first chunk (RFC 9649)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return _three(data[24:27]) + 1, _three(data[27:30]) + 1
    if chunk == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _three(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _plain_svg(data: bytes) -> tuple[str, tuple[float, float]]:
    """The drawing, written anew, if it holds nothing but shapes."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LogoRefused("unknown") from None
    if "<!ENTITY" in text:  # which can grow without end, or name a file
        raise LogoRefused("not_allowed", what="<!ENTITY>")
    try:
        root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>[]*>", "", text))  # noqa: S314 -- no entities
    except ElementTree.ParseError:
        raise LogoRefused("unknown") from None
    if root.tag != f"{_SVG}svg":
        raise LogoRefused("unknown")
    _leave_out_metadata(root)
    for element in root.iter():
        if _local(element.tag) not in _ELEMENTS:
            raise LogoRefused("not_allowed", what=f"<{_local(element.tag)[:40]}>")
        for name, value in (*element.attrib.items(), ("", element.text or "")):
            _check_value(_local(name), value)
    return ElementTree.tostring(root, encoding="unicode"), _svg_size(root)


def _leave_out_metadata(root: ElementTree.Element) -> None:
    """Drawing programs write it, and foreign settings of theirs; none of it draws."""
    for parent in list(root.iter()):
        for child in list(parent):
            foreign = not str(child.tag).startswith(_SVG)
            if foreign or _local(child.tag) == "metadata":
                parent.remove(child)


_SVG = "{http://www.w3.org/2000/svg}"


def _check_value(name: str, value: str) -> None:
    """Only what is in the same drawing may be named."""
    if name == "href" and not value.startswith("#"):
        raise LogoRefused("not_allowed", what=f"href={value[:40]}")
    if re.search(r"url\(\s*['\"]?(?!\s*['\"]?#)", value) or "@import" in value:
        raise LogoRefused("not_allowed", what=value[:40])


def _local(tag: object) -> str:
    found = _NAME.fullmatch(str(tag))
    return found[1] if found else str(tag)


def _svg_size(root: ElementTree.Element) -> tuple[float, float]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    try:
        if len(box) == 4:
            return float(box[2]), float(box[3])
    except ValueError:
        raise LogoRefused("unknown") from None
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if not all(sides):
        raise LogoRefused("unknown")
    width, height = (float(side[1]) for side in sides if side)
    return width, height
