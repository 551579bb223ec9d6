"""The engine's input: votes as three parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

AGREE, PASS, DISAGREE = 1, 0, -1

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
ValueArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]


class InvalidVotes(ValueError):
    """The arrays are not valid votes; the message names the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of participants on statements, as parallel arrays.

    Parameters
    ----------
    participant, statement : integer array-like, shape (n_votes,)
        Any ids; they need not be dense or sorted.
    value : integer array-like, shape (n_votes,)
        Each +1 (agree), -1 (disagree) or 0 (pass).
    dealt : boolean array-like, shape (n_votes,), or None
        Whether the server chose the statement, which the participant cannot influence. Votes on
        statements that participants looked up themselves are set aside (see ``counted``). None if
        unknown, as in an import: then all votes count.

    A later row replaces an earlier one with the same participant and statement.
    The arrays are copied on construction unless they have the right type and are read-only, so
    the caller's arrays never change.

    Raises
    ------
    InvalidVotes
        Unequal lengths, more than one dimension, NaN, fractions, ids beyond 64 bits,
        a value outside {-1, 0, +1}, or ``dealt`` that is not boolean.
    """

    participant: IntArray
    statement: IntArray
    value: ValueArray
    dealt: BoolArray | None

    def __init__(
        self,
        participant: ArrayLike,
        statement: ArrayLike,
        value: ArrayLike,
        dealt: ArrayLike | None = None,
    ) -> None:
        columns = {
            "participant": as_ints("participant", participant),
            "statement": as_ints("statement", statement),
            "value": as_ints("value", value),
        }
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) > 1:
            raise InvalidVotes(f"The three arrays must be equally long, but are {lengths}.")
        answers = columns["value"]
        if answers.size and (answers.min() < DISAGREE or answers.max() > AGREE):
            row = int(np.flatnonzero((answers < DISAGREE) | (answers > AGREE))[0])
            raise InvalidVotes(f"value[{row}] is {int(answers[row])}; a vote is +1, 0 or -1.")
        for name, column in columns.items():
            kind = np.int8 if name == "value" else np.int64
            object.__setattr__(self, name, _frozen(column, kind))
        object.__setattr__(self, "dealt", _as_bools(dealt, len(self.value)))

    def __len__(self) -> int:
        return len(self.value)

    def where(self, rows: BoolArray) -> Votes:
        """The votes that the mask ``rows`` (n_votes,) selects."""
        if rows.all():
            return self
        dealt = None if self.dealt is None else self.dealt[rows]
        return Votes(self.participant[rows], self.statement[rows], self.value[rows], dealt)

    def counted(self) -> Votes:
        """The votes that shape the map and its findings: those on dealt statements.

        A brigade that can choose its statements sends everyone to one of them; dealt statements
        spread participants over all. No later correction could replace this.
        """
        if self.dealt is None or self.dealt.all():
            return self
        rows = self.dealt
        return Votes(self.participant[rows], self.statement[rows], self.value[rows])


def _as_bools(dealt: ArrayLike | None, length: int) -> BoolArray | None:
    if dealt is None:
        return None
    array = np.array(dealt)
    if array.size == 0 and length == 0:
        array = np.empty(0, dtype=np.bool_)
    if array.ndim != 1 or array.dtype.kind != "b":
        raise InvalidVotes(f"dealt must hold booleans in one dimension, but holds {array.dtype}.")
    if len(array) != length:
        raise InvalidVotes(f"dealt has {len(array)} entries for {length} votes.")
    array.flags.writeable = False
    return array


def as_ints(name: str, values: ArrayLike) -> IntArray:
    """Return the values as integers; raise ``InvalidVotes`` on the first that is not one."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidVotes(f"{name} must have one dimension, but has {array.ndim}.")
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind == "b" or array.dtype.kind not in "iuf":
        raise InvalidVotes(f"{name} must hold integers, but holds {array.dtype}.")
    if array.dtype.kind == "f":
        wrong = np.flatnonzero(~np.isfinite(array) | (array != np.floor(array)))
        if wrong.size:
            row = int(wrong[0])
            raise InvalidVotes(f"{name}[{row}] is {array[row]}; it must be a whole number.")
        too_large = np.abs(array) >= 2.0**63
    else:
        too_large = array > np.iinfo(np.int64).max if array.dtype == np.uint64 else np.False_
    if np.any(too_large):
        row = int(np.flatnonzero(too_large)[0])
        raise InvalidVotes(f"{name}[{row}] is {array[row]}, which does not fit 64 bits.")
    return array if array.dtype.kind in "iu" else array.astype(np.int64)


def _frozen(array: IntArray, kind: type[np.int8] | type[np.int64]) -> NDArray[Any]:
    """A read-only copy; the array itself if it is read-only and of this type already."""
    if array.dtype == kind and array.base is None and not array.flags.writeable:
        return array
    copy = np.array(array, dtype=kind)
    copy.flags.writeable = False
    return copy
