"""The bands in a map's document: for each statement and answer, of each population and tier.

A document is JSON. Of it these parts are read, and whatever else it holds is not judged::

    {"minimum_shown": 5,
     "statements": [{"number": 12,
                     "counts": {"A": {"agree": [20, 24], "pass": [0, 4], "disagree": [5, 9]}, …},
                     "by_tier": [{"population": "A", "tier": "open", "agree": [20, 24], …}, …]}]}

``by_tier`` is empty if there is only one tier; otherwise the counts are its sums. Populations do
not overlap. The one that is called ``none`` or ``all`` holds whoever is in no group that is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from middleground.disclosure.bands import Band
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json, whole

ANSWERS = ("agree", "pass", "disagree")
REST = ("none", "all")

Place = tuple[str, str]  # population and tier
Row = dict[Place, Band]  # the bands of one answer


@dataclass(frozen=True, slots=True)
class MapFigures:
    """The smallest number of people shown, and the bands by statement and answer."""

    minimum: int
    statements: dict[int, dict[str, Row]]


def read_map_figures(data: bytes) -> MapFigures:
    """Read a map's document. Raises ``BadRecord``."""
    document = read_json(data)
    minimum = whole(document.get("minimum_shown"))
    if not minimum:
        raise BadRecord("the smallest number of people shown is 0")
    statements: dict[int, dict[str, Row]] = {}
    for item in _list(document.get("statements")):
        number = whole(_object(item).get("number"))
        if number in statements:
            raise BadRecord(f"statement {number} stands twice")
        statements[number] = _rows(item)
    return MapFigures(minimum, statements)


def _rows(item: Mapping[str, Any]) -> dict[str, Row]:
    counts = {(name, ""): each for name, each in _object(item.get("counts")).items()}
    whole_rows = _by_answer(counts)
    parts: dict[Place, Any] = {}
    for each in _list(item.get("by_tier")):
        place = _text(_object(each).get("population")), _text(each.get("tier"))
        if place in parts:
            raise BadRecord("the people of one group and tier stand twice")
        parts[place] = each
    if not parts:
        return whole_rows
    rows = _by_answer(parts)
    if {answer: _summed(row) for answer, row in rows.items()} != whole_rows:
        raise BadRecord("counts are not the sums of those by tier")
    return rows


def _by_answer(cells: Mapping[Place, Any]) -> dict[str, Row]:
    return {
        answer: {place: _band(_object(cell).get(answer)) for place, cell in cells.items()}
        for answer in ANSWERS
    }


def _summed(row: Row) -> Row:
    found: Row = {}
    for (population, _), (low, high) in row.items():
        before = found.get((population, ""), (0, 0))
        found[population, ""] = before[0] + low, before[1] + high
    return found


def _band(value: Any) -> Band:
    ends = [whole(end) for end in _list(value)]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise BadRecord("a band is no lower and upper end")
    return ends[0], ends[1]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRecord("a part of the map has another form")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadRecord("a part of the map has another form")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadRecord("a part of the map has another form")
    return value
