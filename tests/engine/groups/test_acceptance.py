"""Which clusterings are accepted, of three clear heaps whose silhouettes are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from middleground.engine.groups import cluster as clusters
from middleground.engine.groups.cluster import cluster
from middleground.engine.model.parameters import Fit, NormalPosteriors, starting_priors


def heaps(certain: int = 60) -> Fit:
    """Three heaps of twenty; of the participants after the first ``certain`` little is known."""
    rng = np.random.default_rng(0)
    centre = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])[np.arange(60) % 3]
    position = centre + 0.1 * rng.standard_normal((60, 2))
    spread = np.where(np.arange(60) < certain, 1e-6, 400.0)[:, None, None] * np.eye(3)
    participants = NormalPosteriors(np.column_stack([np.zeros(60), position]), spread)
    statements = NormalPosteriors(np.empty((0, 3)), np.empty((0, 3, 3)))
    return Fit(starting_priors(2), statements, participants, ())


def groups(
    patch: pytest.MonkeyPatch, excess: dict[int, float], previous: int = 0, certain: int = 60
) -> int:
    """The number of groups where k clusters have this excess, five standard deviations."""
    no_votes: Any = None
    patch.setattr(clusters, "_stability", lambda *_: 1.0)
    patch.setattr(clusters, "_null_samples", lambda *_: [np.zeros((1, 2))])
    patch.setattr(
        clusters, "_silhouette_excess", lambda _, centres, *__: (0.0, excess[len(centres)], 5.0)
    )
    found = cluster(
        no_votes, heaps(certain), np.ones(2),
        max_groups=3, min_group=5, seed=0, previous_count=previous,
    )  # fmt: skip
    return len(found.centres)


@pytest.mark.parametrize(
    ("excess", "previous", "count"),
    [
        ({2: 0.06, 3: 0.07}, 0, 3),
        ({2: 0.06, 3: 0.07}, 2, 2),
        ({2: 0.06, 3: 0.09}, 2, 3),
        ({2: 0.04, 3: 0.04}, 0, 1),
        ({2: 0.04, 3: 0.04}, 2, 2),
        ({2: 0.02, 3: 0.02}, 2, 1),
    ],
)
def test_the_number_of_groups_before_is_worth_two_hundredths(
    excess: dict[int, float], previous: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert groups(monkeypatch, excess, previous) == count


@pytest.mark.parametrize(("certain", "count"), [(60, 3), (21, 3), (20, 1)])
def test_groups_need_thirty_five_in_a_hundred_certain_members(
    certain: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert groups(monkeypatch, {2: 0.2, 3: 0.3}, certain=certain) == count
