"""The two groups of commands, and what their commands share."""

from __future__ import annotations

from collections.abc import Callable

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from middleground.cli.serve import explained

import_app = typer.Typer(no_args_is_help=True, help="Take conversations, bodies and sources in.")
export_app = typer.Typer(no_args_is_help=True, help="Give conversations and sources out.")
out, err = Console(), Console(stderr=True)


@import_app.callback()
def _imports() -> None:
    """Take conversations, bodies and sources in."""


@export_app.callback()
def _exports() -> None:
    """Give conversations and sources out."""


def set_up(*, writes: bool) -> None:
    import django

    django.setup()
    from middleground.config import server

    with explained("Cannot use the data folder or the database."):
        if writes:
            server.prepare()
        else:
            server.prepare_to_read()


def shown_progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True)


def progress_setter(progress: Progress, task: TaskID) -> Callable[[int, int], None]:
    def move(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)

    return move
