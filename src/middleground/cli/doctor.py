"""``middleground doctor``: checks an installation and says what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

Local = Annotated[
    bool,
    typer.Option("--local", help="This installation is for trying out, on this machine only."),
]
STYLES = {"ok": "", "advice": "blue", "mend": "orange3", "silenced": "dim"}


def doctor(local: Local = False) -> None:
    """Check settings, folders, database and staff. Ends with 1 if something must be mended."""
    from middleground.config.doctor.examination import examine

    table = Table("", "What", "Finding")
    table.columns[2].overflow = "fold"
    wrong = 0
    for found in examine(local):
        word = _word(found)
        message = f"{found.msg} {found.hint}" if found.hint and word != "ok" else found.msg
        table.add_row(word, str(found.obj), escape(message), style=STYLES[word])
        wrong += word == "mend"
    console = Console()
    console.print(table)
    console.print(f"To mend: {wrong}." if wrong else "Nothing to mend.")
    raise typer.Exit(1 if wrong else 0)


def _word(found: CheckMessage) -> str:
    from django.conf import settings
    from django.core.checks import INFO, WARNING

    if found.level <= INFO:
        return "ok"
    # Settings that Django cannot load say nothing about what is silenced.
    if settings.configured and found.is_silenced():
        return "silenced"
    return "advice" if found.level <= WARNING else "mend"
