"""The model's parameters (priors, statements, participants) and its predictions.

P(agree | agree or disagree) = sigma(a_j + b_i + x_i . w_j) for participant i and statement j.
z_i = (b_i, x_i) and f_j = (1, w_j), so that the logit is a_j + z_i . f_j; likewise g_i = (1, x_i).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from middleground.engine.votes import FloatArray


@dataclass(frozen=True, slots=True)
class Priors:
    """b ~ N(0, b_variance), x ~ N(0, I), a ~ N(a_mean, a_variance), w_k ~ N(0, w_variance_k)."""

    a_mean: float
    a_variance: float
    b_variance: float
    w_variance: FloatArray

    @property
    def dimensions(self) -> int:
        return len(self.w_variance)

    def participant_precision(self) -> FloatArray:
        """The diagonal of the prior precision of z, shape (1 + K,)."""
        return np.concatenate([[1.0 / self.b_variance], np.ones(self.dimensions)])

    def statement_precision(self) -> FloatArray:
        """The diagonal of the prior precision of (a, w), shape (1 + K,)."""
        return 1.0 / np.concatenate([[self.a_variance], self.w_variance])

    def statement_mean(self) -> FloatArray:
        return np.concatenate([[self.a_mean], np.zeros(self.dimensions)])


@dataclass(frozen=True, slots=True)
class NormalPosteriors:
    """One normal posterior per row: mean (n, d) and covariance (n, d, d)."""

    mean: FloatArray
    covariance: FloatArray

    def take(self, rows: NDArray[np.integer]) -> NormalPosteriors:
        return NormalPosteriors(self.mean[rows], self.covariance[rows])


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: priors, posteriors of statements (a, w) and of participants (b, x)."""

    priors: Priors
    statements: NormalPosteriors
    participants: NormalPosteriors
    losses: tuple[float, ...]


def starting_priors(dimensions: int) -> Priors:
    """The priors from which empirical Bayes starts."""
    return Priors(0.5, 1.0, 0.5, np.ones(dimensions))


def features(statement_means: FloatArray) -> FloatArray:
    """f_j = (1, w_j) from (a_j, w_j)."""
    out = statement_means.copy()
    out[:, 0] = 1.0
    return out


def expected_sigmoid(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """E sigma(eta) for eta ~ N(mean, variance).

    The probit approximation of MacKay, "The evidence framework applied to classification networks",
    Neural Computation 4 (1992).
    """
    probability: FloatArray = scipy.special.expit(mean / np.sqrt(1.0 + np.pi / 8.0 * variance))
    return probability


def agreement_probability(
    participants: NormalPosteriors, statements: NormalPosteriors
) -> FloatArray:
    """P(agree | agree or disagree) of participant i on statement i, for each row i, (n,)."""
    f, g = features(statements.mean), features(participants.mean)
    mean = statements.mean[:, 0] + np.einsum("ni,ni->n", participants.mean, f)
    variance = np.einsum("ni,nij,nj->n", f, participants.covariance, f)
    variance += np.einsum("ni,nij,nj->n", g, statements.covariance, g)
    return expected_sigmoid(mean, variance)


def negated(fit: Fit) -> Fit:
    """The fit to the same votes with all signs flipped: a, b and x change sign, w does not."""
    signs = np.ones(fit.statements.mean.shape[1])
    signs[0] = -1.0
    statements = NormalPosteriors(
        fit.statements.mean * signs, fit.statements.covariance * np.outer(signs, signs)
    )
    return Fit(
        replace(fit.priors, a_mean=-fit.priors.a_mean),
        statements,
        NormalPosteriors(-fit.participants.mean, fit.participants.covariance),
        fit.losses,
    )


def flip_axes(fit: Fit, signs: FloatArray) -> Fit:
    """Flip some axes of positions and loadings; no prediction changes."""
    full = np.concatenate([[1.0], signs])
    both = np.outer(full, full)
    return Fit(
        fit.priors,
        NormalPosteriors(fit.statements.mean * full, fit.statements.covariance * both),
        NormalPosteriors(fit.participants.mean * full, fit.participants.covariance * both),
        fit.losses,
    )


def prior_statements(count: int, priors: Priors) -> NormalPosteriors:
    """Posteriors of statements without votes, which are the prior."""
    spread = np.diag(1.0 / priors.statement_precision())
    return NormalPosteriors(
        np.tile(priors.statement_mean(), (count, 1)), np.tile(spread, (count, 1, 1))
    )


def padded_with_prior(fit: Fit, count: int) -> Fit:
    """Extend the fit to ``count`` statements; the added ones have the prior."""
    silent = prior_statements(count - len(fit.statements.mean), fit.priors)
    statements = NormalPosteriors(
        np.concatenate([fit.statements.mean, silent.mean]),
        np.concatenate([fit.statements.covariance, silent.covariance]),
    )
    return replace(fit, statements=statements)
