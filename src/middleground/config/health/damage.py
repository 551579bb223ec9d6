"""Whether the SQLite database and its write-ahead log are damaged, as far as they can show it.

SQLite keeps no check value of a page: a changed bit is noticed where it breaks a page's structure,
an index, an order, a constraint or a relation. Each frame of the write-ahead log has a check value,
but SQLite reads it only after a crash, and then drops that frame and all later ones in silence.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

HEADER, FRAME_HEADER = 32, 24  # bytes, see https://sqlite.org/fileformat2.html#walformat
MAGIC = 0x377F0682  # its last bit: the check values read words as big-endian
LONGEST = 300  # characters of SQLite's own words
TRIES = 5
WHAT_TO_DO = "See “A damaged database” in docs/hosting.md before you stop or start anything."


def damage_of(database: Path) -> str:
    """Say what is damaged; empty if nothing is seen. The file must exist; nothing is written.

    The write-ahead log comes first, since a program that opens the database may drop it. Raises
    ``sqlite3.OperationalError`` if the database cannot be read at all.
    """
    if frame := damaged_frame(database):
        return f"its write-ahead log from frame {frame} on"
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as file:
            found = [str(row[0]) for row in file.execute("PRAGMA integrity_check(3)")]
            lost = file.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return str(error)
    if found != ["ok"]:
        return " ".join("; ".join(found).split())[:LONGEST]
    return f"a row of {lost[0]} refers to one of {lost[2]} that is not there" if lost else ""


def damaged_frame(database: Path) -> int:
    """The first frame of the write-ahead log that was committed and is not what was written.

    0 if there is none, or nothing says how many were committed.
    """
    for _ in range(TRIES):
        index = _read(database, "-shm", 48)  # first, because frames are added meanwhile
        log = _read(database, "-wal")
        if len(log) < HEADER or len(index) < 48:
            return 0
        committed = int(struct.unpack_from("=I", index, 16)[0])
        of_this_log = index[12] == 1 and index[32:40] == log[16:24]
        if not committed or not of_this_log:
            return 0
        if (sound := _sound_frames(log, committed)) == committed:
            return 0
        if _read(database, "-shm", 48)[32:40] == index[32:40]:  # not begun anew meanwhile
            return sound + 1
    return 0


def _read(database: Path, end: str, most: int = -1) -> bytes:
    try:
        with Path(f"{database}{end}").open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        return b""


def _sound_frames(log: bytes, most: int) -> int:
    """How many frames from the beginning have the right check value, at most ``most``."""
    magic, _, page = struct.unpack_from(">3I", log)
    order = ">" if magic & 1 else "<"
    sums = _add(log[:24], order, (0, 0))
    if magic & ~1 != MAGIC or sums != struct.unpack_from(">2I", log, 24):
        return 0
    page = 65536 if page == 1 else page
    for frame in range(most):
        start = HEADER + frame * (FRAME_HEADER + page)
        head = log[start : start + FRAME_HEADER]
        content = log[start + FRAME_HEADER : start + FRAME_HEADER + page]
        if len(content) < page or head[8:16] != log[16:24]:
            return frame
        sums = _add(content, order, _add(head[:8], order, sums))
        if sums != struct.unpack(">2I", head[16:]):
            return frame
    return most


def _add(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """Continue the check value of the write-ahead log over these bytes."""
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
