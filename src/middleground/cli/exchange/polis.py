"""``middleground import polis`` and ``middleground export polis``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from middleground.cli.analysis.sign_option import AgreeIs, sign_of
from middleground.cli.exchange.apps import (
    err,
    out,
    progress_setter,
    set_up,
    shown_progress,
)

if TYPE_CHECKING:
    from middleground.polis import PolisExport

Folder = Annotated[
    Path, typer.Argument(exists=True, help="Folder of a Polis export, or a zip of one.")
]
Slug = Annotated[str, typer.Option(help="Address of the dialogue; by default the folder's name.")]
Older = Annotated[bool, typer.Option("--older", help="Write the files of Polis before 2025.")]
Strict = Annotated[bool, typer.Option("--strict", help="Import nothing if any row is bad.")]


Agree = Annotated[
    AgreeIs, typer.Option(help="Which sign means agree; auto decides by the folder's counts.")
]
SHOWN_PROBLEMS = 40


def import_polis(
    folder: Folder, slug: Slug = "", strict: Strict = False, agree_is: Agree = AgreeIs.auto
) -> None:
    """Import a Polis export as a closed dialogue. Importing it twice changes nothing."""
    set_up(writes=True)
    from middleground.dialogues.exchange.polis import ImportRefused, import_conversation
    from middleground.polis import InvalidExport, read_export

    with shown_progress() as progress:
        reading = progress.add_task("Reading", total=None)
        try:
            export = read_export(
                folder,
                strict=strict,
                sign=sign_of(agree_is),
                progress=progress_setter(progress, reading),
            )
            storing = progress.add_task("Storing votes", total=None)
            done = import_conversation(
                export, slug or _slug(folder), progress_setter(progress, storing)
            )
            progress.update(storing, total=1, completed=1)
        except (InvalidExport, ImportRefused) as error:
            progress.stop()
            err.print(f"Not imported. {error}", style="bold", highlight=False)
            raise typer.Exit(2) from None
    _tell_problems(export)
    if not (done.created or done.statements or done.participants or done.votes):
        out.print(f"Nothing new: “{done.dialogue.slug}” has all of it already.")
        return
    out.print(
        f"Imported into “{done.dialogue.slug}”: {done.statements} statements,"
        f" {done.participants} participants, {done.votes} votes"
        f" (agree is {'-1' if export.sign.flipped else '+1'} in the files:"
        f" {export.sign.reason}).",
        highlight=False,
    )


def export_polis(
    dialogue: Annotated[str, typer.Argument(help="Address of the dialogue.")],
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Folder to write into.")],
    older: Older = False,
) -> None:
    """Write a dialogue as a Polis export: every single vote. Keep it as you would keep ballots."""
    set_up(writes=False)

    from middleground.core.site_files.canonical import absolute
    from middleground.dialogues.exchange.polis import export_conversation
    from middleground.dialogues.models import Dialogue
    from middleground.polis import write_export

    found = Dialogue.objects.filter(slug=dialogue).first()
    if found is None:
        known = ", ".join(Dialogue.objects.values_list("slug", flat=True)) or "none yet"
        err.print(f"There is no dialogue “{dialogue}”. There are: {known}.", highlight=False)
        raise typer.Exit(2)
    if folder.is_dir() and any(folder.iterdir()):
        err.print(f"{folder} is not empty; name a new folder.", highlight=False)
        raise typer.Exit(2)
    export = export_conversation(found, absolute(found.get_absolute_url()))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_export(export, folder, older=older)
    out.print(
        f"Wrote {len(export.statements)} statements and {len(export.votes)} votes to {folder}.\n"
        "[bold]Sensitive:[/bold] whoever knows a few of somebody's votes can find their row."
        " Do not publish it; the results page has open data that is safe to share.",
        highlight=False,
    )


def _slug(folder: Path) -> str:
    name = folder.resolve().name.lower().removesuffix(".zip")
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60] or "imported"


def _tell_problems(export: PolisExport) -> None:
    for note in export.notes:
        err.print(note, highlight=False)
    for problem in export.problems[:SHOWN_PROBLEMS]:
        err.print(str(problem), highlight=False, style="yellow")
    more = len(export.problems) - SHOWN_PROBLEMS
    if more > 0:
        err.print(f"… and {more} more rows", style="yellow")
    if export.problems:
        err.print(f"{len(export.problems)} rows were left out or mended; the rest is imported.")
