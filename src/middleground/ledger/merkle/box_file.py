"""A box as a file, from which a path is read without computing the whole tree again.

::

    32 bytes  secret
    …         table of places by leaf hash: hash, slot
    …         tables of filled subtrees at levels 0, 8, 16, 24 and 32: index, hash

Each table begins with its number of rows, and its rows ascend. Between two levels of tables a path
is computed: a subtree of eight levels has at most 256 leaves.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO

from middleground.ledger.merkle.ballot_box import (
    DEPTH,
    Filled,
    empty_hash,
    level_above,
    sibling_of,
)
from middleground.ledger.merkle.hashing import HASH_BYTES, leaf_hash

_WORD = 4
_ROW = _WORD + HASH_BYTES
_STEP = 8
_LEVELS = range(0, DEPTH + 1, _STEP)


def write_box(filled: Filled, secret: bytes, file: IO[bytes]) -> bytes:
    """Write the box with these places; returns its root."""
    file.write(secret)
    by_hash = sorted((own, slot) for slot, own in filled.items())
    _write_table(file, [own + slot.to_bytes(_WORD, "big") for own, slot in by_hash])
    for level in range(DEPTH + 1):
        if level in _LEVELS:
            rows = [index.to_bytes(_WORD, "big") + own for index, own in filled.items()]
            _write_table(file, rows)
        if level < DEPTH:
            filled = level_above(filled, secret, level)
    return filled.get(0) or empty_hash(secret, DEPTH, 0)


class BoxFile:
    """Reads what ``write_box`` wrote. Raises ``OSError`` if it is gone or cut off."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, seal: bytes) -> tuple[int, tuple[bytes, ...]] | None:
        """The slot of a seal, and the siblings from there to the root; None if it is not there."""
        with self._path.open("rb") as file:
            secret = _read(file, 0, HASH_BYTES)
            places, *levels = _tables(file)
            leaf = leaf_hash(seal)
            row = bisect_left(places, leaf, key=lambda row: row[:HASH_BYTES])
            if row == len(places) or places[row][:HASH_BYTES] != leaf:
                return None
            slot = int.from_bytes(places[row][HASH_BYTES:], "big")
            path: list[bytes] = []
            for (level, _), table in zip(pairwise(_LEVELS), levels, strict=False):
                path += _steps(table, secret, level, slot >> level)
        return slot, tuple(path)

    def computed_root(self, most: int) -> bytes | None:
        """The root, computed again from the places; None if the file is not what was written.

        Of a box with more than ``most`` votes only the root that stands in it is returned. Raises
        ``FileNotFoundError``.
        """
        found = self._path.read_bytes()
        file, again = io.BytesIO(found), io.BytesIO()
        try:
            leaves = _tables(file)[1]
            if len(leaves) > most:
                return self.root()
            filled = {int.from_bytes(row[:_WORD], "big"): row[_WORD:] for row in leaves}
        except OSError:
            return None  # cut off
        root = write_box(filled, found[:HASH_BYTES], again)
        return root if again.getvalue() == found else None

    def root(self) -> bytes:
        with self._path.open("rb") as file:
            secret = _read(file, 0, HASH_BYTES)
            top = _tables(file)[-1]
            return top[0][_WORD:] if len(top) else empty_hash(secret, DEPTH, 0)


class _Table(Sequence[bytes]):
    """The rows of a table, read one by one."""

    def __init__(self, file: IO[bytes], start: int, count: int) -> None:
        self._file, self._start, self._count = file, start, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> bytes:  # type: ignore[override]
        if not 0 <= row < self._count:
            raise IndexError(row)
        return _read(self._file, self._start + row * _ROW, _ROW)


def _steps(table: _Table, secret: bytes, level: int, index: int) -> list[bytes]:
    """The siblings on eight levels from this subtree upwards."""
    first = index >> _STEP << _STEP
    row = bisect_left(table, first.to_bytes(_WORD, "big"), key=lambda row: row[:_WORD])
    filled: Filled = {}
    while row < len(table) and (found := int.from_bytes(table[row][:_WORD], "big")) >> _STEP == (
        index >> _STEP
    ):
        filled[found] = table[row][_WORD:]
        row += 1
    siblings = []
    for step in range(_STEP):
        siblings.append(sibling_of(filled, secret, level + step, index >> step))
        filled = level_above(filled, secret, level + step)
    return siblings


def _tables(file: IO[bytes]) -> list[_Table]:
    found, place = [], HASH_BYTES
    for _ in range(1 + len(_LEVELS)):
        count = int.from_bytes(_read(file, place, 2 * _WORD), "big")
        if count > 1 << DEPTH:
            raise OSError("the box is damaged")
        found.append(_Table(file, place + 2 * _WORD, count))
        place += 2 * _WORD + count * _ROW
    return found


def _write_table(file: IO[bytes], rows: Sequence[bytes]) -> None:
    file.write(len(rows).to_bytes(2 * _WORD, "big"))
    file.write(b"".join(rows))


def _read(file: IO[bytes], place: int, count: int) -> bytes:
    file.seek(place)
    data = file.read(count)
    if len(data) != count:
        raise OSError("the box is cut off")
    return data
