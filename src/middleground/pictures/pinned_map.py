"""The opinion map with a pin, for many people one after the other.

Only the pin and the labels near it differ by person, unless somebody lies beyond all groups, so
that the whole map is drawn smaller. So all else is drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from middleground.engine.facts import MapFacts
from middleground.pictures.labels import ENGLISH, Words
from middleground.pictures.layout import Box, extent_of
from middleground.pictures.opinion_map import (
    Point,
    _draw,
    _Frame,
    _frame,
    _is_on_sheet,
    _labels,
    _Options,
    _pin,
    _pin_boxes,
    _plane,
)
from middleground.pictures.svg import clean

_HERE = "\0"  # stands for the labels and the pin; texts in a picture never have it
_END_OF_DESCRIPTION = "</desc>"


class PinnedMap:
    """Draws exactly what ``opinion_map`` draws for each ``you``. Thread-safe."""

    def __init__(
        self,
        facts: MapFacts,
        statement_texts: Mapping[int, str],
        *,
        zoom: str | None = None,
        rounding: int = 1,
        minimum: int = 5,
        href: Callable[[str], str] | None = None,
        prefix: str = "map",
        words: Words = ENGLISH,
    ) -> None:
        options = _Options(None, zoom, rounding, minimum, href, prefix, words)
        self._facts, self._texts = facts, statement_texts
        self._options = replace(options, frame=_frame(facts, options))
        self._plane, self._extent = _plane(facts, self._options), extent_of(facts.groups)
        self._label_boxes: list[Box] = []
        self._labels = _labels(self._plane, facts, self._options, self._label_boxes)
        drawn = _draw(facts, statement_texts, self._options, labels_and_pin=_HERE)
        self._description, _, picture = drawn.partition(_END_OF_DESCRIPTION)
        self._before, _, self._after = picture.partition(_HERE)

    def svg(self, you: Point) -> str:
        options = replace(self._options, you=you)
        if not self._shows(you):
            options = replace(options, frame=_Frame())
            return _draw(
                self._facts, self._texts, replace(options, frame=_frame(self._facts, options))
            )
        plane = self._plane
        taken = _pin_boxes(plane, options)
        if any(box.grown(2).overlap(taken[0]) for box in self._label_boxes):
            labels = _labels(plane, self._facts, options, taken)
        else:  # a place that the pin makes no worse stays the best
            labels = self._labels
            taken += self._label_boxes
        words = options.words
        seen = _is_on_sheet(plane.point(*you), options.frame)
        about = clean(words.you_desc if seen else words.you_outside)
        pin = _pin(plane, options, taken)
        return (
            f"{self._description} {about}{_END_OF_DESCRIPTION}"
            f"{self._before}{labels}{pin}{self._after}"
        )

    def _shows(self, you: Point) -> bool:
        """Whether this place is on the map that everybody sees, which then stays as large."""
        if self._facts.status != "groups":
            return False
        return self._options.zoom is not None or self._extent.holds(*you)
