"""The bars of channels: their lengths, their words, and the same facts as a table."""

from __future__ import annotations

import re

from middleground.pictures.charts.channels import (
    ChannelCount,
    ChannelWords,
    channel_bars,
    channel_table,
)

WORDS = ChannelWords("Title", "Desc.", "Campaign", "Opened")
CHANNELS = [
    ChannelCount("Radio", 40, "at least 40"),
    ChannelCount("Poster & co", 10, "at least 10"),
    ChannelCount("Newsletter", 0, "fewer than 5"),
]


def test_bars_are_as_long_as_their_counts() -> None:
    svg = channel_bars(CHANNELS, WORDS)
    assert re.findall(r'width="([\d.]+)" class="pic-column"', svg) == ["384", "96"]
    assert svg.count('class="pic-track"') == 3
    assert 'viewBox="0 0 400 142"' in svg
    assert "Poster &amp; co" in svg


def test_the_description_and_the_table_tell_the_same() -> None:
    svg = channel_bars(CHANNELS, WORDS)
    told = "Desc. Radio: at least 40. Poster &amp; co: at least 10. Newsletter: fewer than 5."
    assert f">{told}</desc>" in svg
    table = channel_table(CHANNELS, WORDS)
    assert table.header == ("Campaign", "Opened")
    assert table.rows == tuple((each.name, each.told) for each in CHANNELS)


def test_where_nobody_came_no_bar_is_drawn() -> None:
    assert "pic-column" not in channel_bars([CHANNELS[2]], WORDS)
