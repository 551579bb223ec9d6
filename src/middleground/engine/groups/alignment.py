"""Aligns a map with the previous one: groups keep their letters, and axes do not flip.

A live map is computed anew many times. Which group is called A, and which end of an axis is
on the right, are arbitrary. This module chooses them as in the previous map wherever its groups
can be recognised.
"""

from __future__ import annotations

import numpy as np
import scipy

from middleground.engine.facts import MapFacts
from middleground.engine.model.parameters import Fit
from middleground.engine.votes import FloatArray, IntArray

LETTERS = "ABCDEFGH"
# Groups whose rates of agreement differ by more than this on average are different groups.
_SAME_GROUP = 0.25


def match_axis_signs(fit: Fit, statements: IntArray, previous: MapFacts) -> FloatArray:
    """Return +1 or -1 for each axis (K,), so that loadings keep the sign of the previous map."""
    before = {s.statement: s.loading for s in previous.statements}
    shared = [j for j, s in enumerate(statements.tolist()) if s in before]
    now = fit.statements.mean[shared, 1:]
    if not shared:
        return np.ones(now.shape[1])
    then = np.array([before[int(statements[j])] for j in shared]).reshape(len(shared), -1)
    if then.shape != now.shape:
        return np.ones(now.shape[1])
    signs: FloatArray = np.where((now * then).sum(axis=0) < 0.0, -1.0, 1.0)
    return signs


def match_labels(
    fit: Fit, positions: FloatArray, statements: IntArray, previous: MapFacts | None
) -> tuple[str, ...]:
    """Return a letter for each group, whose centres are ``positions`` (k, K), unscaled.

    Groups get letters in the given order, A first, but a group of the previous map keeps its
    letter. Groups are recognised by their rates of agreement with the statements: the pairing with
    the smallest sum of mean absolute differences is taken.
    """
    k = len(positions)
    if previous is None or len(previous.groups) < 2 or k < 2:
        return tuple(LETTERS[:k])
    rows = {s.statement: [rate.middle for rate in s.groups] for s in previous.statements}
    shared = [j for j, s in enumerate(statements.tolist()) if s in rows]
    if not shared:
        return tuple(LETTERS[:k])
    then = np.array([rows[int(statements[j])] for j in shared]).T
    mean = fit.statements.mean[shared]
    now = scipy.special.expit(mean[:, 0] + positions @ mean[:, 1:].T)
    cost = np.abs(now[:, None] - then[None]).mean(axis=2)
    kept = _assignment(np.minimum(cost, _SAME_GROUP))
    named = {g: previous.groups[h].label for g, h in kept.items() if cost[g, h] < _SAME_GROUP}
    free = iter(letter for letter in LETTERS if letter not in named.values())
    return tuple(named.get(g) or next(free) for g in range(k))


def _assignment(cost: FloatArray) -> dict[int, int]:
    """Find the cheapest one-to-one pairing of rows with columns, as many pairs as fit.

    Costs are rounded, so that the choice among equally cheap pairings does not depend on the last
    bits of the costs.
    """
    # Imported here because the import takes 0.2 s, and only a map with a previous one needs it.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.round(cost, 9))
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def drift(fit: Fit, statements: IntArray, previous: MapFacts) -> float | None:
    """Measure how far the statements have moved since the previous map, in logits.

    The result is the root mean square change of a logit, over shared statements and participants
    x ~ N(0, I). Its square for a statement is (a - a_before)^2 + |w - Q w_before|^2, where Q is
    the rotation that fits the previous axes to the present ones best (orthogonal Procrustes:
    Schoenemann, Psychometrika 31, 1966). It is None without shared statements, and where the
    number of axes differs.
    """
    before = {s.statement: (s.intercept, *s.loading) for s in previous.statements}
    shared = [j for j, s in enumerate(statements.tolist()) if s in before]
    if not shared:
        return None
    now = fit.statements.mean[shared]
    then = np.array([before[int(statements[j])] for j in shared])
    if then.shape != now.shape:
        return None
    left, _, right = np.linalg.svd(then[:, 1:].T @ now[:, 1:])
    moved = now[:, 1:] - then[:, 1:] @ (left @ right)
    change = np.square(now[:, 0] - then[:, 0]) + np.square(moved).sum(axis=1)
    return float(np.sqrt(change.mean()))
