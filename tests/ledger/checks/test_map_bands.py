"""Both verifiers derive from lower ends and a total what disclosure made from exact counts."""

from __future__ import annotations

import random

from ledger.second import needed
from middleground.disclosure.bands import consistent_bands
from middleground.ledger.checks.count.bands import (
    is_length_of_unshown,
    problems_of_opened,
    problems_of_withheld,
)
from middleground.ledger.files.map_figures import ANSWERS, Row

CELLS = [("A", "open"), ("B", "open"), ("none", "open"), ("A", "invited"), ("none", "invited")]
REST = CELLS[2]
TRIES = 400


def row_of(counts: list[int], minimum: int) -> Row:
    """The bands of one answer, as a map shows them for people in two groups and two tiers."""
    given = dict(zip(CELLS, counts, strict=True))
    others = {cell: count for cell, count in given.items() if cell != REST}
    bands, rest = consistent_bands(sum(counts), others, minimum)
    return {cell: {**bands, REST: rest}[cell] for cell in CELLS}


def tables() -> list[tuple[int, list[list[int]]]]:
    """Minimums, and the counts of each answer by cell; many of them small."""
    chance = random.Random(11)
    return [
        (
            minimum := chance.choice([1, 5, 7]),
            [
                [chance.randrange(chance.choice([1, 3, 9, 40]) * minimum) for _ in CELLS]
                for _ in "apd"
            ],
        )
        for _ in range(TRIES)
    ]


def test_honest_maps_pass() -> None:
    """Opened and withheld ones; the length of a withheld list follows from the bands."""
    seen = set()
    for minimum, counts in tables():
        rows = {answer: row_of(own, minimum) for answer, own in zip(ANSWERS, counts, strict=True)}
        totals = {answer: sum(own) for answer, own in zip(ANSWERS, counts, strict=True)}
        opened = min(totals.values()) >= minimum
        seen.add(opened)
        if opened:
            assert problems_of_opened(rows, totals, minimum) == []
            assert problems_of_withheld(rows, 1, minimum) == [
                f"is withheld, and {minimum} people or more gave each answer."
            ]
            continue
        ends = sum((total // minimum + 1) * minimum - 1 for total in totals.values())
        assert problems_of_withheld(rows, ends + 64, minimum) == []
        assert problems_of_withheld(rows, ends + 63, minimum) != []
        assert problems_of_opened(rows, totals, minimum) != []
    assert seen == {True, False}


def test_any_end_that_is_changed_shows() -> None:
    """Each end by one, and by one step, with the exact total."""
    for minimum, counts in tables()[:60]:
        row, total = row_of(counts[0], minimum), sum(counts[0])
        fitting = {
            "pass": {REST: (minimum, 2 * minimum - 1)},
            "disagree": {REST: (minimum, 2 * minimum - 1)},
        }
        totals = {"agree": total, "pass": minimum, "disagree": minimum}
        if total < minimum:
            continue
        for cell, (low, high) in row.items():
            for change in (-minimum, -1, 1, minimum):
                for band in ((low + change, high), (low, high + change)):
                    if minimum > 1 or change in (-1, 1):
                        rows = {"agree": {**row, cell: band}, **fitting}
                        assert problems_of_opened(rows, totals, minimum), (row, cell, band)


def test_the_second_verifier_gives_the_same_bands() -> None:
    asked, expected = [], []
    for minimum, counts in tables():
        row = row_of(counts[0], minimum)
        cells = [[list(cell), list(band)] for cell, band in row.items()]
        asked.append([cells, sum(counts[0]), minimum])
        expected.append(sorted(cells))
    found = needed().compute("bands", asked)
    assert [sorted(each) for each in found] == expected


def test_the_length_of_a_list_of_an_unshown_statement() -> None:
    right = [lines for lines in range(200) if is_length_of_unshown(lines)]
    assert right == [32, 48, 64, 80, 96, 128, 144, 160, 192]
