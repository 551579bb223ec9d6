"""Every published number of participants is a function of the bands and the minimum.

The tests change counts within their bands, and change every other number that the engine gives. The
disclosed map must stay identical. Shares of the model that are published stay unchanged; another
test checks what they reveal beside a withheld count.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest

from disclosure.made_facts import Counts, made_facts
from middleground.disclosure.cells import Bands
from middleground.disclosure.disclosed import Disclosed
from middleground.disclosure.shares import rate_from_bands
from middleground.disclosure.tiers import disclose_tier
from middleground.disclosure.whole_map import disclose
from middleground.engine.facts import (
    DuplicateClusterFacts,
    Finding,
    Group,
    Integrity,
    MapFacts,
    Mark,
    Rate,
    Representative,
    Robustness,
    StatementFacts,
    Tally,
    TierCounts,
    UnmetMinimum,
    Weighting,
)

MINIMUMS = (5, 6, 10, 40)
SHRINKAGES = (0.0, 5.0, 20.0, 50.0)
ANSWERS = ("agree", "disagree", "passed")
STATEMENTS = (1, 2, 3, 4)
LABELS = ("A", "B", "C")
LATTICE = 0.29  # of the places on the made maps: (6 + 4 sqrt(.5)) / 24, rounded up to two digits
Table = list[int]  # each group's count of one answer, then the count outside all groups
Leak = Callable[[MapFacts, Disclosed], Disclosed]


def made(minimum: int, shrinkage: float, rng: random.Random, tiers: tuple[str, ...]) -> MapFacts:
    """A map of three groups with random counts, some of them below the minimum."""
    tables = {
        tier: {key: [_table(minimum, rng) for _ in ANSWERS] for key in STATEMENTS}
        for tier in tiers or ("",)
    }
    sums = {
        key: [
            [sum(tables[tier][key][a][place] for tier in tables) for a in range(3)]
            for place in range(len(LABELS) + 1)
        ]
        for key in STATEMENTS
    }
    by_group: dict[int, dict[str, Counts]] = {
        key: {label: _counts(sums[key][place]) for place, label in enumerate(LABELS)}
        for key in STATEMENTS
    }
    facts = made_facts(by_group, error=rng.uniform(-0.3, 0.3), shrinkage=shrinkage)
    statements = tuple(
        replace(
            item,
            everyone=replace(
                item.everyone,
                tally=Tally(*(sum(column) for column in zip(*sums[item.statement], strict=True))),
            ),
        )
        for item in facts.statements
    )
    return _with_what_else_is_counted(replace(facts, statements=statements), tables, minimum)


def _with_what_else_is_counted(
    facts: MapFacts, tables: dict[str, dict[int, list[Table]]], minimum: int
) -> MapFacts:
    by_tier = tuple(
        _tier_counts(tier, tables[tier], counted=tier != "unconfirmed") for tier in tables if tier
    )
    sizes = [sum(counts.sizes[g] for counts in by_tier if counts.counted) for g in range(3)]
    groups = tuple(
        replace(group, size=size or group.size, certain=(size or group.size) // 2)
        for group, size in zip(facts.groups, sizes, strict=True)
    )
    known = replace(facts.diagnostics, votes=137 * minimum + 1, median_votes=9.0)
    integrity = Integrity(looked_up=23 * minimum, near_duplicates=3 * minimum + 1)
    short = (UnmetMinimum("participants", 3 * minimum, 15), UnmetMinimum("statements", 4, 7))
    return replace(
        facts,
        people_per_mark=minimum,
        marks=tuple(
            Mark(group.label, LATTICE * k, -LATTICE * place)
            for place, group in enumerate(groups)
            for k in range(group.size // minimum)
        ),
        groups=groups,
        tiers=by_tier,
        diagnostics=known,
        integrity=integrity,
        unmet_minimums=short,
    )


def _table(minimum: int, rng: random.Random) -> Table:
    return [rng.randrange(rng.choice((minimum, 4 * minimum, 12 * minimum))) for _ in range(4)]


def _counts(row: list[int]) -> Counts:
    agree, disagree, passed = row
    return agree, disagree, passed


def _tier_counts(tier: str, tables: dict[int, list[Table]], *, counted: bool) -> TierCounts:
    rows = {
        key: [Tally(*(answer[place] for answer in table)) for place in range(4)]
        for key, table in tables.items()
    }
    everyone = tuple(Tally(*(sum(answer) for answer in table)) for table in tables.values())
    sizes = tuple(max(row[place].seen for row in rows.values()) for place in range(3))
    participants = max(tally.seen for tally in everyone)
    return TierCounts(
        tier, participants, counted, sizes, everyone, tuple(tuple(row[:3]) for row in rows.values())
    )


class Changed:
    """Copies a map with every count moved within its band and every undisclosed number changed."""

    def __init__(self, minimum: int, shrinkage: float, rng: random.Random) -> None:
        self.minimum, self.rng = minimum, rng
        self.model_speaks = shrinkage >= minimum

    def of(self, facts: MapFacts) -> MapFacts:
        by_tier, statements = self._counts(facts)
        known, given = facts.diagnostics, facts.integrity
        return replace(
            facts,
            statements=tuple(self._statement(item) for item in statements),
            groups=tuple(self._group(group) for group in facts.groups),
            marks=tuple(self._mark(mark) for mark in facts.marks),
            middle_ground=tuple(self._finding(item) for item in facts.middle_ground),
            divisive=tuple(self._finding(item) for item in facts.divisive),
            tiers=by_tier,
            unmet_minimums=tuple(
                replace(item, have=self._within(item.have)) if item.code == "participants" else item
                for item in facts.unmet_minimums
            ),
            diagnostics=replace(
                known,
                participants=self._within(known.participants),
                eligible=self._within(known.eligible),
                unsure=self.rng.randrange(1000),
                votes=self._within(known.votes, 10 * self.minimum),
                median_votes=int(known.median_votes) + self.rng.choice((0.0, 0.5)),
            ),
            integrity=Integrity(
                self._within(given.looked_up, 10 * self.minimum),
                self._within(given.near_duplicates),
                self.rng.randrange(9),
                (DuplicateClusterFacts(self.rng.randrange(9), (1, 2)),),
            ),
            weighting=Weighting(("age",), self.rng.randrange(99), 7.0, 2.0, 0.0, (), True, (1.0,)),
        )

    def _within(self, count: int, step: int = 0) -> int:
        step = step or self.minimum
        return count - count % step + self.rng.randrange(step)

    def _counts(self, facts: MapFacts) -> tuple[tuple[TierCounts, ...], tuple[StatementFacts, ...]]:
        """Other counts in the same bands, for each group in each tier and for the total."""
        if not facts.tiers:
            return (), tuple(self._whole(item) for item in facts.statements)
        everyone: list[list[Tally]] = [[] for _ in facts.tiers]
        groups: list[list[tuple[Tally, ...]]] = [[] for _ in facts.tiers]
        statements = []
        for place, item in enumerate(facts.statements):
            rows = [(c.everyone[place], *c.groups[place]) for c in facts.tiers]
            moved = self._moved(rows, [c.counted for c in facts.tiers])
            for tier, row in enumerate(moved):
                everyone[tier].append(row[0])
                groups[tier].append(row[1:])
            sums = [_sum(column) for column in zip(*moved, strict=True)]
            statements.append(_with_tallies(item, sums[0], sums[1:]))
        by_tier = tuple(
            replace(
                counts,
                participants=self._within(counts.participants),
                sizes=tuple(self._within(size) for size in counts.sizes),
                everyone=tuple(everyone[place]),
                groups=tuple(groups[place]),
            )
            for place, counts in enumerate(facts.tiers)
        )
        return by_tier, tuple(statements)

    def _whole(self, item: StatementFacts) -> StatementFacts:
        (row,) = self._moved([(item.everyone.tally, *(rate.tally for rate in item.groups))], [True])
        return _with_tallies(item, row[0], list(row[1:]))

    def _moved(self, rows: list[tuple[Tally, ...]], counted: list[bool]) -> list[tuple[Tally, ...]]:
        """The same rows with other counts: one row a tier, each a total and its groups."""
        answers = [
            self._answer([[getattr(t, name) for t in r] for r in rows], counted) for name in ANSWERS
        ]
        return [
            tuple(Tally(*(answer[tier][place] for answer in answers)) for place in range(len(row)))
            for tier, row in enumerate(rows)
        ]

    def _answer(self, rows: list[list[int]], counted: list[bool]) -> list[list[int]]:
        """Other counts of one answer; the first tier absorbs the difference outside all groups.

        The total in the ledger is of the tiers that count.
        """
        total = sum(row[0] for row, counts in zip(rows, counted, strict=True) if counts)
        while True:
            groups = [[self._within(count) for count in row[1:]] for row in rows]
            others = [self._within(row[0] - sum(row[1:])) for row in rows[1:]]
            known = [*zip(groups[1:], others, counted[1:], strict=True)]
            used = sum(sum(own) + out for own, out, counts in known if counts)
            rest = self._within(total) - sum(groups[0]) - used
            if rest >= 0:
                outside = [rest, *others]
                return [[sum(g) + out, *g] for g, out in zip(groups, outside, strict=True)]

    def _statement(self, item: StatementFacts) -> StatementFacts:
        """Other engine numbers; the shares change only where they are not published."""
        return replace(
            item,
            everyone=self._rate(item.everyone),
            groups=tuple(self._rate(rate) for rate in item.groups),
            intercept=self.rng.random(),
            loading=(self.rng.random(),) * 4,
            # Which statements pull most along an axis is told, but not how much they pull.
            direction=(2 * item.direction[0], 2 * item.direction[1]),
        )

    def _mark(self, mark: Mark) -> Mark:
        off = 0.49 * LATTICE
        return replace(
            mark, x=mark.x + self.rng.uniform(-off, off), y=mark.y + self.rng.uniform(-off, off)
        )

    def _rate(self, rate: Rate) -> Rate:
        if self.model_speaks:
            return rate
        share = self.rng.random()
        return Rate(rate.group, share, share / 2, (1 + share) / 2, rate.tally)

    def _group(self, group: Group) -> Group:
        return replace(
            group,
            size=self._within(group.size),
            certain=self._within(group.certain),
            representative=tuple(self._representative(item) for item in group.representative),
        )

    def _representative(self, item: Representative) -> Representative:
        if self.model_speaks:
            return item
        return replace(item, rate=self.rng.random(), rest=self.rng.random())

    def _finding(self, item: Finding) -> Finding:
        fakes = Robustness(self.rng.randrange(99), ("A",), "agree", self.rng.random() < 0.5)
        return replace(item, score=self.rng.random(), margin=self.rng.random(), robustness=fakes)


def _sum(tallies: tuple[Tally, ...]) -> Tally:
    return Tally(*(sum(getattr(tally, name) for tally in tallies) for name in ANSWERS))


def _with_tallies(item: StatementFacts, everyone: Tally, groups: list[Tally]) -> StatementFacts:
    rates = tuple(replace(r, tally=t) for r, t in zip(item.groups, groups, strict=True))
    return replace(item, everyone=replace(item.everyone, tally=everyone), groups=rates)


def pairs(minimum: int, shrinkage: float, tiers: tuple[str, ...]) -> Iterator[tuple[MapFacts, ...]]:
    """Pairs of different maps whose counts lie in the same bands."""
    for seed in range(25):
        rng = random.Random(seed)
        facts = made(minimum, shrinkage, rng, tiers)
        if min(group.size for group in facts.groups) >= minimum:
            yield facts, Changed(minimum, shrinkage, rng).of(facts)


@pytest.mark.parametrize("minimum", MINIMUMS)
@pytest.mark.parametrize("shrinkage", SHRINKAGES)
@pytest.mark.parametrize("tiers", [(), ("invited", "open"), ("open", "unconfirmed")])
def test_maps_with_counts_in_the_same_bands_are_disclosed_alike(
    minimum: int, shrinkage: float, tiers: tuple[str, ...]
) -> None:
    tried = 0
    for facts, other in pairs(minimum, shrinkage, tiers):
        assert facts != other
        shown = disclose(facts, minimum, set(STATEMENTS))
        again = disclose(other, minimum, set(STATEMENTS))
        assert shown.cells == again.cells
        assert shown.facts == again.facts
        for counts, another in zip(facts.tiers, other.tiers, strict=True):
            one = disclose_tier(facts, counts, minimum, set(STATEMENTS))
            two = disclose_tier(other, another, minimum, set(STATEMENTS))
            assert (one.cells, one.facts) == (two.cells, two.facts)
        tried += 1
    assert tried > 15


@pytest.mark.parametrize(
    "name",
    ["unmet_minimums", "diagnostics", "integrity", "weighting", "statements", "groups", "marks"],
)
def test_undisclosed_engine_fields_would_differ(name: str) -> None:
    """The control: an undisclosed field of the engine differs in most pairs."""
    same = []
    for facts, other in pairs(5, 0.0, ()):
        shown, again = (
            replace(disclose(each, 5, set(STATEMENTS)).facts, **{name: getattr(each, name)})
            for each in (facts, other)
        )
        same.append(shown == again)
    assert same.count(False) > len(same) / 2


def possible_counts(
    share: float | None, bands: tuple[Bands, str], minimum: int, shrinkage: float
) -> set[int]:
    """The counts of one answer that fit a share if the model's guess is anything from 0 to 1.

    All shares below the edge are published alike, as a bound (None), so each of these counts fits.
    """
    found, name = bands
    participants = range(found.low.seen, found.high.seen + 1)
    edge = (minimum - 1) / (found.low.seen + shrinkage)
    left = set()
    for count in range(getattr(found.low, name), getattr(found.high, name) + 1):
        for n in participants:
            least, most = (count / (n + shrinkage), (count + shrinkage) / (n + shrinkage))
            if share is None:
                fits = least < edge
            else:
                fits = least - 0.005 <= share + 1e-9 and share - 1e-9 <= most + 0.005
            if fits:
                left.add(count)
    return left


@pytest.mark.parametrize("minimum", MINIMUMS)
@pytest.mark.parametrize("shrinkage", [5.0, 20.0, 50.0])
@pytest.mark.parametrize("guess", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("small", ["agree", "disagree"])
def test_a_share_leaves_every_count_below_the_minimum_possible(
    minimum: int, shrinkage: float, guess: float, small: str
) -> None:
    """This holds for wrong guesses of the model too, where its share lies far from the count's."""
    for few, times in product(range(minimum), (3, 12, 40)):
        participants = times * minimum
        counts = (few, participants - few, 0) if small == "agree" else (participants - few, few, 0)
        facts = made_facts(
            {1: {"A": counts, "B": (participants, participants, 0)}}, shrinkage=shrinkage
        )
        share = (few + shrinkage * guess) / (participants + shrinkage)
        if small == "disagree":
            share = 1 - share
        (item,) = facts.statements
        rate = Rate("A", share, share / 2, (1 + share) / 2, item.groups[0].tally)
        facts = replace(facts, statements=(replace(item, groups=(rate, item.groups[1])),))
        disclosed = disclose(facts, minimum, {1})
        (shown,), bands = disclosed.facts.statements, disclosed.bands(1)["A"]
        told = shown.groups[0]
        assert not getattr(bands.low, small)
        if told == rate_from_bands("A", bands) or (told.low <= 0 and told.high >= 1):
            continue  # the bands say as much
        share = told.rate
        if share is not None and small == "disagree":
            share = 1 - share
        left = possible_counts(share, (bands, small), minimum, shrinkage)
        assert set(range(minimum)) <= left


@pytest.mark.parametrize("minimum", MINIMUMS)
def test_a_group_of_exactly_the_minimum_is_shown(minimum: int) -> None:
    facts = made_facts({1: {"A": (minimum, 0, 0), "B": (0, minimum - 1, 0)}})
    disclosed = disclose(facts, minimum, {1})
    assert [group.label for group in disclosed.facts.groups] == ["A"]
