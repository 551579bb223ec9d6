"""Executors, which store the partitions of a map's votes and run functions on them.

A partition holds some participants with all their votes. An executor calls a plain function with a
partition and with arguments that all partitions share. It keeps the results where they were
computed, returns them, or sums them. Sums are reduced along a tree of fixed shape, so that no bit
depends on which partition is ready first. ``LocalExecutor`` keeps values in this process,
``DiskExecutor`` in files, and ``middleground.cluster`` on other machines.
"""

from __future__ import annotations

import mmap
import pickle
from collections.abc import Callable, Iterator, Sequence
from operator import add
from pathlib import Path
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")
Handle = Any
_ALIGN = 64


class Executor(Protocol):
    """Calls functions on partitions.

    Each method calls ``function(*own, *common)`` once per partition; ``own`` are the partition's
    arguments from the sequences ``each``. A handle among them is replaced by the value it keeps.
    """

    @property
    def keeps_caches(self) -> bool:
        """Whether kept values may keep their caches; False if memory holds one partition only."""

    def map_persist(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> list[Handle]:
        """Keep the results where they were computed; return their handles."""

    def map(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Iterator[Any]:
        """Yield the results in the order of partitions."""

    def map_reduce(
        self, function: Callable[..., Result], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Result:
        """Return the sum of the results, of at least one partition."""

    def map_accumulate(
        self, function: Callable[..., tuple[Any, Result]], held: list[Handle], *common: Any
    ) -> tuple[list[Handle], Result]:
        """Of each pair returned, keep the first instead of ``held``, and sum the second."""

    def release(self, held: list[Handle]) -> None:
        """Free kept values."""


def tree_reduce(items: Sequence[Any], together: Callable[[Any, Any], Any] = add) -> Any:
    """Combine neighbours pairwise until one item is left."""
    level = list(items)
    while len(level) > 1:
        pairs = [together(level[k], level[k + 1]) for k in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) // 2 * 2 :]
    return level[0]


class LocalExecutor:
    """Works on one partition at a time in this process; kept values stay in memory."""

    keeps_caches = True

    def map_persist(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> list[Handle]:
        return [self._kept(found) for found in self.map(function, *each, common=common)]

    def map(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Iterator[Any]:
        for own in zip(*each, strict=True):
            yield function(*(self._value(item) for item in own), *common)

    def map_reduce(
        self, function: Callable[..., Result], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Result:
        total: Result = tree_reduce(list(self.map(function, *each, common=common)))
        return total

    def map_accumulate(
        self, function: Callable[..., tuple[Any, Result]], held: list[Handle], *common: Any
    ) -> tuple[list[Handle], Result]:
        kept, sums = [], []
        for found, summand in self.map(function, held, common=common):
            kept.append(self._kept(found))
            sums.append(summand)
        self.release(held)
        return kept, tree_reduce(sums)

    def release(self, held: list[Handle]) -> None:
        """Do nothing: a value in memory is freed with its last reference."""

    def _kept(self, found: Any) -> Handle:
        return found

    def _value(self, item: Any) -> Any:
        return item


class DiskExecutor(LocalExecutor):
    """Works on one partition at a time in this process; kept values are files in ``folder``.

    The caller creates the folder, readable for its owner only, and removes it. Arrays are
    memory-mapped, so that the system reads only the parts that are used.
    """

    keeps_caches = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def release(self, held: list[Handle]) -> None:
        for item in held:
            item.path.unlink(missing_ok=True)

    def _kept(self, found: Any) -> _StoredValue:
        self.made += 1
        return _StoredValue.put(found, self.folder / str(self.made))

    def _value(self, item: Any) -> Any:
        return item.take() if isinstance(item, _StoredValue) else item


class _StoredValue:
    """A value in a file: its pickle, followed by its raw arrays."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def put(cls, item: Any, path: Path) -> _StoredValue:
        arrays: list[pickle.PickleBuffer] = []
        shape = pickle.dumps(item, protocol=5, buffer_callback=arrays.append)
        raw = [array.raw() for array in arrays]
        head = pickle.dumps((len(shape), [len(view) for view in raw]))
        with path.open("wb") as file:
            file.write(len(head).to_bytes(8, "little") + head + shape)
            for view in raw:
                file.write(b"\0" * (-file.tell() % _ALIGN))
                file.write(view)
        return cls(path)

    def take(self) -> Any:
        with self.path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        at = 8 + int.from_bytes(whole[:8], "little")
        # Safe to unpickle: this process wrote the file, into a folder that only its owner can use.
        length, sizes = pickle.loads(whole[8:at])  # noqa: S301
        shape = whole[at : at + length]
        at += length
        arrays = []
        for size in sizes:
            at += -at % _ALIGN
            arrays.append(whole[at : at + size])
            at += size
        return pickle.loads(shape, buffers=arrays)  # noqa: S301
