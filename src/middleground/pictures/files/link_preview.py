"""The picture beside a link to the site that somebody shares: 1200 by 630, for Open Graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from middleground.pictures.files.sheet import Column, document
from middleground.pictures.glyphs import mark
from middleground.pictures.lines import BOLD, width_of, wrap
from middleground.pictures.palette import style_of
from middleground.pictures.svg import clean, tag, text

WIDTH, HEIGHT = 1200.0, 630.0
_MARGIN, _BARS = 72.0, 4
_FIGURE = 236.0  # the width kept for the words beside a bar
_SIZES = (64.0, 56.0, 48.0, 41.0, 35.0)


@dataclass(frozen=True, slots=True)
class PreviewBar:
    """A group's published share that agrees, from 0 to 1, with the ends of its interval.

    ``share`` is None where only the range is told. ``figure`` is all that is told, in words.
    """

    group: str
    share: float | None
    low: float
    high: float
    figure: str


@dataclass(frozen=True, slots=True)
class Preview:
    """``words`` is the question, or the statement; ``above`` and ``below`` stand around it.

    ``bars``: a small picture of a result as far as it is published, with ``caption`` for what.
    """

    above: str
    words: str
    below: str
    caption: str = ""
    bars: Sequence[PreviewBar] = ()


def link_preview(shown: Preview) -> str:
    """One SVG document. The words are as large as fits, and never leave the sheet."""
    bars = shown.bars[:_BARS]
    room = HEIGHT - 2 * _MARGIN - 130 - (60 + 46 * len(bars) if bars else 0)
    size, most = _fitting(shown.words, room)
    column = Column(_MARGIN, _MARGIN - 26, WIDTH - 2 * _MARGIN)
    column.write(shown.above, 29, "pic-soft", most=1)
    column.skip(14)
    column.write(shown.words, size, "pic-strong", most=most)
    body = [*column.lines]
    if bars:
        body += _bars(shown, bars, HEIGHT - _MARGIN - 72 - 46 * len(bars))
    foot = Column(_MARGIN + 76, HEIGHT - _MARGIN - 16, WIDTH - 2 * _MARGIN - 76)
    foot.write(shown.below, 29, "pic-soft", most=1)
    body += [*foot.lines, *_brand(_MARGIN, HEIGHT - _MARGIN + 10)]
    return document(WIDTH, HEIGHT, "".join(body), title=clean(shown.words))


def _fitting(words: str, room: float) -> tuple[float, int]:
    """The largest size at which the words fit, and how many lines of it there may be."""
    for size in _SIZES:
        most = int(room / (size * 1.32))
        if len(wrap(words, (WIDTH - 2 * _MARGIN) / size / BOLD, most + 1)) <= most:
            return size, most
    return size, max(1, most)


def _bars(shown: Preview, bars: Sequence[PreviewBar], top: float) -> list[str]:
    left, wide = _MARGIN + 96, WIDTH - 2 * _MARGIN - 96 - _FIGURE
    caption = Column(_MARGIN, top - 50, WIDTH - 2 * _MARGIN)
    caption.write(shown.caption, 27, "", most=1)
    drawn = [*caption.lines]
    for place, bar in enumerate(bars):
        y = top + 46 * place
        style = style_of(bar.group)
        if bar.group:
            drawn.append(mark(style.shape, _MARGIN + 14, y + 15, 26, style.css))
            letter = text(_MARGIN + 44, y + 26, bar.group, "pic-strong")
            drawn.append(letter.replace("<text ", '<text style="font-size: 29px" ', 1))
        drawn += _bar(bar, left, y, wide)
        size = min(25.0, (_FIGURE - 16) / (BOLD * max(1.0, width_of(bar.figure))))
        figure = text(left + wide + 16, y + 24, bar.figure, "pic-strong")
        drawn.append(figure.replace("<text ", f'<text style="font-size: {size:.1f}px" ', 1))
    half = f"M{left + wide / 2:g} {top - 8:g}V{top + 46 * len(bars) - 8:g}"
    return [*drawn, tag("path", d=half, class_="pic-half")]


def _bar(bar: PreviewBar, x: float, y: float, wide: float) -> list[str]:
    """As in the pictures of a statement: without a share there is no solid bar, only the range."""
    solid = bar.low if bar.share is None else bar.share
    band = wide * max(0.004, bar.high - solid)
    drawn = [tag("rect", x=x, y=y, width=wide, height=30, class_="pic-track")]
    if bar.share is not None:
        drawn.append(tag("rect", x=x, y=y, width=wide * solid, height=30, class_="pic-agree"))
    drawn.append(tag("rect", x=x + wide * solid, y=y, width=band, height=30, class_="pic-band"))
    ends, middle = (x + wide * bar.low, x + wide * bar.high), y + 15
    line = f"M{ends[0]:.2f} {middle:g}H{ends[1]:.2f}" + "".join(
        f"M{end:.2f} {middle - 8:g}v16" for end in ends
    )
    return [*drawn, *(tag("path", d=line, class_=f"pic-whisker{k}") for k in ("-halo", ""))]


def _brand(x: float, y: float) -> list[str]:
    """The mark of the software: two circles that share a part."""
    return [
        tag("circle", cx=x + 20 + 22 * k, cy=y - 14, r=20, class_=css, fill_opacity=0.75)
        for k, css in enumerate(("pic-agree", "pic-disagree"))
    ]
