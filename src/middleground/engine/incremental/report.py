"""A map between two that are computed from all votes: the counting goes on, the model stays.

Rates, counts, sizes and what would overturn a finding follow the votes. Fit, groups, tests of
findings and what characterises a group are those of the last whole map. So a label can be lost
here, and come back; only a whole map, which tests it, gives it for the first time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from middleground.engine import facts
from middleground.engine.findings.labels import Ranking, divisive, middle_ground
from middleground.engine.findings.rates import WeightedCounts, posteriors
from middleground.engine.findings.robustness import (
    FakesNeeded,
    GroupCounts,
    fakes_against_divisive,
    fakes_against_middle_ground,
)
from middleground.engine.findings.tested import (
    UNTESTED,
    RateRow,
    fakes_by_column,
    to_findings,
    with_fakes,
)
from middleground.engine.incremental.state import State
from middleground.engine.pipeline.build_facts import QUANTILE, rate_rows, statement_facts
from middleground.engine.votes import IntArray, Votes


def carried_on(whole: facts.MapFacts, state: State, input_hash: str) -> facts.MapFacts | None:
    """The map as ``state`` tells it. ``whole`` is the map that the state was made of.

    None where a whole map is due: by drift or growth, or for a label that nobody has tested.
    """
    if state.is_stale:
        return None
    divided, full = whole.status == "groups", _evidence(state)
    cell, options = full.cells()[0], state.ground.options
    labels = list(state.ground.labels) if divided else [""]
    rows = rate_rows(labels, cell, full.counts, options.interval)
    drawn, needs = (state.statements, labels, rows), (full.seen, options.min_group, QUANTILE)
    agreed = _findings(
        middle_ground(cell, *needs),
        whole.middle_ground,
        lambda columns: fakes_against_middle_ground(full, columns),
        drawn,
    )
    parted: tuple[facts.Finding, ...] | None = ()
    if divided:
        parted = _findings(
            divisive(cell, full.counts[1] > full.counts[0], *needs),
            whole.divisive,
            lambda columns: fakes_against_divisive(full, columns),
            drawn,
        )
    if agreed is None or parted is None:
        return None
    return replace(
        whole,
        groups=_groups(whole.groups, state),
        statements=_statements(state, rows if divided else []),
        middle_ground=agreed,
        divisive=parted,
        diagnostics=_diagnostics(whole.diagnostics, state, divided=divided),
        integrity=_integrity(whole.integrity, state),
        input_hash=input_hash,
        carries=whole.input_hash,
    )


def hash_onward(before: str, votes: Votes, people: IntArray) -> str:
    """The input hash after these people's votes have become these: of the one before, and them."""
    counted = votes.counted()
    digest = hashlib.sha256(bytes.fromhex(before))
    order = np.lexsort((counted.statement, counted.participant))
    for column in (people, counted.participant[order], counted.statement[order]):
        digest.update(len(column).to_bytes(8, "little") + column.astype("<i8").tobytes())
    digest.update(counted.value[order].astype("<i1").tobytes())
    return digest.hexdigest()


def _evidence(state: State) -> GroupCounts:
    ground, told = state.ground, state.told
    return GroupCounts(
        told.weighed,
        told.counts,
        (ground.agree, ground.disagree),
        ground.options.shrinkage,
        ground.options.min_group,
        QUANTILE,
    )


def _groups(whole: tuple[facts.Group, ...], state: State) -> tuple[facts.Group, ...]:
    sizes, sure = state.told.sizes.tolist(), state.told.sure.tolist()
    return tuple(
        replace(group, size=size, certain=certain)
        for group, size, certain in zip(whole, sizes, sure, strict=True)
    )


def _statements(state: State, rows: list[RateRow]) -> tuple[facts.StatementFacts, ...]:
    mean, scale = state.posterior.mean, state.ground.scale
    return tuple(statement_facts(state.statements, mean, scale, _everyone(state), rows))


def _everyone(state: State) -> list[RateRow]:
    """Rates of all together: here also those count who have too few votes to shape the map."""
    counts, options = state.told.everyone[:, None], state.ground.options
    seen = counts.sum(axis=0).astype(float)
    weighed = WeightedCounts(seen, seen, seen, counts[0].astype(float), counts[1].astype(float))
    expected = state.ground.everyone[:1], state.ground.everyone[1:]
    cell = posteriors(weighed, expected, options.shrinkage)[0]
    return rate_rows([""], cell, counts, options.interval)


def _findings(
    ranking: Ranking,
    whole: tuple[facts.Finding, ...],
    overturn: Callable[[IntArray], list[FakesNeeded]],
    drawn: tuple[IntArray, list[str], list[RateRow]],
) -> tuple[facts.Finding, ...] | None:
    """Ranked anew. None where one would gain a label that the whole map's tests have not seen."""
    statements, labels, rows = drawn
    tested = {item.statement: item for item in whole}
    earlier = [tested.get(one) for one in statements[ranking.column].tolist()]
    holds = ranking.holds.copy()
    for place in np.flatnonzero(holds).tolist():
        was = earlier[place]
        if was is None or not (was.holds or _fell(was)):
            return None
        holds[place] = was.holds
    needed = fakes_by_column(ranking.column[holds], overturn(ranking.column[holds]))
    told = [
        with_fakes(was.robustness if was else UNTESTED, needed.get(column), labels)
        for column, was in zip(ranking.column.tolist(), earlier, strict=True)
    ]
    return to_findings(ranking, statements, rows, holds, told)


def _fell(was: facts.Finding) -> bool:
    """Whether a test took the label away."""
    tests = was.robustness
    return tests.lost_without_most_active or bool(tests.lost_without)


def _diagnostics(whole: facts.Diagnostics, state: State, *, divided: bool) -> facts.Diagnostics:
    told = state.told
    voted = told.lengths[1:]
    return replace(
        whole,
        participants=int(voted.sum()),
        eligible=int(told.sizes.sum()),
        unsure=int((told.sizes - told.sure).sum()) if divided else 0,
        statements=len(state.statements),
        votes=int(told.everyone.sum()),
        median_votes=_median(voted),
        drift=round(state.drift, 3) + 0.0,
    )


def _median(people: IntArray) -> float:
    """Of the votes that each gave; ``people`` by how many: 1, 2, ..."""
    total, upto = int(people.sum()), np.cumsum(people)
    if not total:
        return 0.0
    middle = np.searchsorted(upto, [(total + 1) // 2, total // 2 + 1]) + 1
    return float(middle.mean())


def _integrity(whole: facts.Integrity, state: State) -> facts.Integrity:
    """Where all came in one way, as many shape the map as are in its groups."""
    if len(whole.tiers) != 1:
        return whole
    only = replace(whole.tiers[0], eligible=int(state.told.sizes.sum()))
    return replace(whole, tiers=(only,))
