"""``middleground export anndata``: the votes as a matrix, for researchers' tools."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import numpy as np
import typer

from middleground.cli.exchange.apps import err, out, set_up
from middleground.cli.serve import explained

if TYPE_CHECKING:
    from middleground.polis import PolisExport

# A cell takes four bytes, and the matrix is whole in memory.
MOST_CELLS = 500_000_000
MISSING = "This needs the package anndata: install it with pip install 'middleground[anndata]'."


def export_anndata(
    dialogue: Annotated[str, typer.Argument(help="Address of the dialogue.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="New file, .h5ad.")],
) -> None:
    """Write the votes as an AnnData file: every single vote. Keep it as you would keep ballots."""
    if file.suffix != ".h5ad":
        _refuse(f"{file.name}: end the name with .h5ad.")
    if file.exists():
        _refuse(f"{file} is there already; name a new file.")
    try:
        import anndata  # noqa: F401
    except ImportError:
        _refuse(MISSING)
    set_up(writes=False)

    from middleground.core.site_files.canonical import absolute
    from middleground.dialogues.exchange.polis import export_conversation
    from middleground.dialogues.models import Dialogue

    found = Dialogue.objects.filter(slug=dialogue).first()
    if found is None:
        known = ", ".join(Dialogue.objects.values_list("slug", flat=True)) or "none yet"
        _refuse(f"There is no dialogue “{dialogue}”. There are: {known}.")
    export = export_conversation(found, absolute(found.get_absolute_url()))
    with explained(f"Cannot write {file}."):
        shape = write_anndata(export, file)
    out.print(
        f"Wrote the votes of {shape[0]} participants on {shape[1]} statements to {file}.\n"
        "[bold]Sensitive:[/bold] whoever knows a few of somebody's votes can find their row."
        " Do not publish it; the results page has open data that is safe to share.",
        highlight=False,
    )


def write_anndata(export: PolisExport, file: Path) -> tuple[int, int]:
    """Write a matrix of participants and statements; return its shape.

    A cell is +1, 0 (pass), -1, or NaN for a statement that the participant did not answer. Nobody
    but the owner can read the file, at no time.
    """
    last = export.last_votes()
    people, row = np.unique(last.participant, return_inverse=True)
    statements = np.array([item.id for item in export.statements], dtype=np.int64)
    if len(people) * len(statements) > MOST_CELLS:
        _refuse(f"More than {MOST_CELLS:,} cells are too many for such a file.")
    order = np.argsort(statements)
    column = order[np.searchsorted(statements, last.statement, sorter=order)]
    votes = np.full((len(people), len(statements)), np.nan, dtype=np.float32)
    votes[row, column] = last.value
    looked_up = np.zeros(votes.shape, dtype=bool)
    if last.dealt is not None:
        looked_up[row, column] = ~last.dealt
    made = _annotated(export, votes, looked_up, people)
    # The library makes a file that all can read, so it is made in a folder that only we can enter.
    with TemporaryDirectory(dir=file.absolute().parent) as folder:
        place = Path(folder) / file.name
        logging.getLogger("anndata").setLevel(logging.WARNING)  # it tells which texts it packs
        made.write_h5ad(place, compression="gzip")
        place.chmod(0o600)
        os.link(place, file)  # refuses where a file has got this name meanwhile
    return votes.shape


def _annotated(export: PolisExport, votes: Any, looked_up: Any, people: Any) -> Any:
    import pandas
    from anndata import AnnData
    from scipy.sparse import csr_matrix

    setup = export.setup
    keys = people.tolist()
    given = np.isfinite(votes)
    obs = pandas.DataFrame(
        {
            "group": [str(export.groups.get(key, "")) for key in keys],
            "tier": [setup.tiers.get(key, "") if setup else "" for key in keys],
            "counts": [setup.counts.get(key, "no") if setup else "" for key in keys],
            "votes": given.sum(axis=1),
        },
        index=[str(key) for key in keys],
    )
    items = export.statements
    var = pandas.DataFrame(
        {
            "content": [item.text for item in items],
            "status": [item.status for item in items],
            "author": ["" if item.author is None else str(item.author) for item in items],
            "votes": given.sum(axis=0),
        },
        index=[str(item.id) for item in items],
    )
    told = {
        "topic": export.topic,
        "url": export.url,
        "description": export.description,
        "values": "1 agree, 0 pass, -1 disagree, NaN not answered",
    }
    if setup is not None:
        told |= {
            "seed": str(setup.seed),
            "engine": setup.engine,
            "options": json.dumps(dict(setup.options), sort_keys=True),
        }
    return AnnData(votes, obs, var, uns=told, layers={"looked_up": csr_matrix(looked_up)})


def _refuse(sentence: str) -> NoReturn:
    err.print(sentence, highlight=False, markup=False)
    raise typer.Exit(2)
