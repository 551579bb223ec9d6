"""Bodies from a CSV table: one row for each body, post and holder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from middleground.people.bodies.importing.files.entries import (
    BodyFile,
    RowPlace,
    RowTrouble,
    UnreadableFile,
)
from middleground.people.bodies.importing.files.gathering import Gathered, TableRow
from middleground.people.bodies.importing.files.values import (
    BadValue,
    day_of,
    level_of,
    lines_of,
    text_of,
    website_of,
)
from middleground.polis.csv_file import column_name, delimiter_of, quoted, split_rows
from middleground.polis.export import Problem
from middleground.polis.formulas import with_formula

# Each column with the names that tables give to it; of two in one table the earlier name counts.
COLUMNS = {
    "body": ("body", "body-name", "organization", "organisation", "agency", "authority", "name"),
    "level": ("level", "government-level", "classification"),
    "place": ("place", "ocd-id", "ocd-division", "division", "division-id", "place-id"),
    "duties": ("duties", "answers-for", "responsibilities", "description"),
    "parent": ("parent", "part-of", "parent-body", "parent-id", "parent-name"),
    "website": ("website", "web", "homepage", "url"),
    "contact": ("contact", "public-contact", "phone", "telephone"),
    "id": ("id", "body-id", "organization-id", "organisation-id", "outside-id", "identifier"),
    "abolished": ("abolished", "dissolution-date", "dissolved"),
    "post": ("post", "post-title", "position", "office", "title"),
    "post-id": ("post-id", "position-id"),
    "post-ended": ("post-ended", "post-end"),
    "holder": ("holder", "holder-name", "person", "official", "incumbent"),
    "email": ("email", "e-mail", "mail", "email-address", "e-mail-address"),
    "term-id": ("term-id", "membership-id"),
    "from": ("from", "since", "start", "start-date", "first-day"),
    "until": ("until", "to", "end", "end-date", "last-day"),
}
_BODY = frozenset(COLUMNS["body"])
_TERM = ("holder", "email", "term-id", "from", "until")


@dataclass(frozen=True, slots=True)
class _Header:
    """Which column of the table is which."""

    at: Mapping[str, int]
    unread: tuple[str, ...]


def read_table(text: str, name: str) -> BodyFile:
    """Read a table. Raises ``UnreadableFile`` if its first line does not name the columns."""
    separator = re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE)  # a line for spreadsheets
    if separator:
        text = "\n" + text[separator.end() :]
    given = separator[1] if separator else None
    delimiter = given or delimiter_of(text, lambda names: not names.isdisjoint(_BODY)) or ","
    problems: list[Problem] = []
    rows, lines = split_rows(name, text, delimiter, problems, lambda _read: None)
    filled = [k for k, row in enumerate(rows) if any(map(str.strip, row))]
    if not filled:
        raise UnreadableFile("The file is empty. Its first line must name the columns.")
    header = _header(rows[filled[0]])
    gathered = Gathered()
    for problem in problems:
        gathered.file.troubles.append(RowTrouble(_line(problem.line), problem.reason))
    if header.unread:
        gathered.file.notes.append(f"Columns that were not read: {', '.join(header.unread)}.")
    width = len(rows[filled[0]])
    for k in filled[1:]:
        place = _line(lines[k])
        try:
            gathered.add(place, _row(header, rows[k], width))
        except BadValue as error:
            gathered.file.troubles.append(RowTrouble(place, f"{error}."))
    return gathered.entries()


def _line(number: int) -> RowPlace:
    return RowPlace(number, f"line {number}")


def _header(cells: list[str]) -> _Header:
    names = [column_name(with_formula(cell)) for cell in cells]
    at: dict[str, int] = {}
    for column, known in COLUMNS.items():
        found = next((name for name in known if name in names), None)
        if found is not None:
            at[column] = names.index(found)
    if "body" not in at:
        shown = ", ".join(quoted(cell) for cell in cells[:12])
        raise UnreadableFile(
            "The first line must name the columns, and one must be called “body” (the name of the"
            f" body). Its columns are: {shown}. All names are in docs/cli.md."
        )
    read = set(at.values())
    unread = (quoted(cells[k]) for k in range(len(cells)) if k not in read and cells[k].strip())
    return _Header(at, tuple(unread))


def _row(header: _Header, cells: list[str], width: int) -> TableRow:
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        cells = cells[:width]  # empty cells that a spreadsheet added
    if len(cells) != width:
        raise BadValue(
            f"{len(cells)} cells, but the first line names {width} columns. Put texts that contain"
            " the separator into quotation marks"
        )
    cell = {name: with_formula(cells[k].strip()) for name, k in header.at.items()}
    return _checked({name: cell.get(name, "") for name in COLUMNS})


def _checked(cell: Mapping[str, str]) -> TableRow:
    text = {name: text_of(value) for name, value in cell.items()}
    if not text["body"]:
        raise BadValue("it names no body. Write the body’s name into each row")
    for name in ("post-id", "post-ended", *_TERM):
        if text[name] and not text["post"]:
            raise BadValue(f"it has “{name}” but no post. Write the post’s title, too")
    said = {
        "place": text["place"],
        "duties": lines_of(cell["duties"]),
        "website": website_of(cell["website"]),
        "contact": text["contact"],
    }
    since, until = day_of(text["from"]), day_of(text["until"])
    has_term = any(text[name] for name in _TERM)
    if has_term and since is None:
        raise BadValue("it does not say from which day the post is held. Write it into “from”")
    return TableRow(
        name=text["body"],
        level=level_of(text["level"], text["place"]),
        body_id=text["id"],
        description={field: value for field, value in said.items() if value},
        parent=text["parent"],
        abolished=day_of(text["abolished"]),
        post=text["post"],
        post_id=text["post-id"],
        post_ended=day_of(text["post-ended"]),
        term=(since, until) if has_term and since else None,
        holder=text["holder"],
        email=text["email"].lower(),
        term_id=text["term-id"],
    )
