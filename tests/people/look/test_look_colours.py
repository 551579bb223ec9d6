"""Contrast as WCAG computes it, and accents that can be read in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleground import core
from middleground.core.look.accent import (
    BUILT_IN,
    DARK,
    HOVER,
    LIGHT,
    PART_CONTRAST,
    TEXT_CONTRAST,
    Accent,
    accents,
    file_called,
    file_name,
    style_sheet,
)
from middleground.core.look.colours import (
    brightened,
    contrast,
    distance,
    luminance,
    mixed,
    read_colour,
)

STYLES = Path(core.__file__).parent / "styles"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # by hand, from the definition
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the grey that is just too light
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#ffff00", "#ffffff", 1.07),
    ],
)
def test_contrast(one: str, other: str, expected: float) -> None:
    assert round(contrast(one, other), 2) == round(contrast(other, one), 2) == expected


def test_luminance_of_the_three_primaries() -> None:
    found = [round(luminance(each), 4) for each in ("#ff0000", "#00ff00", "#0000ff")]
    assert found == [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#ABC", "#aabbcc"), (" 4a4a8f ", "#4a4a8f"), ("red", None), ("#12345", None), ("", None),
        ("#4a4a8f;}", None), ("#٣٣٣", None),
    ],
)  # fmt: skip
def test_what_is_read_as_a_colour(typed: str, read: str | None) -> None:
    assert read_colour(typed) == read


def readable(accent: Accent) -> bool:
    """Computed anew: words in all places where the accent stands, also under the pointer."""
    theme, colour = accent.theme, accent.colour
    pairs = [(colour, ground) for ground in (*theme.grounds, accent.soft)]
    pairs += [(colour, accent.ink), (theme.colours["ink"], accent.soft)]
    hovered = [(brightened(colour, HOVER), ground) for ground in theme.grounds]
    hovered.append((brightened(colour, HOVER), brightened(accent.ink, HOVER)))
    parts = [(colour, ground) for ground in theme.grounds]  # borders and the focus ring
    return all(contrast(*pair) >= TEXT_CONTRAST for pair in (*pairs, *hovered)) and all(
        contrast(*pair) >= PART_CONTRAST for pair in parts
    )


@settings(deadline=None, max_examples=60)
@given(COLOURS)
def test_of_any_colour_both_themes_get_an_accent_that_can_be_read(chosen: str) -> None:
    for each in accents(chosen):
        assert readable(each.used)
        assert each.is_as_chosen == readable(each.wanted)


def test_a_control_cannot_be_read() -> None:
    light, _dark = accents("#ffff00")
    assert not readable(light.wanted)
    assert round(light.wanted.measured, 2) == 1.0


def test_the_built_in_accents_stay_and_yellow_does_not_on_light_pages() -> None:
    light, dark = accents(BUILT_IN)
    assert (light.used.colour, dark.used.colour) == ("#4a4a8f", "#b3b3f0")
    assert readable(light.used)
    assert readable(dark.used)
    light, dark = accents("#ffff00")
    assert (light.used.colour, dark.used.colour) == ("#676700", "#ffff00")
    # The nearest: one step lighter cannot be read any more.
    assert not readable(accents("#6b6b00")[0].wanted)


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))


def test_the_themes_are_those_of_the_style_sheet() -> None:
    text = (STYLES / "10-base.css").read_text("utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")[:2]
    for theme, found in ((LIGHT, variables(light)), (DARK, variables(dark))):
        assert {name: found[name] for name in theme.colours} == dict(theme.colours)
        built_in = found["accent"], found["accent-ink"], found["accent-soft"]
        assert built_in == theme.built_in
    components = (STYLES / "20-components.css").read_text("utf-8")
    assert f"button:hover {{ filter: brightness({HOVER}); }}" in components


def test_the_sheet_is_small_and_changes_no_colour_of_votes_or_groups() -> None:
    sheet = style_sheet("#ffff00")
    assert len(sheet) < 300
    assert set(re.findall(r"--([a-z-]+):", sheet)) == {
        "accent", "accent-ink", "accent-soft", "focus",
    }  # fmt: skip


def test_a_file_is_found_by_its_own_name_only() -> None:
    name = file_name("accent", "#ffff00")
    assert file_called(name) == style_sheet("#ffff00")
    for wrong in (
        f"{name}0",
        name[:-1],
        name.replace("ffff00", "ffff01"),
        "accent-ffff00-00000000",
    ):
        assert file_called(wrong) is None


def test_mixing_and_distance() -> None:
    assert mixed("#ff0000", "#ffffff", 0.5) == "#ff8080"
    assert round(distance("#000000", "#ffffff"), 3) == 1.0
    assert distance("#123456", "#123456") == 0
