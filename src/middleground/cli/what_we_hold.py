"""``middleground what-we-hold``: what a seizure would give, with and without the keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from middleground.cli.serve import explained

if TYPE_CHECKING:
    from middleground.dialogues.privacy.inventory import Inventory

Slug = Annotated[
    str, typer.Argument(metavar="DIALOGUE", help="Address (slug) of one dialogue; all if empty.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON, for a program to read.")]

KEYS = {
    "there": "there",
    "none": "not made yet: it is made when the dialogue opens",
    "destroyed": "destroyed: nobody can tell any more whose a vote was",
    "should_be_gone": "SHOULD BE GONE: the file is still there",
}
OVERWRITES = "overwrites what is deleted"
DOES_NOT = (
    "keeps what is deleted until its pages and its log are written anew; "
    "see docs/threat-model.md, and who can read its folder"
)


def what_we_hold(dialogue: Slug = "", as_json: AsJson = False) -> None:
    """Tell what a seizure of database, logs, backups and keys would give. Changes nothing.

    Ends with 1 if no fact explains something stored, a key should be destroyed by now, or there is
    no installation.
    """
    with explained("Cannot use the data folder or the database."):
        _set_up_to_look()
        from middleground.dialogues.models import Dialogue
        from middleground.dialogues.privacy.inventory import take_inventory

        chosen = Dialogue.objects.filter(slug=dialogue).first() if dialogue else None
        if dialogue and chosen is None:
            Console(stderr=True).print(f"There is no dialogue “{escape(dialogue)}”.")
            raise typer.Exit(1)
        found = take_inventory(chosen)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
    else:
        _print(found, Console(highlight=False))
    wrong = found.unclassified or any(key.state == "should_be_gone" for key in found.keys)
    raise typer.Exit(1 if wrong else 0)


def _set_up_to_look() -> None:
    """Set up Django without creating anything; exit if there is no database."""
    import django

    from middleground.config import environment

    data = environment.data_folder()
    on_sqlite = not environment.DATABASE_URL.read()
    if on_sqlite and not (data / "middleground.sqlite3").is_file():
        _nothing_there(f"There is no database in {data}")
    environment.make_nothing()
    django.setup()
    from django.db import connection

    if "dialogues_dialogue" not in connection.introspection.table_names():
        _nothing_there("The database is empty")


def _nothing_there(found: str) -> NoReturn:
    """Exit with 1, so that a wrong folder is not mistaken for “nothing is held”."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(f"{found}: nothing has been stored here yet.", markup=False)
    console.print("Is the installation elsewhere? Then set MIDDLEGROUND_DATA.", markup=False)
    raise typer.Exit(1)


def _print(found: Inventory, console: Console) -> None:
    for name in found.unclassified:
        console.print(f"[bold]NOT EXPLAINED:[/] the database has {name}, which no fact tells of.")
    console.print(_facts(found))
    console.print(_files(found))
    console.print(_keys(found))
    hidden = found.not_public
    console.print(
        f"Texts that the public does not see: {hidden['pending']} wait, "
        f"{hidden['rejected']} are rejected. Statements that stand beside their author's number: "
        f"{hidden['with_author']}."
    )
    for where, what in found.elsewhere.items():
        console.print(f"[bold]{where}.[/] {what}")
    erases = OVERWRITES if found.erases["overwrites"] else DOES_NOT
    console.print(f"[bold]{found.erases['database']}[/] {erases}.")
    console.print("[bold]Held nowhere:[/]")
    for line in found.never:
        console.print(f"  · {line}")
    for path in found.unknown_files:
        console.print(f"[bold]A file that the software did not make:[/] {escape(path)}")


def _facts(found: Inventory) -> Table:
    of = f" of “{found.dialogue}”" if found.dialogue else ""
    table = Table(title=f"What the database holds{of}", show_lines=True)
    for heading in ("What", "Rows", "How long", "Without the keys", "With the keys"):
        table.add_column(heading, overflow="fold")
    for fact in found.facts:
        rows = "\n".join(
            f"{name.partition('_')[2] or name}: {'–' if count is None else f'{count:,}'}"
            for name, count in fact.rows.items()
        )
        table.add_row(
            *map(escape, (fact.what, rows, fact.how_long, fact.without_keys)),
            escape(fact.with_keys),
        )
    return table


def _files(found: Inventory) -> Table:
    table = Table(title="What the folders hold", show_lines=True)
    for heading in ("Files", "How many", "Bytes", "What they are", "What they show"):
        table.add_column(heading, overflow="fold")
    for kind in found.files:
        name = f"keys: {kind.pattern}" if kind.in_keys else kind.pattern
        table.add_row(name, f"{kind.count:,}", f"{kind.size:,}", kind.what, kind.shows)
    return table


def _keys(found: Inventory) -> Table:
    table = Table(title="The keys of the dialogues", show_lines=True)
    for heading in ("Dialogue", "Key", "Destroyed on"):
        table.add_column(heading, overflow="fold")
    for key in found.keys:
        due = "on hold" if key.held else key.due_on or "–"
        table.add_row(key.dialogue, KEYS[key.state], due)
    return table
