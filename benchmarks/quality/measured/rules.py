"""Which rule turns Polis's reconstruction of a vote into the best honest probability?

All but the first are fitted to reconstructions from which the vote itself was taken out. The one
that parity mode uses is fitted by the engine; the others are its neighbours.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from middleground.engine import Votes
from middleground.engine.arrays.canonical_order import VoteTable, tabulate
from middleground.engine.polis_method.pca import PrincipalPlane, principal_plane
from middleground.engine.polis_method.vote_calibration import log_odds, logistic
from quality.baselines import look_up
from quality.data import SEEDS, Bools, Floats, Ints, conversations, part
from quality.scores import log_loss

USED = "log odds, and deviation (used)"


def measure() -> dict[str, float]:
    """Measure the mean log loss of each rule over conversations and seeds."""
    losses: dict[str, list[float]] = {}
    for _, votes in conversations():
        for seed in range(SEEDS):
            held = np.random.default_rng(seed).random(len(votes)) < 0.2
            asked = held & (votes.value != 0)
            chances = rules(part(votes, ~held), votes.participant[asked], votes.statement[asked])
            for name, chance in chances.items():
                losses.setdefault(name, []).append(log_loss(chance, votes.value[asked] > 0))
    return {name: float(np.mean(rows)) for name, rows in losses.items()}


def rules(train: Votes, participants: Ints, asked: Ints) -> dict[str, Floats]:
    table = tabulate(train)
    plane = principal_plane(table)
    took = table.value != 0
    row, column, yes = table.row[took], table.column[took], table.value[took] > 0
    order, names = np.argsort(table.participants), np.argsort(table.statements)
    who = look_up(table.participants[order], participants)
    what = look_up(table.statements[names], asked)
    # One extra row of zeros stands for unknown participants and statements.
    hidden = (np.append(order, len(order))[who], np.append(names, len(names))[what])
    out = _inputs(table, plane, row, column, table.value[took].astype(float))
    within, new = (_inputs(table, plane, *pair, None) for pair in ((row, column), hidden))
    weighed = {
        "mean + deviation, own vote left in": ("sum", within),
        "mean + deviation": ("sum", out),
        "mean + deviation, positions not scaled up": ("plain sum", out),
        "mean, and deviation": ("mean deviation", out),
        USED: ("odds deviation", out),
        "log odds, and a weight for each axis": ("odds first second", out),
    }
    return {
        name: _predict(columns.split(" ") if "plain" not in columns else [columns], given, new, yes)
        for name, (columns, given) in weighed.items()
    }


def _predict(
    columns: list[str], given: dict[str, Floats], new: dict[str, Floats], yes: Bools
) -> Floats:
    weights = logistic(np.column_stack([given[c] for c in columns]), yes)
    chance: Floats = expit(weights[0] + np.column_stack([new[c] for c in columns]) @ weights[1:])
    return chance


def _inputs(
    table: VoteTable, plane: PrincipalPlane, row: Ints, column: Ints, own: Floats | None
) -> dict[str, Floats]:
    """Return a rule's input for each pair; for its ``own`` votes as if they were missing."""
    width = len(table.statements)
    voted = np.append(np.diff(table.indptr), 1)[row]
    loading = np.vstack([plane.loading, np.zeros(2)])[column]
    place = np.vstack([plane.points / plane.sparsity[:, None], np.zeros(2)])[row]
    sums = np.append(np.bincount(table.column, table.value, width), 0.0)[column]
    asked = np.append(np.bincount(table.column, minlength=width), 0)[column]
    sides = [
        np.append(np.bincount(table.column[table.value == v], minlength=width), 0)[column]
        for v in (1, -1)
    ]
    if own is not None:
        place = place - (own - plane.mean[column])[:, None] * loading
        voted, sums, asked = voted - 1, sums - own, asked - 1
        sides = [side - (own == v) for side, v in zip(sides, (1, -1), strict=True)]
    scale = np.sqrt(width / np.maximum(voted, 1))
    axis, mean = place * loading * scale[:, None], sums / np.maximum(asked, 1)
    deviation = axis.sum(axis=1)
    return {
        "sum": mean + deviation,
        "plain sum": mean + deviation / scale,
        "mean": mean,
        "deviation": deviation,
        "odds": log_odds(*sides),
        "first": axis[:, 0],
        "second": axis[:, 1],
    }


def show(found: dict[str, float]) -> None:
    print("\n| rule | log loss |\n|---|---|")
    for name, loss in found.items():
        print(f"| {name} | {loss:.4f} |")
