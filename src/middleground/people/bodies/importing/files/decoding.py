"""The bytes of a file as text, with a sentence about what had to be assumed."""

from __future__ import annotations

import codecs

from middleground.people.bodies.importing.files.entries import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SAVE_IT = "Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and import it again."


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and a note if its encoding was assumed. Raises ``UnreadableFile``."""
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            return _strict(data.removeprefix(mark), encoding, f"It begins as {name} does"), ""
    if b"\0" in data:
        # Latin letters in UTF-16 have a zero beside each of them.
        start = data[:2000]
        encoding = "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"
        text = _strict(data, encoding, "It has zero bytes as UTF-16 has")
        if "\0" in text:
            raise UnreadableFile(f"This is not a text file. {_SAVE_IT}")
        return text, "The file was taken for UTF-16, which it does not say of itself."
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        text = _strict(data, "cp1252", "It is neither UTF-8 nor UTF-16")
    return text, (
        "The file is not UTF-8 and was read as Windows-1252. If letters such as é come out wrong,"
        " save it as UTF-8."
    )


def _strict(data: bytes, encoding: str, why: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{why}, but line {line} cannot be read so. {_SAVE_IT}") from None
