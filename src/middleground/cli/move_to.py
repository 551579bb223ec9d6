"""``middleground move-to``: from SQLite to PostgreSQL, and back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from middleground.config.move.moving import MoveSummary

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

Address = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS",
        help="postgresql://user@host:port/name of an empty database; sqlite: the data folder's"
        " file; -: read the address from standard input.",
    ),
]


def move_to(address: Address) -> None:
    """Copy all data into another, empty database, and compare. Stop the server first."""
    import django

    from middleground.cli.serve import explained
    from middleground.config import environment

    if address == "-":
        address = sys.stdin.readline().strip()
    environment.make_nothing()
    with explained("Nothing was moved."):
        django.setup()
    from middleground.config.move.ends import CannotMove
    from middleground.config.move.moving import move

    try:
        with _progress() as progress:
            task = progress.add_task("Looking at both databases", total=None)
            passed: dict[str, int] = {}

            def tell(what: str, rows: int) -> None:
                passed[what] = rows
                progress.update(task, description=what, completed=sum(passed.values()))

            summary = move(address, lambda rows: progress.update(task, total=rows), tell)
    except (CannotMove, KeyboardInterrupt) as stopped:
        err.print(f"Nothing was moved. {str(stopped) or 'It was interrupted.'}", markup=False)
        raise typer.Exit(1) from None
    _print_rows(summary)
    _print_next_steps(summary, address)


def _progress() -> Progress:
    text = TextColumn("{task.description}")
    rows = TextColumn("{task.completed:,.0f} rows passed")
    columns = (text, BarColumn(), TaskProgressColumn(), rows, TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


def _print_rows(summary: MoveSummary) -> None:
    table = Table("Table", "Rows before", "Rows now")
    for each in summary.tables:
        if each.before:
            table.add_row(each.table, f"{each.before:,}", f"{each.after:,}")
    for column in table.columns[1:]:
        column.justify = "right"
    out.print(table)
    log, rows = summary.log, sum(each.after for each in summary.tables)
    out.print(
        f"Moved {rows:,} rows into {summary.target}, read them again and found no difference. All"
        f" references are whole. The public log's {log.entries:,} entries agree with it, as do"
        f" {log.seals:,} sealed votes and {log.maps} final maps that were looked up.",
        markup=False,
    )
    if summary.left_out:
        names = ", ".join(summary.left_out)
        out.print(f"Not copied, as not middleground's: {names}.", markup=False)


def _print_next_steps(summary: MoveSummary, address: str) -> None:
    from django.conf import settings

    from middleground.config.environment import DATABASE_URL
    from middleground.config.move.ends import SQLITE, shown

    set_it = f"set {DATABASE_URL.name}={shown(address)}"
    if address == SQLITE:
        set_it = f"remove {DATABASE_URL.name}"
    out.print(
        f"\nNext: {set_it} in the service's settings, run `middleground doctor`, start.",
        markup=False,
    )
    out.print(
        "These stay where they are and belong to the new database as they did to the old one: the"
        f" keys ({settings.KEYS}), the public log ({settings.LEDGER}), the votes of final maps"
        f" ({settings.SEALED}).",
        markup=False,
    )
    out.print(
        f"{summary.source} was not changed and still holds everyone's data. Start no server on it"
        f" again. When all runs well on the new one, delete it: {_deletion()}",
        markup=False,
    )


def _deletion() -> str:
    """The command that deletes the source."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    return (
        f"rm -f {name} {name}-wal {name}-shm" if connection.vendor == "sqlite" else f"dropdb {name}"
    )
