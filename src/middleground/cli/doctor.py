"""``middleground doctor``: checks an installation and says what to mend."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

Local = Annotated[
    bool,
    typer.Option("--local", help="This installation is for trying out, on this machine only."),
]


def doctor(local: Local = False) -> None:
    """Check settings, folders, database and staff. Ends with 1 if something must be mended."""
    from middleground.config.doctor import checks

    findings = list(checks.check_settings(local))
    if not any(finding.blocks for finding in findings):
        import django

        django.setup()
        findings += checks.check_installation(local)

    styles = {checks.Level.OK: "", checks.Level.ADVICE: "blue", checks.Level.MEND: "orange3"}
    table = Table("", "What", "Finding")
    table.columns[2].overflow = "fold"
    for finding in findings:
        row = (finding.level.value, finding.subject, escape(finding.message))
        table.add_row(*row, style=styles[finding.level])
    console = Console()
    console.print(table)
    wrong = sum(finding.level is checks.Level.MEND for finding in findings)
    console.print(f"To mend: {wrong}." if wrong else "Nothing to mend.")
    raise typer.Exit(1 if wrong else 0)
