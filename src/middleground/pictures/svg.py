"""Writes SVG as text: elements, escaping, and the frame that all pictures share."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape as html_escape

from middleground.pictures.lines import BOLD, in_its_direction, width_of
from middleground.pictures.palette import css

# Characters that XML 1.0 forbids or that change the reading direction of what follows.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e]")
_ESCAPED = re.compile("[&<>\"'" + _UNSAFE.pattern[1:])
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

USUAL, SMALL = 15.0, 13.0  # sizes of letters, as in pictures.css

Value = str | float | int | None


def clean(text: str) -> str:
    """Escaped text for an SVG document, without control characters or direction overrides."""
    if not _ESCAPED.search(text):  # mostly there is nothing to do
        return text
    return html_escape(_UNSAFE.sub("", text), quote=True)


def tag(name: str, *children: str, **attributes: Value) -> str:
    """One element. Children must be finished markup; attribute values are escaped here.

    ``class_`` becomes class, ``stroke_width`` stroke-width; None omits an attribute.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is not None:
            shown = value if isinstance(value, str) else number(value)
            parts.append(f'{_attribute(key)}="{clean(shown)}"')
    opening = " ".join(parts)
    return f"<{opening}>{''.join(children)}</{name}>" if children else f"<{opening}/>"


@lru_cache(maxsize=1_000)
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


@lru_cache(maxsize=10_000)
def number(value: float) -> str:
    """At most two decimals and never an exponent: 12, 3.5, -0.25."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def text(
    x: float, y: float, words: str, class_: str, anchor: str = "start", room: float | None = None
) -> str:
    """Words at a place. They are drawn smaller if they would be wider than ``room``."""
    shown = clean(in_its_direction(words))
    fits = 1.0 if room is None else room / max(1.0, width_in(words, class_))
    if fits >= 1:
        return tag("text", shown, x=x, y=y, class_=class_, text_anchor=anchor)
    rest = 1 - fits
    around = f"translate({number(x * rest)} {number(y * rest)}) scale({fits:.3f})"
    return tag("text", shown, x=x, y=y, class_=class_, text_anchor=anchor, transform=around)


def size_of(class_: str) -> float:
    """The height of letters on a phone, made wider if they are bold: as long as a line may be."""
    size = SMALL if "pic-small" in class_ else USUAL
    return size * (BOLD if "pic-strong" in class_ else 1)


def width_in(words: str, class_: str) -> float:
    """The width of the words, about."""
    return width_of(words) * size_of(class_)


def picture(
    body: str,
    *,
    prefix: str,
    size: tuple[float, float],
    title: str,
    desc: str,
    class_: str = "",
    links: bool = False,
    standalone: bool = False,
) -> str:
    """The svg element around ``body``, with its title and description.

    A picture with links has the role "group", because assistive technology ignores links inside an
    "img". The layout is always left to right; each text keeps its own direction.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"prefix {prefix!r} must be a letter, then letters, digits, - or _.")
    width, height = size
    style = tag("style", css()) if standalone else ""
    paper = tag("rect", class_="pic-paper", width=width, height=height) if standalone else ""
    return tag(
        "svg",
        tag("title", clean(title), id=f"{prefix}-title"),
        tag("desc", clean(desc), id=f"{prefix}-desc"),
        style + paper + body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        class_=f"pic {class_}".strip(),
        role="group" if links else "img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
        direction="ltr",
    )
