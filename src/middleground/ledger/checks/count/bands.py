"""Are the bands of a statement on the final map those that its sum gives?

The rule is that of docs/decisions/0016: the bands of all cells but one follow from their counts,
and the last one gets what they leave of the total. From the lower ends and the total every upper
end follows, so one wrong number shows.
"""

from __future__ import annotations

from middleground.disclosure.bands import consistent_bands
from middleground.ledger.files.map_figures import ANSWERS, REST, Place, Row
from middleground.ledger.files.vote_list import is_filled_length

Rows = dict[str, Row]


def problems_of_opened(rows: Rows, totals: dict[str, int], minimum: int) -> list[str]:
    """What contradicts the opened totals, by answer."""
    found = []
    for answer in ANSWERS:
        total, row = totals[answer], rows[answer]
        low, high = (sum(band[end] for band in row.values()) for end in (0, 1))
        if total < minimum:
            found.append(f"is opened, and fewer than {minimum} people gave the answer {answer}.")
        elif not low <= total <= high:
            found.append(f"has the sum {answer} {total}, and the map says {low} to {high}.")
        elif row != _expected(row, total, minimum):
            found.append(_not_by_rule(answer))
    return found


def problems_of_withheld(rows: Rows, lines: int, minimum: int) -> list[str]:
    """What shows that the statement should not be withheld, or not with so many lines."""
    floors = {answer: _floor(row, minimum) for answer, row in rows.items()}
    wrong = [answer for answer, floor in floors.items() if floor is None]
    if wrong:
        return [_not_by_rule(answer) for answer in wrong]
    steps = [floor for floor in floors.values() if floor is not None]
    if min(steps) >= minimum:
        return [f"is withheld, and {minimum} people or more gave each answer."]
    rest = lines - sum(floor + minimum - 1 for floor in steps)
    if not is_filled_length(rest):
        return [f"has a list of {lines} lines, which does not follow from the map."]
    return []


def is_length_of_unshown(lines: int) -> bool:
    """Whether a list of a statement that no map shows can have so many lines."""
    powers = [1 << bit for bit in range(lines.bit_length())]
    return any(is_filled_length(one) and is_filled_length(lines - one) for one in powers)


def _floor(row: Row, minimum: int) -> int | None:
    """The step of the total that these bands give; None if they are not of the rule."""
    if not row:
        return 0
    rest = _rest(row)
    if rest is None:
        return None
    others = sum(low for place, (low, _) in row.items() if place != rest)
    floor = row[rest][1] + 1 - minimum + others
    return floor if floor % minimum == 0 and row == _expected(row, floor, minimum) else None


def _expected(row: Row, total: int, minimum: int) -> Row | None:
    """The bands that the rule gives for these lower ends; None if it gives none."""
    rest = _rest(row)
    lows = {place: low for place, (low, _) in row.items() if place != rest}
    if rest is None or any(low % minimum for low in lows.values()) or sum(lows.values()) > total:
        return None
    bands, left = consistent_bands(total, lows, minimum)
    return {**bands, rest: left}


def _rest(row: Row) -> Place | None:
    """The cell that gets what the others leave: the first one of people in no group."""
    return next((place for place in row if place[0] in REST), None)


def _not_by_rule(answer: str) -> str:
    return f"has bands of the answer {answer} on the map that its rule does not give."
