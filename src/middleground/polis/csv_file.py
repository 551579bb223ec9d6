"""One CSV file of an export: decoded, split into rows, each with its physical line number."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from middleground.polis.columns import standard_names
from middleground.polis.export import InvalidExport, Problem
from middleground.polis.files import ExportFile

Report = Callable[[int], None]  # bytes read since the last call

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(?:\.0+)?")
_LINES_A_REPORT = 4096
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as long as the header of normalised names. ``lines[k]`` is the first line of row k."""

    name: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str] | None:
        """All cells of a column, or None if the file has no such column."""
        if name not in self.header:
            return None
        k = self.header.index(name)
        return [row[k] for row in self.rows]


def read_sheet(
    file: ExportFile,
    required: Sequence[str],
    problems: list[Problem],
    report: Report,
    variants: Mapping[str, str] | None = None,
) -> Sheet:
    """Read ``file``; malformed rows are added to ``problems``.

    ``variants`` are other names of columns, with the standard ones. Raises InvalidExport if the
    file is empty or a ``required`` column is missing.
    """
    text, other = _decode(file, problems), variants or {}

    def is_header(names: set[str]) -> bool:
        return set(standard_names(tuple(names), other)) >= set(required)

    rows, lines = split_rows(
        file.name, text, delimiter_of(text, is_header) or ",", problems, report
    )
    kept = [k for k, row in enumerate(rows) if any(map(str.strip, row))]
    if not kept:
        raise InvalidExport(f"{file.name} is empty; its first line must name the columns.")
    header = standard_names(tuple(map(column_name, rows[kept[0]])), other)
    missing = [name for name in required if name not in header]
    if missing:
        shown = ", ".join(quoted(cell) for cell in rows[kept[0]][:12])
        lacking = " and no column ".join(missing)
        raise InvalidExport(f"{file.name} has no column {lacking}. Its columns are: {shown}.")
    sheet = Sheet(file.name, header, [], [])
    for k in kept[1:]:
        if len(rows[k]) == len(header):
            sheet.rows.append(rows[k])
            sheet.lines.append(lines[k])
        else:
            reason = f"{len(rows[k])} fields, but the header has {len(header)}"
            problems.append(Problem(file.name, lines[k], reason))
    return sheet


def read_pairs(file: ExportFile, problems: list[Problem], report: Report) -> dict[str, str]:
    """Read a file of key,value rows without a header, such as summary.csv."""
    rows, lines = split_rows(file.name, _decode(file, problems), ",", problems, report)
    pairs: dict[str, str] = {}
    for row, line in zip(rows, lines, strict=True):
        if len(row) == 2:
            pairs.setdefault(column_name(row[0]), row[1])
        elif any(map(str.strip, row)):
            problems.append(Problem(file.name, line, f"{len(row)} fields, but key,value has 2"))
    return pairs


def parse_integer(cell: str) -> int | None:
    """A whole number of at most 18 digits ("7", "-1", "1.0"), or None."""
    cell = cell.strip()
    if not _INTEGER.fullmatch(cell):
        return None
    return int(cell.partition(".")[0])


def parse_integers(cells: Sequence[str]) -> list[int | None]:
    """``parse_integer`` for a column; each distinct text is parsed once."""
    known = {cell: parse_integer(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def quoted(cell: str) -> str:
    """The content of a cell for an error message: short and printable."""
    shown = cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…"
    return shown.encode("unicode_escape").decode() if not shown.isprintable() else shown


def column_name(cell: str) -> str:
    """The normalised name of a column, however the header spells it."""
    return cell.strip().lower().replace("_", "-").replace(" ", "-")


def _decode(file: ExportFile, problems: list[Problem]) -> str:
    data = file.read()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        for number, line in enumerate(re.split(b"\r\n|\r|\n", data), start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                reason = f"not UTF-8 from byte {error.start + 1}; unreadable signs became \ufffd"
                problems.append(Problem(file.name, number, reason))
        return data.decode("utf-8-sig", errors="replace")


def delimiter_of(text: str, is_header: Callable[[set[str]], bool]) -> str | None:
    """The comma, semicolon or tab with which the first line has the right columns, or None.

    ``is_header`` is called with the column names (see ``column_name``).
    """
    first = re.split("[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    for delimiter in ",;\t":
        if is_header({column_name(cell.strip('"')) for cell in first.split(delimiter)}):
            return delimiter
    return None


def split_rows(
    name: str, text: str, delimiter: str, problems: list[Problem], report: Report
) -> tuple[list[list[str]], list[int]]:
    """Rows and the line on which each begins. A row with broken quoting is in ``problems``."""
    # Lines end at \n, \r or \r\n only; str.splitlines would also split at U+2028 inside a text.
    reader = csv.reader(
        _counted(io.StringIO(text, newline=""), report), delimiter=delimiter, strict=True
    )
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    limit = csv.field_size_limit(sys.maxsize)
    try:
        while True:
            try:
                rows.append(next(reader))
                lines.append(start)
            except StopIteration:
                break
            except csv.Error as error:
                problems.append(Problem(name, start, _why(error)))
            start = reader.line_num + 1
    finally:
        csv.field_size_limit(limit)
    return rows, lines


def _why(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quoted text begins here and never ends; the rest of the file was left out"
    return f"the quotes of this row do not match ({error})"


def _counted(lines: io.StringIO, report: Report) -> Iterator[str]:
    """Yield the lines; report at intervals how much of the text has been read."""
    told = 0
    for number, line in enumerate(lines, start=1):
        yield line
        if number % _LINES_A_REPORT == 0:
            at = lines.tell()
            report(at - told)
            told = at
