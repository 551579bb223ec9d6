"""A picture on a sheet: title, question, the picture itself, day and source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from middleground.pictures.files.flat_css import flat_css
from middleground.pictures.lines import BOLD, is_right_to_left, right_to_left, wrap
from middleground.pictures.svg import clean, number, tag

MARGIN, LEAST_WIDTH = 28.0, 460.0
_TITLE, _QUESTION, _SOURCE = 19.0, 14.5, 11.5
_LEADING = 1.32  # height of a line, in parts of the font size

_PICTURE = re.compile(
    r'<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)" class="([^"]*)"[^>]*>(.*)</svg>', re.DOTALL
)
_HEAD = re.compile(r"<(title|desc) id=[^>]*>(.*?)</\1>", re.DOTALL)
_LINK = re.compile(r"</?a(?: [^>]*)?>")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands on the sheet beside the picture, all plain text.

    ``sources`` are the lines at the foot: who hosts it, where it is from, under which licence.
    ``mark`` is a line that must not be overlooked, such as that participants are simulated;
    ``caption`` stands right above the picture, ``note`` below it says how to read it, and
    ``lines`` what its numbers stand for.
    """

    title: str
    question: str
    sources: Sequence[str]
    mark: str = ""
    caption: str = ""
    note: str = ""
    lines: Sequence[str] = ()


def sheet(picture: str, around: Surroundings) -> str:
    """One SVG document with its styles inside, which loads nothing and links nowhere.

    ``picture``: as ``middleground.pictures`` draws it, without anything of a reader's own.
    """
    found = _PICTURE.search(picture)
    if found is None:
        raise ValueError("This is no picture of ours.")
    wide, high, classes, body = float(found[1]), float(found[2]), found[3], found[4]
    heads = dict(_HEAD.findall(body))
    width = max(wide, LEAST_WIDTH) + 2 * MARGIN
    column = Column(MARGIN, MARGIN, width - 2 * MARGIN)
    column.write(around.title, _TITLE, "pic-strong", most=5)
    column.write(around.question, _QUESTION, "pic-soft", most=4)
    column.write(around.mark, _QUESTION, "pic-strong", most=2)
    column.skip(8)
    column.write(around.caption, _QUESTION, "pic-strong", most=2)
    column.skip(8)
    inside = tag(
        "svg",
        _LINK.sub("", _HEAD.sub("", body)),
        x=MARGIN,
        y=column.y,
        width=wide,
        height=high,
        viewBox=f"0 0 {number(wide)} {number(high)}",
        class_=classes,
    )
    above, column.lines = column.lines, []
    column.skip(high + 14)
    column.write(around.note, _SOURCE, "", most=4)
    for line in around.lines:
        column.write(line, _SOURCE, "", most=3)
    column.skip(6 if around.lines else 0)
    for line in around.sources:
        column.write(line, _SOURCE, "pic-soft", most=3)
    return document(
        width,
        column.y + MARGIN - 8,
        "".join([*above, inside, *column.lines]),
        title=clean(f"{around.title} – {around.question}"),
        desc=heads.get("desc", ""),
    )


def document(width: float, height: float, body: str, *, title: str, desc: str = "") -> str:
    """A whole SVG file. ``title`` and ``desc`` are escaped already."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + tag(
        "svg",
        tag("title", title),
        tag("desc", desc) if desc else "",
        tag("style", flat_css()),
        tag("rect", class_="pic-paper", width=width, height=height),
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        class_="pic",
        role="img",
    )


class Column:
    """Texts below one another, wrapped; ``y`` is where the next one begins."""

    def __init__(self, x: float, y: float, width: float) -> None:
        self.x, self.y, self.width = x, y, width
        self.lines: list[str] = []

    def skip(self, height: float) -> None:
        self.y += height

    def write(self, words: str, size: float, class_: str, *, most: int) -> None:
        """Write at most ``most`` lines. What is written from the right begins at the right."""
        turned = is_right_to_left(words)
        wide = BOLD if class_ == "pic-strong" else 1
        for line in wrap(words, self.width / size / wide, most):
            self.y += size * _LEADING
            shown = right_to_left(line) if turned else line
            self.lines.append(
                tag(
                    "text",
                    clean(shown),
                    x=self.x + (self.width if turned else 0),
                    y=self.y - size * 0.3,
                    class_=class_,
                    style=f"font-size: {number(size)}px",
                    text_anchor="end" if turned else "start",
                )
            )
