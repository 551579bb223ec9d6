"""Raking: weights that make the people who took part match known margins of a population.

Iterative proportional fitting: Deming and Stephan, "On a least squares adjustment of a sampled
frequency table", Annals of Mathematical Statistics 11 (1940). In turn, the weights of each category
are multiplied so that it has its share. Weights are trimmed, because a few people must not speak
for very many: Potter, "A study of procedures to identify and trim extreme sampling weights", 1990.
What unequal weights cost is Kish's effective number, (sum w)^2 / sum w^2 ("Survey sampling", 1965).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from middleground.engine.attributes import Attribute
from middleground.engine.votes import FloatArray, IntArray

_ITERATIONS = 50
_CLOSE = 1e-6
_LEAST, _MOST, _TRIMS = 0.2, 5.0, 30
# Of the people's number, how much must be left: below the first it is refused, below the second
# the map says that it rests on few.
REFUSED, DOUBTFUL = 0.3, 0.6


class CannotWeight(ValueError):
    """The margins do not fit the people; the message says why."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Shares of a population, as the host gives them: attribute, category, share.

    attributes : what is known of participants, by name. targets : for each attribute, the share
    of each category; they are scaled to sum to one.
    """

    attributes: Mapping[str, Attribute]
    targets: Mapping[str, Mapping[str, float]]

    def __post_init__(self) -> None:
        for name, shares in self.targets.items():
            if name not in self.attributes:
                raise CannotWeight(f"Nothing is known of participants' {name}.")
            wrong = [part for part, x in shares.items() if not (np.isfinite(x) and x >= 0.0)]
            if wrong or not sum(shares.values()) > 0.0:
                raise CannotWeight(f"The shares of {name} must be numbers of zero or more.")


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights (n,) with mean 1, and how well they do.

    effective : Kish's number of people. gap : the largest difference left between a share and its
    target, where trimming forbids to close it. absent : categories with a target, but nobody.
    """

    weight: FloatArray
    effective: float
    gap: float
    absent: tuple[str, ...]

    @property
    def share(self) -> float:
        """The effective number as a part of all, 0..1."""
        return self.effective / max(len(self.weight), 1)

    @property
    def design_effect(self) -> float:
        """How many times as large the variance is as with equal weights."""
        return len(self.weight) / self.effective if self.effective > 0.0 else 1.0


def rake(participants: IntArray, margins: Margins) -> Raked:
    """Weights of ``participants`` (n,), ids in any order.

    People of whom an attribute is not known, or whose category has no target, keep their weight in
    that step. Targets of categories that nobody is in are left out, the rest scaled up, and told.

    Raises
    ------
    CannotWeight
        Nobody is in any category, or the margins would leave too little of the people's number,
        before any trimming.
    """
    steps, absent = _steps(participants, margins)
    needed = _effective(_fitted(len(participants), steps, trim=False))
    if len(participants) and needed < REFUSED * len(participants):
        raise CannotWeight(
            f"These margins would leave {needed:.0f} effective participants of "
            f"{len(participants)}, less than {REFUSED:.0%}: too few to speak for the rest."
        )
    weight = _fitted(len(participants), steps, trim=True)
    return Raked(weight, _effective(weight), _gap(weight, steps), absent)


_Step = tuple[IntArray, FloatArray]


def _steps(participants: IntArray, margins: Margins) -> tuple[list[_Step], tuple[str, ...]]:
    """For each attribute the people's codes, -1 for none, and each code's share."""
    steps, absent = [], []
    for name, shares in sorted(margins.targets.items()):
        attribute = margins.attributes[name]
        target = np.array([shares.get(category, -1.0) for category in attribute.names])
        codes = attribute.of(participants)
        codes = np.where((codes >= 0) & (np.append(target, -1.0)[codes] >= 0.0), codes, -1)
        present = np.bincount(codes[codes >= 0], minlength=len(target)) > 0
        there = {c for c, here in zip(attribute.names, present, strict=True) if here}
        absent += [f"{name}: {c}" for c in sorted(set(shares) - there) if shares[c] > 0.0]
        target = np.where(present, np.maximum(target, 0.0), 0.0)
        if len(participants) and not target.sum() > 0.0:
            raise CannotWeight(f"No participant is in any category of {name} that has a share.")
        steps.append((codes, target / max(float(target.sum()), 1e-300)))
    return steps, tuple(absent)


def _fitted(participants: int, steps: list[_Step], *, trim: bool) -> FloatArray:
    weight = np.ones(participants)
    for _ in range(_ITERATIONS):
        for codes, target in steps:
            weight = _scaled(weight, codes, target)
        weight = _trimmed(weight) if trim else weight
        if _gap(weight, steps) < _CLOSE:
            break
    return weight


def _effective(weight: FloatArray) -> float:
    squares = float(np.square(weight).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0.0 else 0.0


def _scaled(weight: FloatArray, codes: IntArray, target: FloatArray) -> FloatArray:
    known = codes >= 0
    held = np.bincount(codes[known], weight[known], len(target))
    factor = np.divide(target * held.sum(), held, out=np.ones_like(held), where=held > 0.0)
    return np.where(known, weight * factor[codes], weight)


def _trimmed(weight: FloatArray) -> FloatArray:
    """Between a fifth of the mean and five times it, with mean 1."""
    for _ in range(_TRIMS):
        weight = weight / max(float(weight.mean()), 1e-300)
        cut = np.clip(weight, _LEAST, _MOST)
        if np.array_equal(cut, weight):
            break
        weight = cut
    return weight


def _gap(weight: FloatArray, steps: list[_Step]) -> float:
    gaps = [0.0]
    for codes, target in steps:
        known = codes >= 0
        held = np.bincount(codes[known], weight[known], len(target))
        gaps.append(float(np.abs(held / max(float(held.sum()), 1e-300) - target).max()))
    return max(gaps)
