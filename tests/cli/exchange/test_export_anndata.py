"""An AnnData file holds every vote, and the library reads it back."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import anndata
import numpy as np
import pytest
from typer import Exit
from typer.testing import CliRunner

from middleground.cli.app import app
from middleground.cli.exchange.anndata_file import write_anndata
from middleground.engine.votes import Votes
from middleground.polis import MapSetup, PolisExport, PolisStatement
from support.cast import make_dialogue, make_participant, make_vote

EXPORT = PolisExport(
    "Trees?",
    "https://example.org/1",
    "About trees.",
    (
        PolisStatement(7, "More trees.", 4, "accepted"),
        PolisStatement(2, "Fewer cars, Größe.", None, "unmoderated"),
        PolisStatement(5, "Nobody answered.", None, "rejected"),
    ),
    Votes([4, 4, 9, 9], [7, 2, 2, 2], [1, -1, 1, 0], [True, False, True, True]),
    {4: 1},
    1,
    MapSetup({4: "open", 9: "invited"}, {4: "yes", 9: "no"}, frozenset({7, 2}), 3, {"a": 1}, "1.0"),
)


def words(output: str) -> str:
    return " ".join(output.split())


def test_the_library_reads_it_back(tmp_path: Path) -> None:
    file = tmp_path / "votes.h5ad"
    assert write_anndata(EXPORT, file) == (2, 3)
    found = anndata.read_h5ad(file)
    nan = np.nan
    np.testing.assert_array_equal(found.X, np.array([[1, -1, nan], [nan, 0, nan]], np.float32))
    assert (list(found.obs_names), list(found.var_names)) == (["4", "9"], ["7", "2", "5"])
    assert found.obs.astype(str).to_dict("list") == {
        "group": ["1", ""], "tier": ["open", "invited"], "counts": ["yes", "no"],
        "votes": ["2", "1"],
    }  # fmt: skip
    assert found.var.astype(str).to_dict("list") == {
        "content": ["More trees.", "Fewer cars, Größe.", "Nobody answered."],
        "status": ["accepted", "unmoderated", "rejected"],
        "author": ["4", "", ""],
        "votes": ["1", "2", "0"],
    }
    assert found.layers["looked_up"].toarray().tolist() == [[False, True, False], [False] * 3]
    assert (found.uns["topic"], found.uns["seed"]) == ("Trees?", "3")


def test_only_its_owner_can_read_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "votes.h5ad"
    write_anndata(EXPORT, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_too_large_a_matrix_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("middleground.cli.exchange.anndata_file.MOST_CELLS", 5)
    with pytest.raises(Exit):
        write_anndata(EXPORT, tmp_path / "votes.h5ad")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_the_command(tmp_path: Path) -> None:
    dialogue = make_dialogue(statements=2)
    _, person = make_participant(dialogue)
    make_vote(person, dialogue.statements.get(number=2), -1)
    file = tmp_path / "votes.h5ad"
    done = CliRunner().invoke(app, ["export", "anndata", "harbour", str(file)])
    assert done.exit_code == 0, done.output
    assert words(done.output).startswith("Wrote the votes of 1 participants on 2 statements to ")
    assert "Sensitive" in done.output
    assert anndata.read_h5ad(file)["0", "2"].X.tolist() == [[-1.0]]
    again = CliRunner().invoke(app, ["export", "anndata", "harbour", str(file)])
    assert (again.exit_code, "is there already" in words(again.output)) == (2, True)
    for arguments, says in ((["nowhere", "x.h5ad"], "no dialogue"), (["harbour", "x.h5"], ".h5ad")):
        refused = CliRunner().invoke(app, ["export", "anndata", *arguments])
        assert (refused.exit_code, says in words(refused.output)) == (2, True)


def test_without_the_package_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "anndata", None)
    refused = CliRunner().invoke(app, ["export", "anndata", "harbour", str(tmp_path / "x.h5ad")])
    assert refused.exit_code == 2
    assert "middleground[anndata]" in words(refused.output)
