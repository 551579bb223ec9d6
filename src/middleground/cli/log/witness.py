"""``middleground witness``: the one-file witness program as a command.

It runs the file that the verification page offers for download: ``middleground/witness.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

witness_app = typer.Typer(
    help="Witness a log: sign what it shows, and never two histories.", no_args_is_help=True
)

Folder = Annotated[
    Path, typer.Option(help="What the witness knows: its secret key, and what it signed.")
]
FOLDER = Path("witness")


@witness_app.command("key")
def make_key(
    name: Annotated[str, typer.Argument(help="The witness's name, such as newsroom.example.")],
    folder: Folder = FOLDER,
) -> None:
    """Make the witness's key, and print what hosts and readers need of it."""
    from middleground import witness

    with _problems():
        witness.tell(witness.make_key(folder, name))


@witness_app.command("trust")
def trust(
    key: Annotated[str, typer.Argument(help="The log's key, as its host printed it.")],
    folder: Folder = FOLDER,
) -> None:
    """Sign for the log with this key from now on."""
    from middleground import witness

    with _problems():
        witness.tell(f"watched from now on: {witness.trust(folder, key)}")


@witness_app.command("serve")
def serve(
    folder: Folder = FOLDER,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8711,
) -> None:
    """Let hosts ask for signatures, until stopped."""
    from middleground import witness

    with _problems():
        witness.serve(folder, host, port)


@witness_app.command("watch")
def watch(
    address: Annotated[str, typer.Argument(help="The log's address.")],
    folder: Folder = FOLDER,
    every: Annotated[int, typer.Option(min=1, help="Seconds between two looks.")] = 600,
    once: Annotated[bool, typer.Option("--once", help="Look once.")] = False,
) -> None:
    """Look at a log and sign what it shows, as long as it only grows.

    Exit code 1: it was not signed, or the log does not continue what was signed before.
    """
    from middleground import witness

    with _problems():
        raise typer.Exit(witness.watch(folder, address, every, once))


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as problem:
        typer.echo(f"{problem}", err=True)
        raise typer.Exit(2) from problem
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
