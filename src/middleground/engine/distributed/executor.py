"""Who works on parts of the votes, and where the parts lie meanwhile.

A part is some people with all their votes. Work is a plain function of a part and of what all
parts are told; what it gives is kept where it was made, asked for, or added up. Sums are taken as a
tree of fixed shape, so that no bit depends on who is ready first. ``DiskExecutor`` does one part
after the other in this process and keeps them as files; ``middleground.cluster`` has others do it.
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
    """Whoever does the work.

    Each method calls ``function(*part, *common)`` for every part, with the parts' own arguments
    taken from the sequences ``each``; things held among these are what they stand for.
    """

    def keep(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> list[Handle]:
        """What comes out stays there."""

    def ask(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Iterator[Any]:
        """What comes out, in the order of parts."""

    def total(
        self, function: Callable[..., Result], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Result:
        """The sum of what comes out, of one part at least."""

    def turn(
        self, function: Callable[..., tuple[Any, Result]], held: list[Handle], *common: Any
    ) -> tuple[list[Handle], Result]:
        """Of pairs that come out the first stay there, in place of ``held``, the others' sum."""

    def drop(self, held: list[Handle]) -> None:
        """Let go of what is kept."""


def tree_reduce(items: Sequence[Any], together: Callable[[Any, Any], Any] = add) -> Any:
    """Neighbours two by two, until one is left."""
    level = list(items)
    while len(level) > 1:
        pairs = [together(level[k], level[k + 1]) for k in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) // 2 * 2 :]
    return level[0]


class DiskExecutor:
    """One part after the other, in this process; what is kept are files in ``folder``.

    The folder is the caller's to make, for the owner only, and to remove. Arrays are mapped into
    memory when a part's turn comes, so that the system reads no more of them than is used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def keep(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> list[Handle]:
        return [self._put(found) for found in self.ask(function, *each, common=common)]

    def ask(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Iterator[Any]:
        for part in zip(*each, strict=True):
            yield function(*(_loaded(item) for item in part), *common)

    def total(
        self, function: Callable[..., Result], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Result:
        total: Result = tree_reduce(list(self.ask(function, *each, common=common)))
        return total

    def turn(
        self, function: Callable[..., tuple[Any, Result]], held: list[Handle], *common: Any
    ) -> tuple[list[Handle], Result]:
        kept, sums = [], []
        for found, told in self.ask(function, held, common=common):
            kept.append(self._put(found))
            sums.append(told)
        self.drop(held)
        return kept, tree_reduce(sums)

    def drop(self, held: list[Handle]) -> None:
        for item in held:
            item.path.unlink(missing_ok=True)

    def _put(self, found: Any) -> _StoredValue:
        self.made += 1
        return _StoredValue.put(found, self.folder / str(self.made))


class _StoredValue:
    """Something in a file of its own: its shape, then its arrays as they are."""

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
        # Written by this process, into a folder that is nobody else's.
        length, sizes = pickle.loads(whole[8:at])  # noqa: S301
        shape = whole[at : at + length]
        at += length
        arrays = []
        for size in sizes:
            at += -at % _ALIGN
            arrays.append(whole[at : at + size])
            at += size
        return pickle.loads(shape, buffers=arrays)  # noqa: S301


def _loaded(item: Any) -> Any:
    return item.take() if isinstance(item, _StoredValue) else item
