"""Statistical disclosure control: what may be shown of small numbers. Pure functions.

Three rules make it impossible to work out a small number by subtraction:

1. A count is published as a band: 0 to 4, 5 to 9, 10 to 14 … for a minimum of 5.
2. Only counts of people who do not overlap are published: each opinion group, and a total, which
   tells of those in no group only what is left (``bands.py``). So also the exact total, which
   the ledger publishes when a dialogue closes, gives no small number away.
   Where people were admitted in several ways, each tier is counted apart, group by group; a
   group's count is the sum of its tiers' bands, so no tier can be subtracted from a whole.
3. A share is published in whole per cent, and never so close to nobody or everybody that it says
   more than the band of the count behind it.

docs/method.md (“Minimums”) explains them to readers; the tests hold an attack against them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

from middleground.disclosure.cells import Bands, Cells, cells_of, counted_tiers, joined
from middleground.disclosure.findings import told_divisive, told_middle_ground
from middleground.disclosure.robustness import Published
from middleground.engine.facts import (
    Diagnostics,
    Group,
    Integrity,
    MapFacts,
    Rate,
    Representative,
    StatementFacts,
    Tally,
    UnmetMinimum,
)

VOTE_STEPS = 10  # votes are counted in steps of ten times the minimum
_Z = 1.645  # the normal quantile of a 90 % interval

Answer = Literal["agree", "disagree"]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may leave the house.

    ``facts`` hold nothing that may not be shown, so every picture and page may draw from them:
    a tally in it is the middle of each band, and zero where the figure is withheld.
    ``cells`` has the bands, by statement, then by population and tier ("" where all were admitted
    in one way). ``parts`` is the number of tiers that make a whole.
    """

    facts: MapFacts
    cells: dict[int, Cells]
    parts: int = 1

    def bands(self, statement: int) -> dict[str, Bands]:
        """By population, all its tiers together; nothing if nobody voted."""
        cells = self.cells.get(statement, {})
        return {population: _of(population, cells) for population, _ in cells}


def stepped(count: int, step: int) -> int:
    """The count, down to a multiple of ``step``: two page loads don't reveal one person."""
    return count - count % step


def middle(count: int, minimum: int) -> int:
    """The middle of the band that the count lies in."""
    return stepped(count, minimum) + (minimum - 1) // 2


def summed_middle(counts: Iterable[int], minimum: int) -> int:
    """Of several bands: in steps, it is no more than all of them together at least are."""
    return sum(stepped(count, minimum) for count in counts) + (minimum - 1) // 2


def banded(tally: Tally, minimum: int) -> Tally:
    """The lower ends of the bands."""
    return Tally(
        stepped(tally.agree, minimum),
        stepped(tally.disagree, minimum),
        stepped(tally.passed, minimum),
    )


def drawn(bands: Bands) -> Tally:
    """The middles of the bands; nothing where no answer reaches the minimum."""
    low, high = bands.low, bands.high
    if not low.seen:
        return Tally(0, 0, 0)
    return Tally(
        (low.agree + high.agree) // 2,
        (low.disagree + high.disagree) // 2,
        (low.passed + high.passed) // 2,
    )


def tops_of(low: Tally, minimum: int) -> Tally:
    """The upper ends of bands of one step each."""
    return Tally(*(n + minimum - 1 for n in (low.agree, low.disagree, low.passed)))


def disclose(facts: MapFacts, minimum: int, shown: Collection[int]) -> Disclosed:
    """Facts and counts that may be shown, of the statements in ``shown`` only."""
    labels = {group.label for group in facts.groups if group.size >= minimum}
    tiers = {tier.name for tier in counted_tiers(facts)} or {""}
    cells: dict[int, Cells] = {}
    statements = []
    for place, item in enumerate(facts.statements):
        if item.statement in shown:
            every = cells_of(item, place, facts, labels, minimum)
            cells[item.statement] = {cell: each for cell, each in every.items() if cell[1] in tiers}
            statements.append(_statement(item, cells[item.statement], facts, minimum))
    rates = {item.statement: item.groups or (item.everyone,) for item in statements}
    groups = tuple(
        _group(group, facts, minimum, cells) for group in facts.groups if group.label in labels
    )
    published = Published(float(facts.options.get("shrinkage", 0.0)))
    safe = replace(
        facts,
        unmet_minimums=tuple(_shortfall(item, minimum) for item in facts.unmet_minimums),
        groups=groups,
        statements=tuple(statements),
        middle_ground=told_middle_ground(facts.middle_ground, rates, published),
        divisive=told_divisive(facts.divisive, rates, published),
        diagnostics=_diagnostics(facts, groups, minimum),
        integrity=_integrity(facts.integrity, minimum),
        weighting=None,  # it counts people exactly
        tiers=(),
    )
    return Disclosed(safe, cells, len(tiers))


