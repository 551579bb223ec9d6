"""``middleground backup`` and ``middleground restore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from middleground.cli.serve import explained

if TYPE_CHECKING:
    from middleground.config.restore import KeptState, RestoreSummary

err = Console(stderr=True, soft_wrap=True, highlight=False)

Target = Annotated[
    Path, typer.Argument(metavar="TARGET", help="A new file, or a folder to put one into.")
]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that backup made.")]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="In place of the database that is there, which is set aside.",
    ),
]
POSTGRES = (
    "The database is PostgreSQL, which has its own tools: copy the folder {data}/ledger first,"
    " then run pg_dump; to come back, pg_restore or psql. docs/hosting.md has the lines."
)


def backup(target: Target) -> None:
    """Write database and public log into one file, also while the server runs. No key is in it."""
    import sqlite3

    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from middleground.config.backup import CannotBackUp, back_up

    _refuse_postgres()
    data, keys = Path(settings.DATA), Path(settings.KEYS)
    if target.resolve().is_relative_to(keys):
        _refuse(f"{keys} holds the keys. Votes and keys must not lie together: choose another.")
    try:
        made = back_up(data, target, timezone.localdate())
    except (CannotBackUp, OSError, sqlite3.Error) as error:
        _refuse(f"No backup was made. {error}")
    typer.echo(
        f"Wrote {made.file}: the database and {made.ledger_files} files of the public log,"
        f" {made.size / 1e6:.1f} MB, looked through.\n"
        f"No key is in it. Keep those of {keys} apart; see docs/hosting.md."
    )


def restore(file: File, replace: Replace = False) -> None:
    """Put a backup back into the data folder. Stop the server first."""
    import sqlite3

    import django

    django.setup()
    from django.conf import settings

    from middleground.config import restore as restoring
    from middleground.config import writer_lock

    _refuse_postgres()
    data, keys = Path(settings.DATA), Path(settings.KEYS)
    with explained("Nothing was restored."):
        writer_lock.take()
    try:
        done = restoring.restore(file, data, keys, replace=replace)
    except (restoring.CannotRestore, OSError, sqlite3.Error) as error:
        _refuse(f"Nothing was restored. {error}")
    typer.echo(f"Restored {done.dialogues} dialogues with {done.votes} votes into {data}.")
    if done.without_key:
        err.print(
            f"No key for: {', '.join(done.without_key)}. Put the keys back into {keys} before you"
            " start the server; otherwise people cannot go on with the votes that they have.",
            markup=False,
        )
    if about_log := _about_log(done, data):
        err.print(about_log, markup=False)
    if done.kept is not None:
        folder = done.kept.folder
        err.print(
            f"What was there before is in {folder}, as private as the database: votes that people"
            f" gave since the backup are there only. Once all is well, delete it: rm -r '{folder}'",
            markup=False,
        )


def _about_log(done: RestoreSummary, data: Path) -> str:
    if done.kept is not None and done.kept.log_ahead:
        return _about_log_ahead(done.kept, done.log_entries, data)
    if done.signed > done.log_entries:
        return (
            f"The log's key has signed {done.signed} entries, and this backup has"
            f" {done.log_entries}: the server signs nothing until the newer state is back. See"
            " “Backups” in docs/hosting.md."
        )
    if done.log_entries:
        return (
            f"The public log ends at entry {done.log_entries}. If anyone has seen a longer one, the"
            " server must not go on from here: see docs/hosting.md."
        )
    return ""


def _about_log_ahead(kept: KeptState, log_entries: int, data: Path) -> str:
    log = (
        "It stays where it is, because people have seen it"
        if kept.log_stays
        else f"It is another log, and lies in {kept.folder} now"
    )
    return (
        f"The public log in {data} has {kept.log_entries} entries, the backup {log_entries}. {log};"
        f" the database that belongs to it is in {kept.folder}. The server signs nothing"
        " until both are together again. See “Backups” in docs/hosting.md."
    )


def _refuse_postgres() -> None:
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        _refuse(POSTGRES.format(data=settings.DATA))


def _refuse(why: str) -> NoReturn:
    err.print(why, markup=False)
    raise typer.Exit(1)
