"""How people answered statements, for staff: the newest map's published counts, never later votes.

Counts of the votes as they stand, however coarse, tell a single vote to whoever can bring them to
the edge of a step with votes of their own (decision 43).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.figures import words
from middleground.dialogues.results.published import newest_map
from middleground.disclosure.cells import Bands
from middleground.pictures.labels import count_range


@dataclass(frozen=True, slots=True)
class MapTally:
    """How many gave each answer, in words. ``made_at``: when the map was made; None: no map yet.

    ``answers`` is empty if the map does not have the statement. ``may_confuse``: so many pass that
    the text may be unclear.
    """

    answers: dict[str, str]
    made_at: datetime | None
    may_confuse: bool = False


def map_tallies(dialogue: Dialogue, statements: Iterable[Statement]) -> dict[int, MapTally]:
    """What the newest map tells the public of each statement."""
    published = newest_map(dialogue)
    if published is None:
        return {each.pk: MapTally({}, None) for each in statements}
    totals, minimum = published.disclosed.totals, published.minimum
    found = ((each.pk, totals.get(each.pk)) for each in statements)
    return {
        key: MapTally(_answers(bands, minimum), published.made_at, many_pass(bands))
        if bands
        else MapTally({}, published.made_at)
        for key, bands in found
    }


def many_pass(bands: Bands) -> bool:
    """Whether a third or more of the answers are passes, whatever the bands may hide."""
    high = bands.high
    return 3 * bands.low.passed >= high.agree + high.disagree + bands.low.passed > 0


def _answers(bands: Bands, minimum: int) -> dict[str, str]:
    return {
        name: count_range(getattr(bands.low, name), getattr(bands.high, name), words(), minimum)
        for name in ("agree", "disagree", "passed")
    }
