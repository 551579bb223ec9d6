"""The map's own measures of its reliability: calibration and drift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.shapes import camps, cloud
from middleground.engine import Options, Votes, analyse
from middleground.engine.arrays.binary_votes import DOUBLE
from middleground.engine.arrays.canonical_order import VoteTable, tabulate
from middleground.engine.arrays.csr import drop_passes
from middleground.engine.distributed.table import one_partition
from middleground.engine.groups.alignment import drift
from middleground.engine.model.binary_vote_source import BinaryVoteSource
from middleground.engine.model.calibration import calibration, calibration_error
from middleground.engine.model.parameters import Fit, NormalPosteriors


def fitted(votes: Votes) -> tuple[VoteTable, Fit]:
    table = replace(tabulate(votes), orientation=1)
    source = BinaryVoteSource.of_all(one_partition(table, DOUBLE))
    fit = source.fit(len(table.statements), None, 4, seed=0)
    participants = source.posterior_positions(fit.statements.mean, fit.priors)
    return table, replace(fit, participants=participants)


def test_the_calibration_error_of_a_few_votes_by_hand() -> None:
    chance = np.array([0.75, 0.75, 0.75, 0.75, 0.25, 0.25])
    answer = np.array([True, True, True, False, True, True])
    # Three of four at a prediction of .75: no error. Two of two at .25: .75 off, a third of votes.
    assert calibration_error(chance, answer) == pytest.approx(0.25)
    assert calibration_error(np.ones(3), np.ones(3, dtype=bool)) == 0.0


def test_a_fitted_model_is_calibrated_and_an_exaggerating_one_is_not() -> None:
    # With 4,800 hidden votes chance alone gives an error of about .016.
    votes = cloud(400, 120)
    table, fit = fitted(votes)
    oriented = drop_passes(table.indptr, table.column, table.value, len(table.statements), DOUBLE)
    honest = calibration(oriented, fit, seed=0)
    # The known-bad control: all intercepts and loadings are tripled.
    loud = replace(
        fit, statements=NormalPosteriors(fit.statements.mean * 3.0, fit.statements.covariance)
    )
    exaggerated = calibration(oriented, loud, seed=0)
    assert honest is not None
    assert exaggerated is not None
    assert honest < 0.03
    assert exaggerated > 2.0 * honest


def test_too_few_votes_give_no_calibration() -> None:
    # A fifth of 15 x 20 votes is fewer than the 200 needed.
    assert analyse(camps(participants=15)).diagnostics.calibration is None
    assert analyse(camps(participants=9)).diagnostics.calibration is None
    told = analyse(camps(participants=200)).diagnostics.calibration
    assert told is not None
    assert 0.0 <= told < 0.1


def test_nothing_drifts_when_nothing_changes_but_the_axes() -> None:
    votes = cloud(300, 40)
    table, fit = fitted(votes)
    facts = analyse(votes).facts
    rng = np.random.default_rng(0)
    turn, _ = np.linalg.qr(rng.standard_normal((4, 4)))

    def seen(mean: np.ndarray) -> float | None:
        before = replace(
            facts,
            statements=tuple(
                replace(
                    next(s for s in facts.statements if s.statement == int(table.statements[j])),
                    intercept=float(mean[j, 0]),
                    loading=tuple(mean[j, 1:].tolist()),
                )
                for j in range(len(table.statements))
            ),
        )
        return drift(fit, table.statements, before)

    turned = fit.statements.mean.copy()
    turned[:, 1:] = turned[:, 1:] @ turn
    assert seen(turned) == pytest.approx(0.0, abs=1e-9)
    # Every intercept is half a logit higher, and the drift is exactly that.
    turned[:, 0] += 0.5
    assert seen(turned) == pytest.approx(0.5)


def test_drift_needs_a_previous_map() -> None:
    votes = camps()
    first = analyse(votes)
    assert first.diagnostics.drift is None
    assert analyse(votes, previous=first.facts).diagnostics.drift == 0.0
    other = analyse(votes, Options(dimensions=2))
    assert analyse(votes, previous=other.facts).diagnostics.drift is None
    strange = Votes(votes.participant, votes.statement + 1000, votes.value)
    assert analyse(strange, previous=first.facts).diagnostics.drift is None
    turned = Votes(votes.participant, votes.statement, -votes.value)
    moved = analyse(turned, previous=first.facts).diagnostics.drift
    assert moved is not None
    assert moved > 1.0
