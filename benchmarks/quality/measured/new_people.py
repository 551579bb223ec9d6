"""Compares the claims of a map of one half of the participants with the votes of the other half.

Everyone is judged by the groups of their own map, into which the other half's people are placed by
their own votes; and, because a method might choose easy groups, by the other method's too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from middleground.engine import OpinionMap, Options, Votes, analyse, project
from middleground.engine.facts import Rate
from quality import red_dwarf
from quality.data import SEEDS, Floats, conversations, part
from quality.scores import percentile

SHARES = (1.0, 0.25)
_TOP, _SEEN, _KNOWN = 10, 5, 12
Cells = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True)
class Claims:
    """A map's groups, and per statement a score and each group's rate."""

    groups: int
    place: Callable[[Sequence[int], Sequence[int]], int]
    score: dict[int, float]
    rate: dict[int, list[float]]
    interval: dict[int, tuple[Rate, ...]]


def of_map(found: OpinionMap) -> Claims:
    def place(asked: Sequence[int], values: Sequence[int]) -> int:
        return int(np.argmax(project(found.facts, asked, values).membership))

    items = found.middle_ground
    return Claims(
        len(found.groups),
        place,
        {item.statement: item.score for item in items},
        {item.statement: [r.rate for r in item.groups] for item in items},
        {i.statement: i.groups for i in items if i.groups[0].has_interval},
    )


def of_red_dwarf(found: dict[str, Any]) -> Claims:
    at = {s: j for j, s in enumerate(found["statements"])}
    mean, axes = np.array(found["mean"]), np.array(found["axes"]).T
    points = dict(zip(found["people"], found["points"], strict=True))
    group = np.array(found["group"])
    members = np.array([points[p] for p in found["members"]])
    centres = np.array([members[group == g].mean(axis=0) for g in range(group.max() + 1)])

    def place(asked: Sequence[int], values: Sequence[int]) -> int:
        known = [(at[s], v) for s, v in zip(asked, values, strict=True) if s in at]
        column, value = np.array(known).T if known else np.zeros((2, 0), dtype=int)
        scale = np.sqrt(len(at) / max(len(known), 1))
        point = (value - mean[column]) @ axes[column] * scale
        return int(np.argmin(np.square(centres - point).sum(axis=1)))

    return Claims(
        len(centres),
        place,
        dict(zip(at, found["consensus"], strict=True)),
        {s: [row[j] for row in found["share"]] for s, j in at.items()},
        {},
    )


def counted(claims: Claims, votes: Votes) -> Cells:
    """Count (agree, seen) per statement and group among participants who are not in the map."""
    counts: dict[int, list[list[int]]] = {}
    order = np.argsort(votes.participant, kind="stable")
    starts = np.flatnonzero(np.diff(votes.participant[order], prepend=-1))
    for own in np.split(order, starts[1:]):
        if len(own) < 7:
            continue
        asked, values = votes.statement[own].tolist(), votes.value[own].tolist()
        group = claims.place(asked, values)
        for statement, value in zip(asked, values, strict=True):
            cell = counts.setdefault(statement, [[0, 0] for _ in range(claims.groups)])[group]
            cell[0] += value == 1
            cell[1] += 1
    return {s: [(agree, seen) for agree, seen in cells] for s, cells in counts.items()}


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for share in SHARES:
        rows: list[dict[str, dict[str, Any]]] = []
        for name, votes in conversations():
            for seed in range(SEEDS):
                row = _split(votes, share, seed)
                if row:
                    rows.append(row)
                print(".", end="", flush=True)
            print(name)
        found[f"{share:.0%}"] = _summary(rows)
    return found


def _split(votes: Votes, share: float, seed: int) -> dict[str, dict[str, Any]]:
    """Measure all methods on one split; empty if our map has no groups or too few votes remain."""
    rng, participants = np.random.default_rng(seed), np.unique(votes.participant)
    first = np.isin(votes.participant, participants[rng.random(len(participants)) < 0.5])
    train = part(votes, first & (rng.random(len(votes)) < share))
    ours, parity = analyse(train, seed=seed), analyse(train, Options(parity=True), seed=seed)
    if ours.status != "groups" or parity.status != "groups":
        return {}
    claims = {"ours": of_map(ours), "parity": of_map(parity)}
    theirs = red_dwarf.run(train, seed)
    if not isinstance(theirs, str):
        claims["red-dwarf"] = of_red_dwarf(theirs)
    others = part(votes, ~first)
    cells = {name: counted(each, others) for name, each in claims.items()}
    # Only statements with enough votes in every method's groups, so that all are compared on the
    # same ones.
    known = [
        s
        for s in sorted(set.intersection(*map(set, cells.values())))
        if all(s in claims[n].score and min(c[1] for c in cells[n][s]) >= _SEEN for n in claims)
    ]
    if len(known) < _KNOWN:
        return {}
    return {name: _judge(claims[name], name, cells, known) for name in claims}


def _judge(claims: Claims, name: str, cells: dict[str, Cells], known: list[int]) -> dict[str, Any]:
    own = cells[name]
    score = np.array([claims.score[s] for s in known])
    least = {
        n: np.array([min(a / k for a, k in each[s]) for s in known]) for n, each in cells.items()
    }
    best = np.argsort(-score, kind="stable")[:_TOP]
    promised = np.array([min(claims.rate[s]) for s in known])
    pairs = [
        (rate, agree, seen, claims.interval[s][g] if s in claims.interval else None)
        for s in known
        for g, (rate, (agree, seen)) in enumerate(zip(claims.rate[s], own[s], strict=True))
    ]
    return {
        "rank": {n: float(spearmanr(score, each).statistic) for n, each in least.items()},
        "promise": float(np.mean(promised[best] - least[name][best])),
        "error": [abs(rate - agree / seen) for rate, agree, seen, _ in pairs],
        "mark": [
            percentile(i.rate, i.low, i.high, agree, seen) for _, agree, seen, i in pairs if i
        ],
    }


def _summary(rows: list[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    methods: dict[str, Any] = {}
    for name in rows[0]:
        each = [row[name] for row in rows if name in row]
        marks = [mark for one in each for mark in one["mark"]]
        methods[name] = {
            "rank": {n: _mean([one["rank"][n] for one in each]) for n in each[0]["rank"]},
            "promise": _mean([one["promise"] for one in each]),
            "error": _mean([x for one in each for x in one["error"]]),
            "coverage": _mean([0.05 < mark < 0.95 for mark in marks]) if marks else None,
            "marks": np.histogram(marks, np.linspace(0, 1, 11))[0].tolist() if marks else None,
        }
    return {"splits": len(rows), "methods": methods}


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def show(found: dict[str, Any]) -> None:
    for share, each in found.items():
        methods = each["methods"]
        print(f"\n**{share} of the votes** ({each['splits']} splits)\n")
        print("| | " + " | ".join(methods) + " |")
        print("|---" * (1 + len(methods)) + "|")
        for judge in methods:
            row = [f"{m['rank'][judge]:.3f}" for m in methods.values()]
            print(f"| rank correlation, in the groups of {judge} | " + " | ".join(row) + " |")
        own = [f"{m['rank'][n]:.3f}" for n, m in methods.items()]
        print("| rank correlation, in its own groups | " + " | ".join(own) + " |")
        for key, name, shape in (
            ("promise", "claimed - delivered, top 10", "+.3f"),
            ("error", "group-rate error", ".3f"),
            ("coverage", "coverage of 90 % intervals", ".1%"),
        ):
            cells = [
                "none given" if m[key] is None else f"{m[key]:{shape}}" for m in methods.values()
            ]
            print(f"| {name} | " + " | ".join(cells) + " |")


def interval_marks(found: dict[str, Any]) -> Floats:
    return np.array(found["100%"]["methods"]["ours"]["marks"])
