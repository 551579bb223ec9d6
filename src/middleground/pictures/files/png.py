"""Turns an SVG into PNG, in a process of its own that may take little time and memory.

Letters come from Noto Sans, which is installed with this package, and where it has none from the
fonts of the machine. A text for which there is no font is left out, and the picture says so, since
empty boxes would look like a text that nobody can read.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from html import escape, unescape
from importlib.resources import files
from pathlib import Path

SECONDS = 60  # the child gives way on a busy machine; it stops itself after ten of its own
_CHILD = Path(__file__).with_name("png_child.py")
_MISSING = re.compile(r"No fonts with an? .*?/?U\+([0-9A-F]+) character")
_TEXT = re.compile(r"(<text [^>]*>)(.*?)(</text>)", re.DOTALL)
_NUMBER = re.compile(r"\s*[\w]{1,3}\.\s")
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class NotDrawn(Exception):
    """The picture took too long, or could not be read."""


def png(svg: str, width: int, left_out: str) -> bytes:
    """The picture, ``width`` pixels wide. Raises ``NotDrawn``.

    ``left_out``: the sentence at the foot of a picture from which words are missing.
    """
    drawn, missing = _draw(svg, width)
    if missing:
        drawn, _ = _draw(without(svg, missing, left_out), width)
    return drawn


def missing_letters(words: str) -> frozenset[str]:
    """The letters of these words for which there is no font. Raises ``NotDrawn``."""
    shown = f'<text x="0" y="9">{escape(words)}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{shown}</svg>'
    return _draw(svg, 16)[1]


def without(svg: str, missing: frozenset[str], left_out: str) -> str:
    """The picture without texts in which these letters occur; numbers before them stay.

    Lines of one text stand one after the other, and are left out together.
    """

    end = -1  # of the text that was left out last

    def replaced(found: re.Match[str]) -> str:
        nonlocal end
        words = unescape(found[2])
        if missing.isdisjoint(words):
            return found[0]
        follows, end = found.start() == end, found.end()
        number = _NUMBER.match(words)
        return "" if follows else f"{found[1]}{number[0] if number else ''}[…]{found[3]}"

    shown, size = _TEXT.sub(replaced, svg), _SIZE.search(svg)
    if end < 0 or size is None:
        return shown
    wide, high = float(size[1]), float(size[2])
    note = (
        f'<text class="pic-soft" style="font-size: {max(10, wide / 65):.1f}px" text-anchor="end"'
        f' x="{wide - 10:g}" y="{high - 8:g}">{left_out}</text></svg>'
    )
    return shown[: shown.rindex("</svg>")] + note


def _draw(svg: str, width: int) -> tuple[bytes, frozenset[str]]:
    """The picture, and the letters for which there is no font."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own script, with our own arguments
            [sys.executable, "-I", str(_CHILD), str(width), *_fonts()],
            input=svg.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as trouble:
        raise NotDrawn(str(trouble)) from trouble
    told = done.stderr.decode(errors="replace")
    return done.stdout, frozenset(chr(int(code, 16)) for code in _MISSING.findall(told))


@cache
def _fonts() -> list[str]:
    folder = files("fontpkg_noto_sans") / "files"
    return sorted(str(file) for file in folder.iterdir() if "Italic" not in file.name)
