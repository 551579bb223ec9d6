"""Tells what a file is that is neither a spreadsheet nor a text, by its first bytes.

Only for advice: whether a file can be read is for its reader to say.
"""

from __future__ import annotations

import io
import zipfile
from enum import Enum, auto


class FileKind(Enum):
    """Files that people choose by mistake for a table."""

    PICTURE = auto()
    PDF = auto()
    ARCHIVE = auto()
    DOCUMENT = auto()


_STARTS = {
    b"\x89PNG": FileKind.PICTURE,
    b"\xff\xd8\xff": FileKind.PICTURE,  # JPEG
    b"GIF8": FileKind.PICTURE,
    b"II*\0": FileKind.PICTURE,  # TIFF
    b"MM\0*": FileKind.PICTURE,
    b"%PDF-": FileKind.PDF,
    b"\x1f\x8b": FileKind.ARCHIVE,  # gzip
    b"7z\xbc\xaf\x27\x1c": FileKind.ARCHIVE,
    b"Rar!\x1a": FileKind.ARCHIVE,
    b"PK\x05\x06": FileKind.ARCHIVE,  # a zip with nothing in it
}
_ZIP = b"PK\x03\x04"
# In a zip: what XLSX, XLSB and ODS must have, and what other office files have.
_TABLES = ("xl/", "content.xml")
_DOCUMENTS = ("word/", "ppt/")


def kind_of(content: bytes) -> FileKind | None:
    """The kind of a file that holds no table; None for what may hold one."""
    if content.startswith(_ZIP):
        return _kind_of_zip(content)
    is_picture = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if is_picture or content[4:12] in {b"ftypheic", b"ftypavif", b"ftypmif1"}:
        return FileKind.PICTURE
    return next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)


def _kind_of_zip(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        return None  # damaged, and so it may have been a spreadsheet
    if any(name.startswith(_DOCUMENTS) for name in names):
        return FileKind.DOCUMENT
    return None if any(name.startswith(_TABLES) for name in names) else FileKind.ARCHIVE
