"""Reading files of an untrusted folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from middleground.ledger.codecs.field_codecs import LABEL, NUMBER, BadRecord


def files_in(folder: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    """Yield plain files by path inside ``folder``, except dot files, which are half-written."""
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path


def text_of(path: Path) -> str:
    """Read the file as UTF-8. Raises ``BadRecord``."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadRecord("the file is not UTF-8") from problem


def label_of(name: str) -> str:
    """Parse a file's name as the label of a dialogue. Raises ``BadRecord``."""
    return str(LABEL.read(name))


def number_of(name: str) -> int:
    """Parse a file's name as a statement's number. Raises ``BadRecord``."""
    return int(NUMBER.read(name))
