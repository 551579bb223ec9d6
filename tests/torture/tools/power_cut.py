"""A disk that keeps only synced data, and the disks that a power cut could leave.

Every write, sync, truncation and removal by SQLite is recorded. The records are then replayed up
to any moment: all synced data is there; of the other data nothing, or some of the sectors, or
everything up to one torn sector.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Step:
    """``data`` None truncates the file to ``offset``; a step without a file is a test's mark."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes | None = None


@dataclass
class Notes:
    """SQLite's operations on its files, in order. ``room``: bytes that may still be written."""

    steps: list[Step] = field(default_factory=list)
    room: int | None = None

    def mark(self) -> None:
        self.steps.append(Step("mark"))

    def take_room(self, size: int) -> None:
        if self.room is not None:
            self.room -= size
            if self.room < 0:
                raise apsw.FullError("no room is left on the disk")


class NotedVFS(apsw.VFS):  # type: ignore[misc]
    """The usual files, with records of all operations. Syncing has no cost here."""

    def __init__(self, name: str, notes: Notes) -> None:
        self.notes = notes
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> NotedFile:  # noqa: N802
        return NotedFile(self.notes, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.notes.steps.append(Step("delete", Path(name).name))
        super().xDelete(name, sync)


class NotedFile(apsw.VFSFile):  # type: ignore[misc]
    def __init__(self, notes: Notes, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self.notes, self.name = notes, Path(path).name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.notes.take_room(len(data))
        self.notes.steps.append(Step("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.notes.steps.append(Step("write", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        self.notes.steps.append(Step("sync", self.name))


@dataclass
class Disk:
    """The synced content of the files, and the writes to each since its last sync."""

    kept: dict[str, bytearray]
    unsynced: dict[str, list[Step]] = field(default_factory=dict)

    def play(self, step: Step) -> None:
        if step.kind == "write":
            self.unsynced.setdefault(step.file, []).append(step)
        elif step.kind == "sync":
            file = self.kept.setdefault(step.file, bytearray())
            for write in self.unsynced.pop(step.file, []):
                apply(file, write)
        elif step.kind == "delete":
            self.kept.pop(step.file, None)
            self.unsynced.pop(step.file, None)

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """One of the possible disks after a power cut."""
        files = {name: bytearray(content) for name, content in self.kept.items()}
        way = chance.choice(["nothing", "some", "up to one"])
        for name, writes in self.unsynced.items():
            survivors = list(_surviving(writes, way, chance))
            if survivors or name in files:
                file = files.setdefault(name, bytearray())
                for write in survivors:
                    apply(file, write)
        return {name: bytes(content) for name, content in files.items()}


def _surviving(writes: Sequence[Step], way: str, chance: random.Random) -> Iterator[Step]:
    if way == "nothing":
        return
    if way == "up to one":
        *whole, torn = writes[: chance.randint(1, len(writes))]
        yield from whole
        if torn.data is not None:
            yield Step(
                "write", torn.file, torn.offset, torn.data[: chance.randrange(len(torn.data))]
            )
        return
    sectors = [sector for write in writes for sector in _sectors(write)]
    kept = [sector for sector in sectors if chance.random() < 0.5]
    # The later of two writes to one place wins: a disk does not restore overwritten data.
    yield from kept


def _sectors(write: Step) -> Iterator[Step]:
    if write.data is None:
        yield write
        return
    for start in range(0, len(write.data), SECTOR):
        yield Step("write", write.file, write.offset + start, write.data[start : start + SECTOR])


def apply(file: bytearray, write: Step) -> None:
    if write.data is None:
        del file[write.offset :]
        return
    if len(file) < write.offset:
        file.extend(bytes(write.offset - len(file)))
    file[write.offset : write.offset + len(write.data)] = write.data
