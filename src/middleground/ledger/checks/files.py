"""Reading a folder that anybody may have put together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from middleground.ledger.codecs.field_codecs import LABEL, NUMBER, BadRecord


def files_in(folder: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    """Plain files with their path inside ``folder``; names with a dot in front are half-written."""
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path


def text_of(path: Path) -> str:
    """The file as text. Raises ``BadRecord``."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadRecord("the file is not UTF-8") from problem


def label_of(name: str) -> str:
    """A file's name as the label of a dialogue. Raises ``BadRecord``."""
    return str(LABEL.read(name))


def number_of(name: str) -> int:
    """A file's name as a statement's number. Raises ``BadRecord``."""
    return int(NUMBER.read(name))
