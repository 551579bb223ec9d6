"""Computes the principal axes of votes whose gaps are filled with means, without filling the gaps.

A filled gap equals its statement's mean, so its deviation from the mean is zero. The sparse matrix
D holds x - mean where there is a vote and nothing elsewhere. Its columns sum to zero, hence the
axes are the first eigenvectors of D'D, statements x statements. Small et al., "Polis: Scaling
deliberation by mapping high dimensional opinion spaces", Recerca 26 (2021), section on the maths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, eigh
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

from middleground.engine.arrays.canonical_order import VoteTable
from middleground.engine.votes import FloatArray

AXES = 2
# Rows that are made dense at a time, so that a block stays within the processor's cache.
_BLOCK = 1_024
# Where a Gram matrix has more rows, or needs more multiplications, Lanczos' iteration is faster.
_GRAM_SIDE, _GRAM_COST = 3_000, 1e11


@dataclass(frozen=True, slots=True)
class PrincipalPlane:
    """The two principal axes, and the participants' positions on them.

    mean (m,) : mean vote of each statement, passes counted as 0.
    loading (m, 2) : unit eigenvectors, one a column; zero where the votes have no such axis.
    points (n, 2) : projections scaled up by ``sparsity``, as Polis shows them.
    sparsity (n,) : sqrt(statements / votes of the participant), which keeps participants with few
        votes from gathering in the middle.
    """

    mean: FloatArray
    loading: FloatArray
    points: FloatArray
    sparsity: FloatArray


def principal_plane(table: VoteTable) -> PrincipalPlane:
    """Compute the plane of all participants; statements and participants in the table's order."""
    width, counts = len(table.statements), np.diff(table.indptr)
    asked = np.bincount(table.column, minlength=width)
    mean = np.bincount(table.column, weights=table.value, minlength=width) / np.maximum(asked, 1)
    deviations = csr_array(
        (table.value - mean[table.column], table.column, table.indptr), shape=(len(counts), width)
    )
    loading = principal_axes(deviations)
    sparsity = np.sqrt(width / np.maximum(counts, 1))
    return PrincipalPlane(mean, loading, (deviations @ loading) * sparsity[:, None], sparsity)


def principal_axes(deviations: csr_array) -> FloatArray:
    """Return the eigenvectors (m, 2) of D'D with the largest eigenvalues, largest first.

    The sign of an axis is arbitrary; it is chosen so that the cubes of its loadings sum to more
    than zero.
    """
    rows, width = deviations.shape
    side, other = min(rows, width), max(rows, width)
    axes = np.zeros((width, AXES))
    # Nothing deviates where all answer a statement alike, or where it has one vote only.
    if not side or not deviations.data.any():
        return axes
    if side > _GRAM_SIDE or other * side**2 > _GRAM_COST:
        found = by_lanczos(deviations)
    else:
        found = by_gram(deviations)
    axes[:, : found.shape[1]] = found
    signs: FloatArray = np.where((axes**3).sum(axis=0) < 0.0, -1.0, 1.0)
    return axes * signs


def by_gram(deviations: csr_array) -> FloatArray:
    """Use the Gram matrix of statements or, where they are fewer, of participants."""
    rows, width = deviations.shape
    if width <= rows:
        return _leading(gram(deviations))
    return _unit(deviations.T @ _leading(gram(deviations.T.tocsr())))


def gram(matrix: csr_array) -> FloatArray:
    """Return the upper triangle of M'M, (m, m), by BLAS products of blocks of dense rows."""
    width = matrix.shape[1]
    product = np.zeros((width, width), order="F")
    # One block is reused, because allocating memory takes longer than the product.
    block = np.empty((min(_BLOCK, matrix.shape[0]), width))
    for start in range(0, matrix.shape[0], _BLOCK):
        some = matrix[start : start + _BLOCK]
        dense = some.toarray(out=block[: some.shape[0]])
        product = blas.dsyrk(1.0, dense.T, beta=1.0, c=product, overwrite_c=1)
    return product


def by_lanczos(deviations: csr_array) -> FloatArray:
    """Use Lanczos' iteration to machine precision (ARPACK), which only multiplies with D."""
    width = deviations.shape[1]
    product = LinearOperator(
        (width, width), matvec=lambda v: deviations.T @ (deviations @ v), dtype=np.float64
    )
    start = np.random.default_rng(0).standard_normal(width)
    return _solid(*eigsh(product, k=AXES, v0=start, tol=0))


def _leading(product: FloatArray) -> FloatArray:
    """Return eigenvectors of the largest eigenvalues of a matrix, given its upper triangle."""
    size = len(product)
    last = [max(size - AXES, 0), size - 1]
    return _solid(*eigh(product, lower=False, subset_by_index=last))


def _solid(values: FloatArray, vectors: FloatArray) -> FloatArray:
    """Reverse eigenvectors given in ascending order, without those of eigenvalues near zero."""
    solid = values[::-1] > 1e-12 * max(float(values[-1]), 1e-300)
    return np.asarray(vectors[:, ::-1][:, solid], dtype=np.float64)


def _unit(columns: FloatArray) -> FloatArray:
    lengths: FloatArray = np.sqrt(np.square(columns).sum(axis=0))
    return columns / lengths
