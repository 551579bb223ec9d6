"""The document of a final map, as far as verifiers read it: its bands, made from exact counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from middleground.disclosure.bands import consistent_bands

ANSWERS = {"agree": 1, "pass": 0, "disagree": -1}

Counts = dict[str, tuple[int, int, int]]  # by population: agree, pass, disagree


def counts_of(votes: Iterable[tuple[str, int]]) -> Counts:
    """Counts of votes that are given as population and answer."""
    given = list(votes)
    names = sorted({name for name, _ in given if name != "none"})
    return {
        name: (given.count((name, 1)), given.count((name, 0)), given.count((name, -1)))
        for name in (*names, "none")
    }


def bands_of(counts: Counts, minimum: int) -> dict[str, dict[str, list[int]]]:
    """The bands by population and answer; ``none`` gets the rest of the total."""
    found: dict[str, dict[str, list[int]]] = {name: {} for name in counts}
    for place, answer in enumerate(ANSWERS):
        others = {name: count[place] for name, count in counts.items() if name != "none"}
        total = sum(count[place] for count in counts.values())
        bands, rest = consistent_bands(total, others, minimum)
        for name, band in {**bands, "none": rest}.items():
            found[name][answer] = list(band)
    return found


def map_data(statements: dict[int, Counts], minimum: int) -> dict[str, Any]:
    return {
        "minimum_shown": minimum,
        "statements": [
            {"number": number, "counts": bands_of(counts, minimum), "by_tier": []}
            for number, counts in statements.items()
        ],
    }


def map_bytes(data: dict[str, Any]) -> bytes:
    return f"{json.dumps(data, indent=1)}\n".encode()
