"""Scores of predictions and intervals."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv
from scipy.stats import betabinom

from quality.data import Bools, Floats, Ints


def log_loss(chance: Floats, answer: Bools) -> float:
    chance = np.clip(chance, 1e-3, 1 - 1e-3)
    return float(-np.mean(np.log(np.where(answer, chance, 1 - chance))))


def auc(chance: Floats, answer: Bools) -> float:
    rank = np.empty(len(chance))
    rank[np.argsort(chance, kind="stable")] = np.arange(1, len(chance) + 1)
    yes, no = answer.sum(), (~answer).sum()
    return float((rank[answer].sum() - yes * (yes + 1) / 2) / (yes * no))


def tenths(chance: Floats, answer: Bools) -> list[tuple[float, float, int]]:
    """Return, per tenth of predictions, their mean, the share that came true and their count."""
    tenth = np.minimum((chance * 10).astype(int), 9)
    return [
        (
            float(chance[tenth == k].mean()),
            float(answer[tenth == k].mean()),
            int((tenth == k).sum()),
        )
        for k in range(10)
        if np.any(tenth == k)
    ]


def calibration_error(chance: Floats, answer: Bools) -> float:
    """Return the mean absolute gap between prediction and outcome over tenths of the scale."""
    found = tenths(chance, answer)
    return sum(abs(said - came) * count for said, came, count in found) / len(chance)


def chance_calibration_error(chance: Floats, repeats: int = 200) -> float:
    """Return the calibration error to expect by chance if every probability is true."""
    rng = np.random.default_rng(9)
    drawn = [calibration_error(chance, rng.random(len(chance)) < chance) for _ in range(repeats)]
    return float(np.mean(drawn))


def percentile(mean: float, low: float, high: float, agree: int, seen: int) -> float:
    """Return the quantile of ``agree`` of ``seen`` in its predictive distribution; ties are random.

    The Beta posterior is found again from its mean and the width of its interval.
    """
    small, large = 0.5, 1e6
    for _ in range(50):
        total = (small * large) ** 0.5
        ends = betaincinv(mean * total, (1 - mean) * total, [0.05, 0.95])
        small, large = (total, large) if ends[1] - ends[0] > high - low else (small, total)
    model = betabinom(seen, mean * total, (1 - mean) * total)
    chance = np.random.default_rng([agree, seen, int(mean * 1e6)]).random()
    return float(model.cdf(agree) - chance * model.pmf(agree))


def rand_index(one: Ints, other: Ints) -> float:
    """Adjusted for chance: 1 for the same division, about 0 for unrelated ones.

    Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985).
    """
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    pairs, total = (lambda x: float((x * (x - 1) / 2).sum())), len(one) * (len(one) - 1) / 2
    together, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected, most = rows * columns / total, (rows + columns) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
