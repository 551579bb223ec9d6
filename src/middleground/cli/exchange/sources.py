"""``middleground import sources`` and ``middleground export sources``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from middleground.cli.exchange.apps import err, out, set_up

if TYPE_CHECKING:
    from middleground.dialogues.models import Dialogue

Slug = Annotated[str, typer.Argument(help="Address of the dialogue.")]


class Format(StrEnum):
    bibtex = "bibtex"
    ris = "ris"
    csl_json = "csl-json"


def import_sources_file(
    dialogue: Slug,
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="A file in BibTeX, RIS or CSL-JSON."),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Import nothing if any entry is bad.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be imported, and store nothing.")
    ] = False,
) -> None:
    """Import sources into a dialogue. Importing them twice changes nothing."""
    set_up(writes=True)
    from middleground.evidence.exchange.entries import FileRefused
    from middleground.evidence.exchange.files import import_sources, read_file
    from middleground.evidence.references import format_missing

    found = _dialogue(dialogue)
    try:
        entries = read_file(file.read_bytes())
        report = import_sources(None, found, entries, strict=strict, dry_run=dry_run)
    except FileRefused as refused:
        err.print(f"Not imported. {refused.message}", style="bold", highlight=False)
        raise typer.Exit(2) from None
    if report.added and not dry_run:
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("Formatting references", total=report.added)
            format_missing(lambda done: progress.update(task, completed=done))
    for problem in report.problems:
        err.print(problem, style="yellow", highlight=False, markup=False)
    what = "Would import" if dry_run else "Imported"
    out.print(
        f"{what} {report.added} sources into “{found.slug}”; {report.known} are there already,"
        f" {len(report.problems)} were left out.",
        highlight=False,
    )


def export_sources(
    dialogue: Slug,
    format_: Annotated[Format, typer.Option("--format", help="The format.")] = Format.bibtex,
) -> None:
    """Write a dialogue's sources to the standard output. They are public."""
    set_up(writes=False)
    from middleground.evidence.exchange.entries import FileFormat
    from middleground.evidence.exchange.files import write_file

    typer.echo(write_file(_dialogue(dialogue), FileFormat(format_.value)), nl=False)


def _dialogue(slug: str) -> Dialogue:
    from middleground.dialogues.models import Dialogue

    found = Dialogue.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Dialogue.objects.values_list("slug", flat=True)) or "none yet"
        err.print(f"There is no dialogue “{slug}”. There are: {known}.", highlight=False)
        raise typer.Exit(2)
    return found
