"""The map that is drawn for many people is, for each, the map that is drawn for one."""

from __future__ import annotations

from itertools import product

import pytest

from middleground.engine.facts import Group, Mark
from middleground.pictures import PinnedMap, opinion_map
from middleground.pictures.people.sheet import Point
from pictures.samples import MARKS, A, B, facts

C = Group("C", 60, 40, (-1.6, 0.4), (0.5, 0.3, 0.4), ())
TEXTS = {7: "Ships at night </desc> only & “quietly”."}
# Within and beyond the groups, on their labels and beside them.
PLACES: list[Point] = [(x / 4, y / 4) for x, y in product(range(-18, 19), range(-9, 10))]


@pytest.mark.parametrize("zoom", [None, "A"])
@pytest.mark.parametrize("groups", [(A, B), (A, B, C)])
@pytest.mark.parametrize("marks", [(), MARKS])
def test_each_picture_is_that_of_the_plain_map(
    groups: tuple[Group, ...], zoom: str | None, marks: tuple[Mark, ...]
) -> None:
    found = facts(*groups, marks=marks)
    how = {"zoom": zoom, "rounding": 5, "href": lambda label: f"/group/{label}/"}
    pinned = PinnedMap(found, TEXTS, **how)
    pictures = {you: pinned.svg(you) for you in PLACES}
    assert pictures == {you: opinion_map(found, TEXTS, you=you, **how) for you in PLACES}
    assert len(set(pictures.values())) > 40


def test_labels_move_only_if_the_pin_would_cover_them() -> None:
    plain = opinion_map(facts(A, B, marks=MARKS))
    pinned = PinnedMap(facts(A, B, marks=MARKS), {})
    letter = '<text x="'
    moved = [
        you for you in PLACES if plain.count(letter) and not _has_labels_of(plain, pinned, you)
    ]
    assert 0 < len(moved) < len(PLACES) / 3


def _has_labels_of(plain: str, pinned: PinnedMap, you: Point) -> bool:
    start = plain.index('<path d="M', plain.index("pic-people"))  # the first label's shape
    labels = plain[start : plain.index("</g>", start)]
    return labels in pinned.svg(you)


@pytest.mark.parametrize("status", ["one_group", "too_little"])
def test_a_map_without_groups(status: str) -> None:
    for sample in (facts(A, status=status, marks=MARKS[:4]), facts(status=status)):  # type: ignore[arg-type]
        pinned = PinnedMap(sample, TEXTS)
        for you in PLACES[::40]:
            assert pinned.svg(you) == opinion_map(sample, TEXTS, you=you)
