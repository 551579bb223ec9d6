"""QR codes, as drawings."""

from __future__ import annotations

import io

import segno

from middleground.paper.sheet_code import SheetCode

VERSION = 3  # 29 modules a side; holds the longest code, so all pages have theirs in the same place


def drawn_code(code: SheetCode) -> str:
    """The code as SVG, one unit a module, without the quiet zone, which the page leaves free."""
    return drawn(segno.make(str(code), version=VERSION, error="m", boost_error=False))


def drawn(code: segno.QRCode) -> str:
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, unit="", omitsize=False)
    return out.getvalue().decode()
