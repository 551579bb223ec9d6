"""``middleground verify``: recount a log from its published files alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from middleground.ledger import Report, Verdict
    from middleground.ledger.notes.keys import VerifierKey

CANNOT = 2
# Findings about files that the reader added to the copy; they are always shown.
OWN = ("promise", "receipt", "foreign")
STATES = {"holds": ("holds", "green"), "fails": ("FAILS", "bold orange3"), "open": ("open", "blue")}


def verify_log(
    where: Annotated[str, typer.Argument(help="The log's address, or a folder with its files.")],
    keep: Annotated[
        Path | None,
        typer.Option(
            help="Copy to this folder and keep it; an earlier copy is brought up to date."
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The log's key as its host printed it elsewhere.")
    ] = None,
    witness_key: Annotated[
        list[str] | None, typer.Option(help="A witness's key that you trust; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write everything as JSON.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show all checks and their details.")
    ] = False,
    most_megabytes: Annotated[
        int, typer.Option(min=1, help="Copy no more than this over the web.")
    ] = 4000,
) -> None:
    """Check a log and recount its results from the published files alone.

    Exit code 1: something does not hold. Exit code 2: the files cannot be had.
    """
    from middleground.ledger import verdict_of, verify

    _load_kinds()
    log_key, witnesses = _key(key), [_key(each) for each in witness_key or []]
    known = [each for each in witnesses if each is not None] if witness_key else None
    with _folder(where, keep, most_megabytes) as (folder, notes):
        report = verify(folder, log_key, known, datetime.now(UTC))
    verdict = verdict_of(report)
    if as_json:
        found = [asdict(finding) for finding in report.findings]
        typer.echo(
            json.dumps({**asdict(verdict), "notes": notes, "findings": found}, ensure_ascii=False)
        )
    else:
        _print(verdict, report, notes, verbose)
    raise typer.Exit(0 if verdict.green else 1)


def _load_kinds() -> None:
    """Import each app's ``log_kinds.py``, which registers its kinds of entries without Django."""
    package = Path(__file__).parents[2]
    for file in sorted(package.glob("*/log_kinds.py")):
        import_module(f"middleground.{file.parent.name}.log_kinds")


def _key(text: str | None) -> VerifierKey | None:
    from middleground.ledger.notes.keys import BadKey, read_verifier_key

    if text is None:
        return None
    try:
        return read_verifier_key(text)
    except BadKey as problem:
        raise typer.BadParameter(f"{problem}.") from problem


@contextmanager
def _folder(where: str, keep: Path | None, most: int) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folder to verify and notes on it; if ``where`` is an address, copy it first."""
    if "://" not in where:
        if not Path(where).is_dir():
            _stop(f"There is no folder {where}. An address begins with https://")
        if keep is not None:
            _stop("--keep is for a log that is copied from an address.")
        yield Path(where), []
    elif keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep, _copied(where, keep, most)
    else:
        with tempfile.TemporaryDirectory(prefix="middleground-verify-") as folder:
            yield Path(folder), _copied(where, Path(folder), most)


def _copied(address: str, folder: Path, most: int) -> list[str]:
    from rich.console import Console
    from rich.progress import Progress

    from middleground.cli.log.http_source import CannotCopy, HttpSource
    from middleground.cli.log.log_copy import copy_log

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Copying the log", total=None)
        try:
            with HttpSource(address, most * 1_000_000) as source:
                return copy_log(
                    source,
                    folder,
                    lambda done, known: bar.update(task, completed=done, total=known),
                )
        except (CannotCopy, OSError) as problem:
            bar.stop()
            _stop(str(problem))


def _stop(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(CANNOT)


def _print(verdict: Verdict, report: Report, notes: list[str], verbose: bool) -> None:
    """Print the verdict, then failures and findings on own files; with ``verbose`` all findings."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console()
    console.print(Text(verdict.sentence, "bold green" if verdict.green else "bold orange3"))
    for line in (*verdict.meaning, *notes):
        console.print(Padding(Text(f"· {line}"), (0, 0, 0, 2)))
    key = next(each for each in report.findings if each.subject == "key")
    if key.state == "open" and not verbose:
        console.print(Padding(Text(f"· {key.details[0]}", overflow="fold"), (0, 0, 0, 2)))
    shown = [
        each for each in report.findings if verbose or each.state == "fails" or each.subject in OWN
    ]
    if shown:
        console.print()
    for finding in shown:
        word, style = STATES[finding.state]
        console.print(Text.assemble((f"{word:6}", style), finding.sentence))
        for detail in finding.details if verbose else finding.details[:3]:
            console.print(Padding(Text(detail, overflow="fold"), (0, 0, 0, 6)))
    if not verbose:
        console.print(Text("\nAll checks with their details: -v", "dim"))
