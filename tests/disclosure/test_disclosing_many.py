"""The cost of disclosing a map grows linearly with its statements, not quadratically."""

from __future__ import annotations

from disclosure.made_facts import Counts, made_facts
from middleground.disclosure.tiers import disclose_tier
from middleground.disclosure.whole_map import Disclosed, disclose
from middleground.engine.facts import MapFacts, StatementFacts, Tally, TierCounts

STATEMENTS = 400
MINIMUM = 5


class Key(int):
    """A statement number that counts how often it is compared with another number."""

    compared = 0
    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        Key.compared += 1
        return int(self) == other


def large_map() -> MapFacts:
    counts: dict[str, Counts] = {"A": (40, 10, 5), "B": (9, 30, 6)}
    return made_facts({Key(1000 + n): counts for n in range(STATEMENTS)})


def keys() -> set[int]:
    return {Key(1000 + n) for n in range(STATEMENTS)}


def test_disclosing_compares_each_statement_at_most_forty_times() -> None:
    facts, shown = large_map(), keys()
    everyone = tuple(item.everyone.tally for item in facts.statements)
    rows = tuple(tuple(rate.tally for rate in item.groups) for item in facts.statements)
    tier = TierCounts("open", 100, True, (55, 45), everyone, rows)
    Key.compared = 0
    disclosed = disclose(facts, MINIMUM, shown)
    disclose_tier(facts, tier, MINIMUM, shown)
    found = [disclosed.facts_of(key) for key in shown]
    assert None not in found
    assert Key.compared <= 40 * STATEMENTS


def test_a_linear_search_would_exceed_the_limit() -> None:
    """The control: a linear search for each statement makes quadratically many comparisons."""
    facts, shown = large_map(), keys()
    Key.compared = 0
    assert all(_looked_for(facts, key) for key in shown)
    assert Key.compared > STATEMENTS**2 / 4


def _looked_for(facts: MapFacts, key: int) -> StatementFacts | None:
    return next((item for item in facts.statements if item.statement == key), None)


def test_facts_of_gives_the_statements_own_facts() -> None:
    facts = made_facts({7: {"A": (9, 9, 9), "B": (9, 9, 9)}, 8: {"A": (9, 0, 0), "B": (0, 9, 0)}})
    disclosed: Disclosed = disclose(facts, MINIMUM, {7, 8})
    item = disclosed.facts_of(8)
    assert item is not None
    assert item.everyone.tally == Tally(7, 7, 2)
    assert (item.statement, disclosed.facts_of(9)) == (8, None)
