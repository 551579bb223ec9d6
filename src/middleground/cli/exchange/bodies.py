"""``middleground import bodies``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from middleground.cli.exchange.apps import (
    err,
    progress_setter,
    set_up,
    shown_progress,
)

if TYPE_CHECKING:
    from middleground.people.bodies.importing.files.entries import BodyFile, RowTrouble
    from middleground.people.bodies.importing.outcome import ImportOutcome

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A CSV table, or Popolo JSON.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Import nothing if any row is bad.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be new or changed, and change nothing.")
]
Accounts = Annotated[
    bool,
    typer.Option("--accounts", help="Make an account for each new holder with an e-mail address."),
]


def import_bodies_file(
    file: File, strict: Strict = False, dry_run: DryRun = False, accounts: Accounts = False
) -> None:
    """Import bodies, their posts and who holds them. Importing a file twice changes nothing."""
    set_up(writes=True)
    from middleground.people.bodies.importing.files.entries import UnreadableFile
    from middleground.people.bodies.importing.files.reading import read_bodies
    from middleground.people.bodies.importing.outcome import BodiesNotImported

    try:
        read = read_bodies(file.read_bytes(), file.name)
        outcome = _store(read, strict=strict, dry_run=dry_run, accounts=accounts)
    except BodiesNotImported as error:
        _tell(error.troubles)
        _say(f"Nothing was imported. {error}")
        raise typer.Exit(2) from None
    except (UnreadableFile, OSError) as error:
        _say(f"Nothing was imported. {error}")
        raise typer.Exit(2) from None
    for note in outcome.notes:
        _say(note)
    _tell(outcome.troubles)
    if outcome.troubles:
        _say(f"{len(outcome.troubles)} entries were left out; they are told above.")
    _sum_up(outcome, dry_run=dry_run)


def _store(read: BodyFile, *, strict: bool, dry_run: bool, accounts: bool) -> ImportOutcome:
    from middleground.people.bodies.importing.store import import_bodies

    with shown_progress() as progress:
        storing = progress.add_task("Storing", total=None)
        return import_bodies(
            read,
            accounts=accounts,
            strict=strict,
            dry_run=dry_run,
            progress=progress_setter(progress, storing),
        )


def _sum_up(outcome: ImportOutcome, *, dry_run: bool) -> None:
    if dry_run:
        for sentence in outcome.done:
            typer.echo(sentence)
    counts = ", ".join(f"{count} {what}" for what, count in sorted(outcome.counts.items()))
    if not counts:
        typer.echo("Nothing new: the list has all of it already.")
    elif dry_run:
        typer.echo(f"An import would give: {counts}. Nothing was changed.")
    else:
        typer.echo(f"Imported: {counts}.")


def _tell(troubles: list[RowTrouble]) -> None:
    # Not by rich, which would take brackets of a file for markup and is slow with many lines.
    for trouble in troubles:
        typer.secho(str(trouble), err=True, fg="yellow")


def _say(sentence: str) -> None:
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