def _statement(item: StatementFacts, cells: Cells, facts: MapFacts, minimum: int) -> StatementFacts:
    shrinkage = float(facts.options.get("shrinkage", 0.0))
    groups = tuple(
        disclosed_rate(rate, parts, minimum, shrinkage)
        for rate in item.groups
        if joined(parts := _parts_of([rate.group], cells)).high.seen
    )
    bands = _whole_of(item, cells, facts, minimum)
    if item.groups or facts.status == "too_little":
        everyone = rate_of("", bands)
    else:
        everyone = disclosed_rate(item.everyone, [bands], minimum, shrinkage)
    # Intercept and loading are the model's; with them a count could be told from its share.
    return StatementFacts(item.statement, everyone, groups, 0.0, (), (0.0, 0.0))


def _of(population: str, cells: Cells) -> Bands:
    return joined(_parts_of([population], cells))


def _parts_of(populations: Collection[str], cells: Cells) -> list[Bands]:
    return [bands for (name, _), bands in cells.items() if name in populations]


def _whole_of(item: StatementFacts, cells: Cells, facts: MapFacts, minimum: int) -> Bands:
    """The total's own band where it is everyone's; else what the tiers that count add up to."""
    if len(counted_tiers(facts)) < len(facts.tiers):
        return joined(cells.values())
    low = banded(item.everyone.tally, minimum)
    return Bands(low, tops_of(low, minimum))


def rate_of(group: str, bands: Bands) -> Rate:
    """A share from published bands alone.

    It is that of their middles. Its interval is as wide as the intervals of all counts within the
    bands together, so that the truth is in it at least as often as it says.
    """
    tally, low, high = drawn(bands), bands.low, bands.high
    if not tally.seen:
        return Rate(group, 0.0, 0.0, 1.0, tally)
    least, _ = _wilson(low.agree, low.agree + high.disagree + high.passed)
    _, most = _wilson(high.agree, high.agree + low.disagree + low.passed)
    return Rate(group, _whole(tally.agree / tally.seen), _whole(least), _whole(most), tally)


def _wilson(count: int, n: int) -> tuple[float, float]:
    """The interval of a share of ``count`` in ``n`` (Wilson, JASA 22, 1927)."""
    share = count / n
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    return centre - reach, centre + reach


def disclosed_rate(rate: Rate, parts: Sequence[Bands], minimum: int, shrinkage: float) -> Rate:
    """A share in whole per cent, kept away from nobody and everybody; or withheld.

    ``parts`` are the bands of the cells whose people it is of.
    """
    bands = joined(parts)
    tally = drawn(bands)
    if not tally.seen or _by_bands(rate, parts, minimum, shrinkage):
        return rate_of(rate.group, bands)
    told = (rate.rate, rate.low, rate.high)
    share, low, high = _guarded(told, bands.low, bands.high.seen, minimum, shrinkage)
    return Rate(rate.group, share, low, high, tally)


def _by_bands(rate: Rate, parts: Sequence[Bands], minimum: int, shrinkage: float) -> bool:
    """Whether the model does not blur the share enough, so that it would give a count away."""
    return shrinkage < minimum or _narrows(rate.rate, parts, minimum, shrinkage)


def _narrows(
    share: float,
    parts: Sequence[Bands],
    minimum: int,
    shrinkage: float,
    answer: Answer = "agree",
) -> bool:
    """Whether a share of several cells together would rule out a count of a small one of them.

    The engine's share is (A + m p) / (n + m), as below. Of A the parts' bands tell that it is from
    L to H, and where the others are known by a band each, the small one may be anything from 0 to
    minimum - 1 as long as A may reach L + minimum - 1 and H - (minimum - 1).
    """
    if len(parts) < 2 or all(getattr(part.low, answer) for part in parts):
        return False
    bands = joined(parts)
    told = share * ((bands.low.seen + bands.high.seen) / 2 + shrinkage)
    least = getattr(bands.low, answer) + minimum - 1
    most = getattr(bands.high, answer) - (minimum - 1) + shrinkage
    return not least <= told <= most


def _guarded(
    told: tuple[float, float, float], bands: Tally, most: int, minimum: int, shrinkage: float
) -> tuple[float, float, float]:
    """Shares behind which fewer than ``minimum`` people may stand all look the same.

    The engine's share is (A + m p) / (n + m), where m is the shrinkage and p the model's guess,
    which readers do not know. From e = (minimum - 1) / (n + m) on, A may still be anything from 0
    to minimum - 1; below e it may not, so e is shown, with an interval that tells no more.
    """
    share, low, high = told
    edge = (minimum - 1) / (bands.seen + shrinkage)
    if edge >= 0.5:
        return 0.5, 0.0, 1.0
    if share < edge:
        return _whole(edge), 0.0, _whole(min(1.0, 2 * edge))
    if share > 1 - edge:
        return _whole(1 - edge), _whole(max(0.0, 1 - 2 * edge)), 1.0
    # Beyond m / (n + m) even p = 1 leaves some A over, which a withheld count must not show.
    reach = int(100 * shrinkage / (most + shrinkage) - 0.5) / 100
    if (not bands.agree and share > reach) or (bands.agree == bands.seen and share < 1 - reach):
        return 0.5, 0.0, 1.0
    return _whole(share), _whole(low), _whole(high)


