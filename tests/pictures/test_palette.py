"""The palette has the contrast and the distances for colour-blind readers that it documents."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from middleground.pictures import palette
from middleground.pictures.palette import AGREE, DISAGREE, GROUP_STYLES, INK, PAPER, PASS, SOFT

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB.
SIMULATIONS = {
    "full colour": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(linear(colour) @ weights) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Björn Ottosson's OKLab (2020)."""
    lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return lab @ np.cbrt(lms @ np.clip(rgb, 0, 1))


def closest(colours: list[str], simulation: np.ndarray) -> float:
    seen = [oklab(simulation @ linear(colour)) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


def test_the_measures_themselves() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert closest(["#ffffff", "#000000"], np.eye(3)) == pytest.approx(1, abs=1e-4)
    # A known-bad pair: traffic-light red and green look alike with deuteranopia.
    assert closest(["#a03c1c", "#5c6a1c"], np.eye(3)) > 0.14
    assert closest(["#a03c1c", "#5c6a1c"], SIMULATIONS["deuteranopia"]) < 0.07


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_graphics_have_three_to_one_and_text_four_and_a_half(theme: str) -> None:
    paper = PAPER[theme]
    graphics = [getattr(style, theme) for style in GROUP_STYLES]
    graphics += [AGREE[theme], DISAGREE[theme], PASS[theme]]
    assert [colour for colour in graphics if contrast(colour, paper) < 3] == []
    assert [c for c in (INK[theme], SOFT[theme]) if contrast(c, paper) < 4.5] == []


@pytest.mark.parametrize("simulation", SIMULATIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_of_groups_are_distinguishable(theme: str, simulation: str) -> None:
    colours = [getattr(style, theme) for style in GROUP_STYLES]
    assert closest(colours, SIMULATIONS[simulation]) > 0.075
    assert closest(colours[:4], SIMULATIONS[simulation]) > 0.14


@pytest.mark.parametrize("simulation", SIMULATIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_agree_and_disagree_are_equally_strong_and_distinguishable(
    theme: str, simulation: str
) -> None:
    weights = [contrast(colour[theme], PAPER[theme]) for colour in (AGREE, DISAGREE)]
    assert max(weights) / min(weights) < 1.3
    assert closest([AGREE[theme], DISAGREE[theme]], SIMULATIONS[simulation]) > 0.14


def test_signs_without_colour_are_all_different() -> None:
    for sign in ("shape", "hatch", "dash", "css"):
        assert len({getattr(style, sign) for style in GROUP_STYLES}) == 8


def test_the_ninth_group_has_the_firsts_colour_and_everyone_has_its_own() -> None:
    assert palette.style_of("I") is GROUP_STYLES[0]
    assert palette.style_of("B") is GROUP_STYLES[1]
    assert palette.style_of("") is palette.EVERYONE_STYLE


def test_the_stylesheet_has_the_values_of_the_palette() -> None:
    light, dark = re.findall(r"\.pic \{\n(.*?)\}", palette.css(), re.DOTALL)[:2]
    named = {
        "paper": PAPER, "ink": INK, "soft": SOFT, "line": palette.LINE,
        "agree": AGREE, "disagree": DISAGREE, "pass": PASS,
    }  # fmt: skip
    for theme, block in (("light", light), ("dark", dark)):
        expected = {f"--pic-{name}": colours[theme] for name, colours in named.items()}
        expected |= {f"--{style.css}": getattr(style, theme) for style in GROUP_STYLES}
        expected["--pic-g0"] = SOFT[theme]
        found = dict(re.findall(r"(--pic-[a-z0-9]+): (#[0-9a-f]{6});", block))
        assert found == expected


def test_the_stylesheet_loads_nothing() -> None:
    assert re.findall(r"url\(|@import|@font-face|http", palette.css()) == []
