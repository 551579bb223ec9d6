"""``middleground analyse FOLDER``: the opinion map of a Polis export, without a database.

The engine and the pictures are imported inside the command, so that other commands start fast.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from middleground.cli.analysis.parts import Cluster, Scratch, computed_in_parts, is_in_parts
from middleground.cli.analysis.sign_option import AgreeIs, sign_of

if TYPE_CHECKING:
    from middleground.engine import OpinionMap
    from middleground.polis import PolisExport

BAD_FOLDER, CANNOT_WRITE = 2, 1

Seed = Annotated[
    int | None, typer.Option(min=0, help="The same seed gives the same numbers; 0 by default.")
]
Dimensions = Annotated[
    int | None, typer.Option(min=1, max=16, help="Of the opinion space; 4 by default.")
]
AttributesFile = Annotated[
    Path | None, typer.Option(help="CSV: participant, then a column an attribute.")
]
MarginsFile = Annotated[
    Path | None, typer.Option(help="CSV: attribute, category, share; weights to these.")
]
TierAttribute = Annotated[
    str, typer.Option(help="The attribute that tells how participants were admitted.")
]
SealedFile = Annotated[
    Path | None, typer.Option(help="Instead of a folder: the sealed votes of a final map.")
]


def analyse_folder(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A Polis export, a folder or a zip; or a folder of parts."),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(help="Write all figures here. Exact counts: not for publishing.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Write the opinion map here.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report of one file here.")] = None,
    seed: Seed = None,
    dimensions: Dimensions = None,
    agree_is: Annotated[
        AgreeIs, typer.Option(help="Which sign means agree; auto decides by the folder's counts.")
    ] = AgreeIs.auto,
    parity: Annotated[
        bool, typer.Option("--parity", help="Compute what Polis would, to compare with it.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop if any row of the folder is bad.")
    ] = False,
    attributes: AttributesFile = None,
    margins: MarginsFile = None,
    tier: TierAttribute = "",
    sealed: SealedFile = None,
    cluster: Cluster = "",
    scratch: Scratch = None,
) -> None:
    """Print the opinion map of a Polis export or of parts; write it as JSON, SVG or HTML.

    Exit code 2: the folder or a table cannot be used. Exit code 1: a file cannot be written.
    """
    if folder is None or sealed is not None:
        found = _recomputed(folder, sealed)
    else:
        options: dict[str, Any] = {} if dimensions is None else {"dimensions": dimensions}
        known = _known(attributes, margins, tier)
        if cluster or is_in_parts(folder):
            options |= {"parity": parity}
            found = computed_in_parts(folder, cluster, scratch, agree_is, options, seed or 0, known)
        else:
            options |= {"parity": True} if parity else {}
            found = _computed(folder, options, seed, agree_is, strict, known)
    _write_outputs(*found, json, svg, html)


def _write_outputs(
    export: PolisExport,
    opinions: OpinionMap,
    json: Path | None,
    svg: Path | None,
    html: Path | None,
) -> None:
    from middleground.cli.analysis.report_terminal import print_report

    print_report(export, opinions.facts)
    _write(json, lambda: opinions.to_json() + "\n")
    _write(svg, lambda: _drawn(export, opinions))
    _write(html, lambda: _page(export, opinions))


def _computed(
    folder: Path,
    options: dict[str, Any],
    seed: int | None,
    agree_is: AgreeIs,
    strict: bool,
    known: dict[str, Any],
) -> tuple[PolisExport, OpinionMap]:
    from middleground.cli.analysis.host_map import MapSettings
    from middleground.engine import CannotWeight, analyse, with_excluded_counts
    from middleground.polis import InvalidExport, read_export

    with _progress() as bar, _no_collection():
        try:
            export = read_export(folder, strict=strict, sign=sign_of(agree_is), progress=bar)
            use = MapSettings.of(export, options, seed, known)
        except (InvalidExport, OSError) as error:
            typer.echo(f"{error}", err=True)
            raise typer.Exit(BAD_FOLDER) from error
        try:
            found = analyse(export.shown_votes(), use.options, use.seed, use.previous, **use.known)
        except CannotWeight as error:
            typer.echo(f"{error}", err=True)
            raise typer.Exit(BAD_FOLDER) from error
    if use.beside is not None:
        found = with_excluded_counts(found, use.beside, use.known["tiers"])
    return replace(export, notes=(*export.notes, *use.notes)), found


def _recomputed(folder: Path | None, sealed: Path | None) -> tuple[PolisExport, OpinionMap]:
    if folder is not None or sealed is None:
        typer.echo("Name either a folder or, with --sealed, a file of sealed votes.", err=True)
        raise typer.Exit(BAD_FOLDER)
    from middleground.cli.analysis.recompute import recompute

    return recompute(sealed)


def _known(attributes: Path | None, margins: Path | None, tier: str) -> dict[str, Any]:
    """Arguments of ``analyse`` about participants: attributes, margins and tier."""
    from middleground.cli.analysis.margins import BadTable, read_attributes, read_margins

    try:
        if (margins or tier) and not attributes:
            raise BadTable("--margins and --tier need --attributes.")
        known = read_attributes(attributes) if attributes else {}
        if tier and tier not in known:
            raise BadTable(f"There is no attribute {tier!r}: {', '.join(known) or 'none'}.")
        return {
            "tiers": known.get(tier),
            "margins": read_margins(margins, known) if margins else None,
        }
    except BadTable as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(BAD_FOLDER) from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on the error stream if it is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def show(done: int, total: int) -> None:
            what = "Computing the map" if done == total else "Reading"
            bar.update(task, description=what, completed=done, total=total)

        yield show


@contextmanager
def _no_collection() -> Iterator[None]:
    """Switch garbage collection off while a file is read.

    The rows are many small lists without cycles; to search them for cycles would take as long as
    to read them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _drawn(export: PolisExport, opinions: OpinionMap) -> str:
    from middleground.pictures import opinion_map

    texts = {item.id: item.text for item in export.statements}
    return opinion_map(opinions.facts, texts, standalone=True) + "\n"


def _page(export: PolisExport, opinions: OpinionMap) -> str:
    from middleground.cli.analysis.report_page import report_page

    return report_page(export, opinions.facts)


def _write(path: Path | None, content: Callable[[], str]) -> None:
    if path is None:
        return
    try:
        path.write_text(content(), encoding="utf-8")
    except OSError as error:
        typer.echo(f"Cannot write {path}: {error.strerror}.", err=True)
        raise typer.Exit(CANNOT_WRITE) from error
    typer.echo(f"Wrote {path}")