def _whole(share: float) -> float:
    """A share in whole per cent; halves go up, as on the page."""
    return int(min(1.0, max(0.0, share)) * 100 + 0.5) / 100


def _group(group: Group, facts: MapFacts, minimum: int, cells: dict[int, Cells]) -> Group:
    """Its size as the middle of a band; only representative statements whose share is shown."""
    representative = tuple(
        told
        for item in group.representative
        if item.statement in cells
        and (told := _representative(item, group.label, cells[item.statement], facts, minimum))
    )
    place = [known.label for known in facts.groups].index(group.label)
    tiers = [tier for tier in counted_tiers(facts) if tier.sizes]
    sizes = [tier.sizes[place] for tier in tiers] or [group.size]
    size = summed_middle(sizes, minimum)
    return Group(
        label=group.label,
        size=size,
        certain=min(size, middle(group.certain, minimum)),
        centre=(round(group.centre[0], 2), round(group.centre[1], 2)),
        covariance=(
            round(group.covariance[0], 3),
            round(group.covariance[1], 3),
            round(group.covariance[2], 3),
        ),
        representative=representative,
    )


def _representative(
    item: Representative, label: str, cells: Cells, facts: MapFacts, minimum: int
) -> Representative | None:
    """None where either share would be withheld, or tells of a small number in some cell.

    Where the group's share of agreement is told from its bands, so is this one: the two stand side
    by side.
    """
    shrinkage = float(facts.options.get("shrinkage", 0.0))
    others = {group.label for group in facts.groups} - {label}
    mine, theirs = _parts_of([label], cells), _parts_of(others, cells)
    seen = drawn(joined(mine)).seen
    answer: Answer = "agree" if item.direction == "agree" else "disagree"
    sure = min(0.99, _whole(item.probability))
    rates = next(each.groups for each in facts.statements if each.statement == item.statement)
    rate = next((each for each in rates if each.group == label), None)
    if not seen or rate is None:
        return None
    if _by_bands(rate, mine, minimum, shrinkage):
        share, rest = (_banded_share(parts, answer) for parts in (mine, theirs))
        known = Representative(item.statement, item.direction, share, rest, sure)
        return known if share > rest else None
    if any(
        _narrows(share, parts, minimum, shrinkage, answer)
        for share, parts in ((item.rate, mine), (item.rest, theirs))
    ):
        return None
    guarded, rest_guarded = (
        _guarded_share(told, joined(parts), answer, minimum, shrinkage)
        for told, parts in ((item.rate, mine), (item.rest, theirs))
    )
    if guarded is None or rest_guarded is None:
        return None
    return Representative(item.statement, item.direction, guarded, rest_guarded, sure)


def _guarded_share(
    share: float, bands: Bands, answer: Answer, minimum: int, shrinkage: float
) -> float | None:
    """The share that gives an answer, guarded by its own people's bands; None where withheld."""
    least = getattr(bands.low, answer)
    own = Tally(least, bands.low.seen - least, 0)
    told, *ends = _guarded((share, share, share), own, bands.high.seen, minimum, shrinkage)
    return None if ends == [0.0, 1.0] else told


def _banded_share(parts: Sequence[Bands], answer: Answer) -> float:
    tally = drawn(joined(parts))
    return _whole(getattr(tally, answer) / tally.seen) if tally.seen else 1.0


def _shortfall(item: UnmetMinimum, minimum: int) -> UnmetMinimum:
    if item.code != "participants":
        return item
    return replace(item, have=stepped(item.have, minimum))


def _diagnostics(facts: MapFacts, groups: tuple[Group, ...], minimum: int) -> Diagnostics:
    """Sums over groups and tiers come from their bands, so that no difference tells more."""
    given = facts.diagnostics
    people = [tier.people for tier in counted_tiers(facts)] or [given.participants]
    participants = summed_middle(people, minimum)
    eligible = min(participants, sum(group.size for group in groups))
    unsure = sum(group.size - group.certain for group in groups)
    return Diagnostics(
        participants=participants,
        eligible=eligible if groups else stepped(given.eligible, minimum),
        unsure=unsure,
        statements=given.statements,
        votes=stepped(given.votes, VOTE_STEPS * minimum),
        median_votes=float(int(given.median_votes)),
        stability=None if given.stability is None else round(given.stability, 2),
        acquiescence=None if given.acquiescence is None else round(given.acquiescence, 2),
        calibration=None if given.calibration is None else round(given.calibration, 2),
        drift=None if given.drift is None else round(given.drift, 1),
    )


def _integrity(given: Integrity, minimum: int) -> Integrity:
    """Steps of what was set aside. What copies have in common stays inside: their votes are one
    ballot, so it would tell how each of them voted."""
    return Integrity(
        looked_up=stepped(given.looked_up, VOTE_STEPS * minimum),
        near_duplicates=stepped(given.near_duplicates, minimum),
    )
