"""The map that is drawn for many people is, for each, the map that is drawn for one."""

from __future__ import annotations

from itertools import product

import pytest

from middleground.engine.facts import Group
from middleground.pictures import PinnedMap, opinion_map
from middleground.pictures.opinion_map import Point, _draw
from pictures.samples import A, B, facts

C = Group("C", 60, 40, (-1.6, 0.4), (0.5, 0.3, 0.4), ())
TEXTS = {7: "Ships at night </desc> only & “quietly”."}
# Within and beyond the groups, on their labels and beside them.
PLACES: list[Point] = [(x / 4, y / 4) for x, y in product(range(-14, 15), range(-6, 7))]


@pytest.mark.parametrize("zoom", [None, "A"])
@pytest.mark.parametrize("groups", [(A, B), (A, B, C)])
def test_each_picture_is_that_of_the_plain_map(
    groups: tuple[Group, ...], zoom: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, anew = facts(*groups), []
    how = {"zoom": zoom, "rounding": 5, "href": lambda label: f"/group/{label}/"}
    pinned = PinnedMap(found, TEXTS, **how)
    monkeypatch.setattr(
        "middleground.pictures.pinned_map._draw",
        lambda *arguments: anew.append(arguments[2].you) or _draw(*arguments),
    )
    pictures = {you: pinned.svg(you) for you in PLACES}
    assert pictures == {you: opinion_map(found, TEXTS, you=you, **how) for you in PLACES}
    # Drawn anew only for those who lie beyond all groups, and not at all for a zoomed map.
    assert all(abs(x) > 2.5 or abs(y) > 0.9 for x, y in anew)
    assert (len(anew) > 0) == (zoom is None)
    assert len(set(pictures.values())) == len(PLACES) if zoom is None else len(pictures) > 50


@pytest.mark.parametrize("status", ["one_group", "too_little"])
def test_a_map_without_groups_is_drawn_anew(status: str) -> None:
    found = facts(A, status=status)  # type: ignore[arg-type]
    pinned = PinnedMap(found, TEXTS)
    for you in PLACES[::40]:
        assert pinned.svg(you) == opinion_map(found, TEXTS, you=you)
