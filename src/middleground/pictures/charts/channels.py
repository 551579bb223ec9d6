"""How many came on each way: a bar for each, longest where most came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from middleground.pictures.lines import wrap
from middleground.pictures.svg import picture, size_of, tag, text, width_in
from middleground.pictures.tables import Table

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _THICK = 400.0, 8.0, 392.0, 4.0, 46.0, 14.0
_BESIDE = 12.0  # between a name and its figure


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """A way by its name. ``count`` is the length of its bar; ``told`` says it in words."""

    name: str
    count: int
    told: str


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """Title and description of the picture, and the heads of its table."""

    title: str
    desc: str
    head_name: str
    head_count: str


def channel_bars(
    channels: Sequence[ChannelCount],
    words: ChannelWords,
    *,
    prefix: str = "channels",
    standalone: bool = False,
) -> str:
    """A row for each channel: its name, its figure, and below them the bar."""
    most = max((each.count for each in channels), default=0)
    rows = [_row(each, _TOP + _ROW * k, max(most, 1)) for k, each in enumerate(channels)]
    facts = [f"{each.name}: {each.told}." for each in channels]
    return picture(
        "".join(rows),
        prefix=prefix,
        size=(_WIDTH, _TOP + _ROW * len(channels)),
        title=words.title,
        desc=" ".join([words.desc, *facts]),
        class_="pic-narrow",
        standalone=standalone,
    )


def channel_table(channels: Sequence[ChannelCount], words: ChannelWords) -> Table:
    rows = tuple((each.name, each.told) for each in channels)
    return Table((words.head_name, words.head_count), rows)


def _row(channel: ChannelCount, top: float, most: int) -> str:
    figure, name = "pic-small pic-figure", "pic-small"
    room = _RIGHT - _LEFT - _BESIDE - width_in(channel.told, figure)
    shown = "".join(wrap(channel.name, room / size_of(name), 1))
    bar = {"x": _LEFT, "y": top + 22, "height": _THICK}
    length = (_RIGHT - _LEFT) * channel.count / most
    return "".join(
        (
            text(_LEFT, top + 16, shown, name),
            text(_RIGHT, top + 16, channel.told, figure, "end"),
            tag("rect", **bar, width=_RIGHT - _LEFT, class_="pic-track"),
            tag("rect", **bar, width=length, class_="pic-column") if length else "",
        )
    )
