"""``middleground export cases``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from middleground.cli.exchange.apps import err, out, set_up
from middleground.cli.serve import explained

KINDS = (".csv", ".json")


def export_cases(
    dialogue: Annotated[str, typer.Argument(help="Address of the dialogue.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="New file, .csv or .json.")],
) -> None:
    """Write the cases of a dialogue for a host's own case system: what their pages show."""
    if file.suffix not in KINDS:
        _refuse(f"{file.name}: end the name with .csv or .json.")
    if file.exists():
        _refuse(f"{file} is there already; name a new file.")
    set_up(writes=False)
    from middleground.answers.export import cases_csv, cases_json
    from middleground.dialogues.models import Dialogue

    found = Dialogue.objects.filter(slug=dialogue).first()
    if found is None:
        known = ", ".join(Dialogue.objects.values_list("slug", flat=True)) or "none yet"
        _refuse(f"There is no dialogue “{dialogue}”. There are: {known}.")
    content = cases_csv(found) if file.suffix == ".csv" else cases_json(found)
    with explained(f"Cannot write {file}."):
        file.write_bytes(content)
    out.print(f"Wrote {found.cases.count()} cases to {file}.", highlight=False)


def _refuse(sentence: str) -> NoReturn:
    err.print(sentence, highlight=False)
    raise typer.Exit(2)
