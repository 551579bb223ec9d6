"""``middleground analyse --sealed FILE``: an auditor recomputes a published map."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from middleground import __version__

if TYPE_CHECKING:
    from middleground.engine import OpinionMap
    from middleground.ledger.files.matrix import VoteMatrix
    from middleground.polis import PolisExport


def recompute(file: Path) -> tuple[PolisExport, OpinionMap]:
    """Compute the map of a file of sealed votes; print its two hashes to compare with the log.

    Exit code 2: the file cannot be read or needs another version of the engine.
    """
    data, matrix = _read(file)
    opinions = _analysed(matrix)
    facts = hashlib.sha256(matrix.salt + opinions.to_json().encode()).hexdigest()
    typer.echo(f"SHA-256 of this file:     {hashlib.sha256(data).hexdigest()}")
    typer.echo("   The log's record of the map must name it as “votes”.")
    typer.echo(f"SHA-256 of the figures:   {facts}")
    typer.echo("   The published map must name it as “facts_sha256”.\n")
    return _export(matrix.dialogue, matrix.statements), opinions


def _read(file: Path) -> tuple[bytes, VoteMatrix]:
    from middleground.engine import Options
    from middleground.ledger.codecs.field_codecs import BadRecord
    from middleground.ledger.files.matrix import read_matrix

    try:
        data = file.read_bytes()
        matrix = read_matrix(data)
    except (OSError, BadRecord) as problem:
        typer.echo(f"{file} cannot be used: {problem}.", err=True)
        raise typer.Exit(2) from problem
    if matrix.engine != __version__:
        typer.echo(
            f"The map was computed by engine {matrix.engine}, and this is {__version__}: install"
            " that version of middleground to get the same figures.",
            err=True,
        )
        raise typer.Exit(2)
    if set(matrix.options) != set(Options().to_dict()):
        typer.echo(
            f"The map was computed by an engine {__version__} with other options: take the very"
            " middleground that the host had, to get the same figures.",
            err=True,
        )
        raise typer.Exit(2)
    return data, matrix


def _analysed(matrix: VoteMatrix) -> OpinionMap:
    import numpy as np

    from middleground.engine import (
        Attribute,
        MapFacts,
        Options,
        Votes,
        analyse,
        with_excluded_counts,
    )

    previous = MapFacts.from_dict(matrix.previous) if matrix.previous else None
    votes = Votes(matrix.participant, matrix.statement, matrix.value, matrix.dealt)
    beside = np.array(matrix.beside, dtype=np.bool_)[matrix.participant]
    tiers = Attribute(range(len(matrix.tiers)), matrix.tiers)
    opinions = analyse(
        votes.where(~beside),
        Options(**{**matrix.options, "leave_out": tuple(matrix.options.get("leave_out", ()))}),
        matrix.seed,
        previous,
        tiers=tiers,
    )
    if beside.any():
        return with_excluded_counts(opinions, votes.where(beside), tiers)
    return opinions


def _export(dialogue: str, statements: dict[int, tuple[int, str]]) -> PolisExport:
    """Texts and settings that reports need in addition to the figures."""
    from middleground.engine import Votes
    from middleground.polis import PolisExport, PolisStatement
    from middleground.polis.export import Sign

    words = tuple(
        PolisStatement(id=key, text=text, author=None, status="accepted", created=None)
        for key, (_, text) in statements.items()
    )
    return PolisExport(
        dialogue, "", "", words, Votes([], [], []), sign=Sign(False, "none", "as sealed")
    )
