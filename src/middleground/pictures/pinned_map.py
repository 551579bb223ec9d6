"""The opinion map with a pin, for many people one after the other.

Only the pin, and the labels if one is in its way, differ by person. So all else is drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from middleground.engine.facts import MapFacts
from middleground.pictures.labels import ENGLISH, Words
from middleground.pictures.opinion_map import PeoplePicture, opinion_map
from middleground.pictures.people.described import MapOptions
from middleground.pictures.people.sheet import Point
from middleground.pictures.svg import clean

_OWN = "\0"  # stands for the labels and the pin; texts in a picture never have it
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
        options = MapOptions(zoom, rounding, minimum, href, prefix, words)
        self._people: PeoplePicture | None = None
        if facts.status == "too_little":  # nobody has a place on it
            self._empty = opinion_map(facts, statement_texts, href=href, prefix=prefix, words=words)
            return
        self._people = PeoplePicture(facts, statement_texts, options)
        drawn = self._people.with_own_part("", _OWN)
        self._description, _, rest = drawn.partition(_END_OF_DESCRIPTION)
        self._before, _, self._after = rest.partition(_OWN)

    def svg(self, you: Point) -> str:
        if self._people is None:
            return self._empty
        about, own = self._people.own_part(you)
        described = f"{self._description} {clean(about)}{_END_OF_DESCRIPTION}"
        return f"{described}{self._before}{own}{self._after}"
