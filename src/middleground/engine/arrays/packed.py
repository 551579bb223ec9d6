"""Many small symmetric matrices as packed upper triangles: products, inverses, solutions.

A symmetric matrix (d, d) is stored as its upper triangle, row by row, of d (d + 1) / 2 elements.
Sums over votes are products with tables of such triangles, which takes half the work of full
matrices.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from middleground.engine.votes import FloatArray, IntArray


@cache
def triangle_indices(size: int) -> tuple[IntArray, IntArray]:
    """Read-only indices of the upper triangle of a symmetric matrix."""
    rows, columns = np.triu_indices(size)
    rows.flags.writeable = columns.flags.writeable = False
    return rows, columns


def upper_triangle(outer: FloatArray) -> FloatArray:
    """The upper triangles of symmetric matrices (n, d, d), as (n, d (d + 1) / 2)."""
    i, j = triangle_indices(outer.shape[-1])
    packed: FloatArray = outer[:, i, j]
    return packed


def outer_upper_triangle(vectors: FloatArray) -> FloatArray:
    """``upper_triangle(outer_square(vectors))`` without computing the full matrices."""
    i, j = triangle_indices(vectors.shape[-1])
    packed: FloatArray = vectors[:, i] * vectors[:, j]
    return packed


def doubled_upper_triangle(outer: FloatArray) -> FloatArray:
    """Like ``upper_triangle``, but with off-diagonal elements doubled.

    Then ``upper_triangle(A) . doubled_upper_triangle(B)`` is trace(A B).
    """
    i, j = triangle_indices(outer.shape[-1])
    doubled: FloatArray = outer[:, i, j] * np.where(i == j, 1.0, 2.0)
    return doubled


def from_upper_triangle(packed: FloatArray, size: int) -> FloatArray:
    """The inverse of ``upper_triangle``."""
    return packed.take(_triangle_positions(size).reshape(-1), axis=1).reshape(-1, size, size)


@cache
def _triangle_positions(size: int) -> IntArray:
    """The position of each matrix element in the packed upper triangle, (d, d)."""
    i, j = triangle_indices(size)
    at = np.empty((size, size), dtype=np.int64)
    at[i, j] = at[j, i] = np.arange(len(i))
    return at


def outer_square(vectors: FloatArray) -> FloatArray:
    """v v' of each row: (n, d) to (n, d, d)."""
    outer: FloatArray = vectors[:, :, None] * vectors[:, None, :]
    return outer


def spd_inverse(packed: FloatArray) -> FloatArray:
    """Inverses of symmetric positive definite matrices; both as upper triangles (n, t).

    Many times faster than one LAPACK call per matrix when the matrices are small and many.
    """
    size = _matrix_side(packed)
    return -_sweep(np.array(packed.T, order="C"), size, size).T


def spd_solve(packed: FloatArray, right: FloatArray) -> FloatArray:
    """Solve A x = b for x (n, d), with A packed as in ``spd_inverse`` and b (n, d)."""
    size = right.shape[1]
    at = _triangle_positions(size + 1)
    rows = np.empty((at[-1, -1] + 1, len(right)))
    i, j = triangle_indices(size)
    rows[at[i, j]], rows[at[:-1, -1]], rows[-1] = packed.T, right.T, 0.0
    return _sweep(rows, size + 1, size)[at[:-1, -1]].T


def with_diagonal(packed: FloatArray, more: FloatArray) -> FloatArray:
    """Upper triangles (n, t) with ``more`` (d,) added to the diagonals."""
    i, j = triangle_indices(len(more))
    out = packed.copy()
    out[:, i == j] += more
    return out


def _matrix_side(packed: FloatArray) -> int:
    return int(np.sqrt(2 * packed.shape[1]))


def _sweep(rows: FloatArray, size: int, pivots: int) -> FloatArray:
    """Sweep n symmetric matrices on the first ``pivots`` pivots, in place.

    rows (t, n) : packed upper triangles, one matrix element per row. Sweeping on all pivots gives
    minus the inverse; with one more row and column b, that column becomes the solution of A x = b.
    (Goodnight, "A tutorial on the sweep operator", The American Statistician 33, 1979.) Positive
    definite matrices need no pivot search.
    """
    at = _triangle_positions(size)
    for p in range(pivots):
        across = rows[at[p]]
        scaled = across / across[p]
        for i in range(size):
            rows[at[i, i] : at[i, -1] + 1] -= scaled[i] * across[i:]
        rows[at[p]] = scaled
        rows[at[p, p]] = -1.0 / across[p]
    return rows
