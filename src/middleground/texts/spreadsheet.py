"""Reads the cells of a spreadsheet file (XLSX, ODS, XLS) as text, in a process with limits.

A file of a few kilobytes can claim a cell at the end of a sheet of millions of rows, or unpack to
gigabytes. Whatever the library makes of it, it has a bounded memory and time of its own here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from threading import Timer

MOST_SECONDS = 10
MOST_MEMORY = 512 * 1024 * 1024
MOST_CELLS = 200_000
# Of all cells together: a file tells a text once that stands in many of them.
MOST_CHARACTERS = 2_000_000
# Bytes of JSON: of a character at most an escape of six, and what is written around a cell or row.
MOST_WRITTEN = 6 * MOST_CHARACTERS + 8 * MOST_CELLS
_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # a zip, as XLSX and ODS are; the older XLS

Rows = list[list[str]]


class BadSpreadsheet(ValueError):
    """The file cannot be read as a spreadsheet, or is too large for one."""

    def __init__(self, *, too_large: bool) -> None:
        super().__init__("too large" if too_large else "unreadable")
        self.too_large = too_large


def is_spreadsheet(content: bytes) -> bool:
    return content.startswith(_STARTS)


def read_spreadsheet(content: bytes) -> list[Rows]:
    """The rows of each sheet that has any. Raises ``BadSpreadsheet``."""
    code, written = _run(content)
    if code == 0 and len(written) <= MOST_WRITTEN:
        sheets: list[Rows] = json.loads(written)
        return sheets
    # 2 is said by ``main``; anything else is the end of the memory, the time or the room.
    raise BadSpreadsheet(too_large=code != 2)


def _run(content: bytes) -> tuple[int, bytes]:
    """How the process ended, and what it wrote: no more is read than is taken."""
    with subprocess.Popen(
        [sys.executable, "-m", "middleground.texts.spreadsheet"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(3 * MOST_SECONDS, process.kill)
        timer.start()
        try:
            with suppress(BrokenPipeError), process.stdin:  # it may end before it has read all
                process.stdin.write(content)
            written = process.stdout.read(MOST_WRITTEN + 1)
            if len(written) > MOST_WRITTEN:
                process.kill()
            return process.wait(), written
        finally:
            timer.cancel()


def sheets_of(content: bytes) -> list[Rows]:
    """The same in this process. Raises the library's error, or MemoryError."""
    from python_calamine import CalamineWorkbook

    found, cells, characters = [], 0, 0
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in book.sheet_names:
        rows: Rows = []
        for row in book.get_sheet_by_name(name).iter_rows():
            cells += len(row)
            rows.append([_text(cell) for cell in row])
            characters += sum(map(len, rows[-1]))
            if cells > MOST_CELLS or characters > MOST_CHARACTERS:
                raise MemoryError
        if any(any(row) for row in rows):
            found.append(rows)
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def main() -> int:
    """Read a file from the standard input, write its sheets as JSON; 2 if it is no spreadsheet."""
    import resource

    from python_calamine import CalamineError, PasswordError

    content = sys.stdin.buffer.read()
    with suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(json.dumps(sheets_of(content), ensure_ascii=False).encode())
    except (CalamineError, PasswordError):
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
