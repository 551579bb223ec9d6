"""Baselines that know no opinions: the statement's share, and participant plus statement."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

from middleground.engine import Votes
from quality.data import Floats, Ints


def look_up(ids: Ints, wanted: Ints) -> Ints:
    """Return positions in ascending ``ids``; ``len(ids)`` if an id is unknown."""
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, len(ids))


def statement_mean(train: Votes, _participants: Ints, asked: Ints) -> Floats:
    """Predict the statement's share of agreement, with one vote added to each side."""
    ids, column = np.unique(train.statement, return_inverse=True)
    agree, disagree = (np.bincount(column[train.value == v], minlength=len(ids)) for v in (1, -1))
    share: Floats = np.append((agree + 1) / (agree + disagree + 2), 0.5)
    return share[look_up(ids, asked)]


def person_and_statement(train: Votes, participants: Ints, asked: Ints) -> Floats:
    """Fit logistic regression on participant and statement with ridge penalties (block Newton)."""
    took = train.value != 0
    rows, row = np.unique(train.participant[took], return_inverse=True)
    columns, column = np.unique(train.statement[took], return_inverse=True)
    yes = (train.value[took] > 0).astype(float)
    a, b = np.zeros(len(columns)), np.zeros(len(rows))
    for _ in range(15):
        for values, index, ridge in ((a, column, 0.5), (b, row, 2.0)):
            p = expit(a[column] + b[row])
            slope = np.bincount(index, yes - p, len(values))
            bend = np.bincount(index, p * (1 - p), len(values))
            middle = values.mean() if values is a else 0.0
            values += (slope - (values - middle) * ridge) / (bend + ridge)
    a, b = np.append(a, a.mean()), np.append(b, 0.0)
    chance: Floats = expit(a[look_up(columns, asked)] + b[look_up(rows, participants)])
    return chance


def dense(votes: Votes) -> Floats:
    """Return the matrix participants x statements in the order of ids; NaN means no vote."""
    participants, row = np.unique(votes.participant, return_inverse=True)
    asked, column = np.unique(votes.statement, return_inverse=True)
    table = np.full((len(participants), len(asked)), np.nan)
    table[row, column] = votes.value
    return table


def dense_axes(table: Floats) -> Floats:
    """Return the two axes, (m, 2), of a dense mean-imputed PCA."""
    mean = np.nanmean(table, axis=0)
    filled = np.where(np.isnan(table), mean, table) - mean
    axes: Floats = np.linalg.svd(filled, full_matrices=False)[2][:2].T
    return axes


def deviations(votes: Votes) -> csr_array:
    """Return x - mean at each vote as a sparse matrix, the input of parity mode's axes."""
    participants, row = np.unique(votes.participant, return_inverse=True)
    asked, column = np.unique(votes.statement, return_inverse=True)
    counts = np.bincount(column)
    mean = np.bincount(column, votes.value) / counts
    data = votes.value - mean[column]
    return csr_array((data, (row, column)), shape=(len(participants), len(asked)))
