"""Finds the files of an export in a folder or a zip, by the ends of their names.

Polis' report page saves ``2025-01-31-1400-<report>-comments.csv``, its interface gives
``comments.csv``, and its exporter of 2014 to 2024 wrote ``participants-votes.csv``. Nothing of a
zip is written to disk, so the paths in it cannot lead anywhere.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from middleground.polis.export import InvalidExport

MOST_FILES = 1_000
MOST_BYTES = 2_000_000_000  # of a zip, unpacked

SUMMARY, COMMENTS, VOTES = "summary.csv", "comments.csv", "votes.csv"
MATRIX, OLD_MATRIX = "participant-votes.csv", "participants-votes.csv"
FORMAT = "format.json"
LOOKED_UP = "middleground-looked-up.csv"
PEOPLE = "middleground-participants.csv"
MAP = "middleground-map.json"
# What Polis gives out besides, and what is not needed to read a conversation.
UNUSED = (
    "comment-groups.csv",
    "comment-clusters.csv",
    "participant-importance.csv",
    "stats-history.csv",
)
_NAMES = "participant-xids.csv"
# The longest first: participant-votes.csv also ends with votes.csv.
_ENDS = sorted(
    (SUMMARY, COMMENTS, VOTES, MATRIX, OLD_MATRIX, FORMAT, LOOKED_UP, PEOPLE, MAP, *UNUSED, _NAMES),
    key=len,
    reverse=True,
)
_TIME = re.compile(r"^\d{4}-\d\d-\d\d-\d{3,4}-?")
_COPY = re.compile(r" ?\(\d+\)(?=\.[a-z]+$)")  # what browsers add to a second download


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file of an export: its name as found, its size in bytes, and how to read it."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files by the names that Polis' interface gives them, and what to tell the reader."""

    place: str
    files: dict[str, ExportFile]
    others: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def require(self, *names: str) -> None:
        """Raises InvalidExport unless one of the files is there."""
        if any(name in self.files for name in names):
            return
        wanted = f"no {names[0]}" if len(names) == 1 else f"neither {' nor '.join(names)}"
        there = ", ".join([file.name for file in self.files.values()] + list(self.others))
        have = f"There is only: {there}." if there else "It is empty."
        raise InvalidExport(
            f"There is {wanted} in {self.place}. {have} Save all files of the report page’s"
            " “Raw Data Export” into one folder."
        )


def find_files(place: Path) -> FoundFiles:
    """Raises InvalidExport if nothing is there, or a file is there twice."""
    if place.is_dir():
        given = [
            ExportFile(path.name, path.stat().st_size, path.read_bytes)
            for path in sorted(place.iterdir())
            if path.is_file()
        ]
    elif zipfile.is_zipfile(place):
        given = _zipped(place)
    elif place.is_file():
        raise InvalidExport(f"{place} is neither a folder nor a zip file.")
    else:
        raise InvalidExport(f"There is no folder {place}.")
    return _sorted(place, given)


def _sorted(place: Path, given: Iterable[ExportFile]) -> FoundFiles:
    files: dict[str, ExportFile] = {}
    reports: dict[str, str] = {}
    others: list[str] = []
    for file in given:
        if PurePosixPath(file.name).name.startswith("."):
            continue
        role, report = _role(file.name)
        if role is None:
            others.append(file.name)
            continue
        key = MATRIX if role == OLD_MATRIX else role
        if report:
            reports.setdefault(report, file.name)
        if len(reports) > 1:
            first, second = list(reports.values())[:2]
            raise InvalidExport(
                f"{place} holds files of two reports: {first} and {second}. Put each report into"
                " a folder of its own."
            )
        if key in files:
            raise InvalidExport(
                f"{place} holds {files[key].name} and {file.name}, which are the same file of an"
                " export. Keep the newer one."
            )
        files[key] = file
    return FoundFiles(str(place), files, tuple(others), _notes(files, others))


def _notes(files: dict[str, ExportFile], others: list[str]) -> list[str]:
    notes = []
    if _NAMES in files:
        notes.append(
            f"{files[_NAMES].name} was not read: it says who the participants are. Delete it"
            " if you do not need it."
        )
    if files and others:
        notes.append(
            f"Not read, because no file of an export ends like this: {', '.join(others[:5])}"
            f"{' and more' if len(others) > 5 else ''}."
        )
    return notes


def _role(name: str) -> tuple[str | None, str]:
    """The standard name of a file, or None; and the report that its name tells, or ""."""
    name = PurePosixPath(name).name
    plain = _COPY.sub("", name.lower())
    for end in _ENDS:
        if plain == end:
            return end, ""
        if plain.endswith(("-" + end, "_" + end)):
            return end, _TIME.sub("", name[: len(plain) - len(end) - 1])
    return None, ""


def _zipped(place: Path) -> list[ExportFile]:
    found, whole = [], 0
    with zipfile.ZipFile(place) as archive:
        entries = [each for each in archive.infolist() if not each.is_dir()]
        if len(entries) > MOST_FILES:
            raise InvalidExport(f"{place} holds more than {MOST_FILES} files: it is no export.")
        for entry in entries:
            path = PurePosixPath(entry.filename.replace("\\", "/"))
            if path.parts[0] == "__MACOSX":
                continue
            if entry.flag_bits & 1:
                raise InvalidExport(f"{place} has a password. Unpack it, and name the folder.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise InvalidExport(
                    f"{place} is packed in a rare way. Unpack it, and name the folder."
                )
            whole += entry.file_size
            found.append(ExportFile(str(path), entry.file_size, partial(_unpacked, place, entry)))
    if whole > MOST_BYTES:
        raise InvalidExport(
            f"{place} unpacks to more than {MOST_BYTES // 10**9} GB. Unpack it yourself, and name"
            " the folder."
        )
    return found


def _unpacked(place: Path, entry: zipfile.ZipInfo) -> bytes:
    """The content of an entry. Of one that is longer than the zip says, no more is unpacked."""
    try:
        with zipfile.ZipFile(place) as archive, archive.open(entry) as file:
            content = file.read()
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InvalidExport(f"{entry.filename} in {place} is damaged: {error}.") from error
    if len(content) != entry.file_size:
        raise InvalidExport(f"{entry.filename} in {place} is shorter than the zip says.")
    return content
