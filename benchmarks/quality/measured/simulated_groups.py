"""How often simulated participants are divided: wrongly without groups, rightly with camps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from middleground.engine import Votes, analyse
from quality.data import Floats

RUNS = 30
Shape = Callable[[np.random.Generator, int], Floats]


def _two_camps(rng: np.random.Generator, participants: int) -> Floats:
    away = rng.normal(0, 0.4, (participants, 2))
    away[:, 0] += np.where(rng.random(participants) < 0.6, 1.0, -1.0)
    return away


SHAPES: dict[str, Shape] = {
    "independently": lambda _, participants: np.zeros((participants, 2)),
    "from one round cloud": lambda rng, participants: rng.standard_normal((participants, 2)),
    "along one line, no gap": lambda rng, participants: (
        rng.standard_normal((participants, 1)) * [1.0, 0.0]
    ),
    "in two camps": _two_camps,
}


def simulated(shape: Shape, participants: int, statements: int, run: int) -> Votes:
    """Simulate votes from positions of a shape on two fifths of the statements, a tenth passes."""
    rng = np.random.default_rng([run, participants])
    position = shape(rng, participants)
    loading = rng.normal(0, 1.2, (statements, 2))
    logit = (
        rng.normal(0.5, 1, statements)
        + rng.normal(0, 0.5, (participants, 1))
        + position @ loading.T
    )
    participant, statement = np.nonzero(rng.random((participants, statements)) < 0.4)
    chance = expit(logit[participant, statement])
    value = np.where(rng.random(len(chance)) < chance, 1, -1)
    value[rng.random(len(value)) < 0.1] = 0
    return Votes(participant, statement, value)


def measure() -> list[tuple[int, str, list[int]]]:
    """Number of participants, their shape, and the runs that found one, two and more groups."""
    rows = []
    for participants, statements in ((60, 30), (200, 40), (600, 60)):
        for name, shape in SHAPES.items():
            found = [
                len(analyse(simulated(shape, participants, statements, run), seed=run).groups)
                for run in range(RUNS)
            ]
            counts = [sum(map(test, found)) for test in ((1).__eq__, (2).__eq__, (2).__lt__)]
            rows.append((participants, name, counts))
    return rows


def show(found: list[tuple[int, str, list[int]]]) -> None:
    print(f"\n{RUNS} runs each.\n")
    print("| people | how they answer | none | two | three or more |\n|---|---|---|---|---|")
    for participants, name, counts in found:
        print(f"| {participants} | {name} | " + " | ".join(map(str, counts)) + " |")
