"""How many groups there are: small, unstable and gradual divisions of simulated participants."""

from __future__ import annotations

import numpy as np
import pytest

from middleground.engine import Options, Votes, analyse
from middleground.engine.votes import FloatArray


def votes_by(logit: FloatArray, seed: int = 0) -> Votes:
    """Everyone votes on everything; ``logit`` (participants, statements) of agreeing."""
    rng = np.random.default_rng(seed)
    participant, statement = (each.reshape(-1) for each in np.indices(logit.shape))
    agrees = rng.random(logit.size) < 1.0 / (1.0 + np.exp(-logit.reshape(-1)))
    return Votes(participant, statement, np.where(agrees, 1, -1))


def number_of_groups(votes: Votes, **options: int) -> int:
    found = analyse(votes, Options(merge_near_duplicates=False, **options))
    return len(found.groups) if found.facts.status == "groups" else 1


@pytest.mark.parametrize(("small", "min_group", "groups"), [(4, 5, 1), (4, 4, 2), (6, 5, 2)])
def test_a_camp_of_fewer_than_the_minimum_is_no_group(
    small: int, min_group: int, groups: int
) -> None:
    side = np.where(np.arange(40 + small) < 40, 1.0, -1.0)
    votes = votes_by(np.outer(side, np.full(20, 3.0)))
    assert number_of_groups(votes, min_group=min_group) == groups


@pytest.mark.parametrize(("max_groups", "groups"), [(2, 1), (3, 1), (4, 4)])
def test_four_camps_are_not_two_or_three_groups(max_groups: int, groups: int) -> None:
    """Each camp disagrees with statements of its own, so it is left to chance which two are one."""
    camp = np.arange(160) % 4
    logit = np.where(camp[:, None] == np.repeat(np.arange(4), 8), -2.5, 2.5)
    assert number_of_groups(votes_by(logit), max_groups=max_groups) == groups


def on_a_line(count: int = 600) -> Votes:
    rng = np.random.default_rng(0)
    loading = rng.normal(0.0, 1.2, 60)
    return votes_by(np.outer(rng.standard_normal(count), 2.0 * loading))


def test_the_ends_of_one_line_without_a_gap_are_two_groups() -> None:
    assert number_of_groups(on_a_line()) == 2


def test_whoever_belongs_to_no_group_with_nine_tenths_is_unsure() -> None:
    found = analyse(on_a_line(), Options(merge_near_duplicates=False))
    chances = found.membership(np.arange(600)).max(axis=1)
    assert 0 < np.count_nonzero(chances <= 0.9) == found.diagnostics.unsure
    assert sum(group.certain for group in found.groups) == np.count_nonzero(chances > 0.9)
