"""Folders of parts: ``middleground split``, and the map of such a folder.

Heavy modules are imported inside functions, so that other commands start fast.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from middleground.cli.analysis.sign_option import AgreeIs, sign_of

if TYPE_CHECKING:
    from middleground.engine import OpinionMap, Votes
    from middleground.engine.distributed.executor import Executor
    from middleground.polis import PolisExport

BAD_FOLDER, CANNOT_WRITE = 2, 1
# Votes per part, roughly; computing a part takes a few hundred megabytes of memory.
_VOTES = 4_000_000

Cluster = Annotated[
    str,
    typer.Option(help="The address of a Dask scheduler, whose workers compute a folder of parts."),
]
Scratch = Annotated[
    Path | None, typer.Option(help="Where a folder of parts is worked on without --cluster.")
]


def split(
    folder: Annotated[
        Path, typer.Argument(help="A Polis export, or Parquet files in any order and of any size.")
    ],
    target: Annotated[Path, typer.Argument(help="New or empty folder to write into.")],
    parts: Annotated[
        int, typer.Option(min=0, max=10_000, help="How many; by default one for 4 million votes.")
    ] = 0,
    agree_is: Annotated[
        AgreeIs, typer.Option(help="Which sign means agree in a Polis export.")
    ] = AgreeIs.auto,
) -> None:
    """Split votes by participant into Parquet files, for ``analyse`` to take one at a time.

    Sensitive, as an export is: the files hold every single vote.
    """
    from middleground.cluster.folder import blocks, count_rows, parts_in, write_parts
    from middleground.engine import InvalidVotes
    from middleground.polis import InvalidExport, read_export

    export: PolisExport | None = None
    votes: Iterable[Votes]
    try:
        files = parts_in(folder)
        if files:
            votes, count = blocks(files), sum(map(count_rows, files))
        else:
            export = read_export(folder, sign=sign_of(agree_is))
            votes = [export.shown_votes()]
            count = len(votes[0])
        number = parts or max(-(-count // _VOTES), 1)
        rows = write_parts(votes, target, number)
        _write_texts(folder, export, target)
    except (InvalidExport, InvalidVotes, FileExistsError) as error:
        raise _stop(error, BAD_FOLDER) from error
    except OSError as error:
        raise _stop(f"Cannot write {target}: {error.strerror}.", CANNOT_WRITE) from error
    for problem in export.problems if export else ():
        typer.echo(f"{problem}", err=True)
    typer.echo(f"Wrote {rows:,} votes in {number} parts to {target}")


def is_in_parts(folder: Path) -> bool:
    return any(folder.glob("*.parquet"))


def computed_in_parts(
    folder: Path,
    address: str,
    scratch: Path | None,
    agree_is: AgreeIs,
    options: dict[str, Any],
    seed: int,
    known: dict[str, Any],
) -> tuple[PolisExport, OpinionMap]:
    """Compute the map of a folder of parts, in this process or on a cluster."""
    from middleground.cluster.folder import parts_in, read_part
    from middleground.cluster.workers import NoCluster
    from middleground.engine import CannotWeight, InvalidVotes, Options
    from middleground.engine.analysis import analyse_parts
    from middleground.polis import InvalidExport

    if options.get("parity"):
        raise _stop("--parity needs all votes at once: use a Polis export.", BAD_FOLDER)
    if agree_is is AgreeIs.minus:
        raise _stop("In parts +1 means agree; --agree-is is for middleground split.", BAD_FOLDER)
    files = [path.resolve() for path in parts_in(folder)]
    if not files:
        raise _stop(f"There is no Parquet file in {folder}; see middleground split.", BAD_FOLDER)
    try:
        export = _about(folder)
        rejected = tuple(item.id for item in export.statements if item.status == "rejected")
        reader = partial(read_part, leave_out=rejected)
        with _executor(address, scratch) as executor:
            found = analyse_parts(files, reader, executor, Options(**options), seed, **known)
        return _with_every_statement(export, found), found
    except (InvalidExport, InvalidVotes, CannotWeight, NoCluster) as error:
        raise _stop(error, BAD_FOLDER) from error
    except OSError as error:
        raise _stop(f"Cannot work on the parts: {error}.", CANNOT_WRITE) from error


def _with_every_statement(export: PolisExport, found: OpinionMap) -> PolisExport:
    """Add statements that comments.csv lacks, with their numbers as text."""
    from middleground.polis import PolisStatement

    texts = {item.id for item in export.statements}
    nameless = [item.statement for item in found.facts.statements if item.statement not in texts]
    added = tuple(PolisStatement(key, f"Statement {key}") for key in nameless)
    return replace(export, statements=export.statements + added)


@contextmanager
def _executor(address: str, scratch: Path | None) -> Iterator[Executor]:
    if address:
        from middleground.cluster.workers import cluster

        with cluster(address) as executor:
            yield executor
        return
    from middleground.engine.distributed.executor import DiskExecutor

    # The folder holds single votes: only its owner can read it, and it is deleted afterwards.
    with TemporaryDirectory(prefix="middleground-", dir=scratch) as place:
        yield DiskExecutor(Path(place))


def _about(folder: Path) -> PolisExport:
    from middleground.polis import read_about

    return read_about(folder, "in parts +1 means agree")


def _write_texts(folder: Path, export: PolisExport | None, target: Path) -> None:
    if export is not None:
        from middleground.polis import write_about

        return write_about(export, target)
    for name in ("comments.csv", "summary.csv"):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, target / name)
    return None


def _stop(reason: object, code: int) -> typer.Exit:
    typer.echo(f"{reason}", err=True)
    return typer.Exit(code)
