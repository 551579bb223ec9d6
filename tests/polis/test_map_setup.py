"""The files with which a folder tells how its host's map is made."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from middleground.engine.votes import Votes
from middleground.polis import InvalidExport, MapSetup, PolisExport, read_export, write_export
from polis.folders import make_folder, triples

TIERS = {10: "open", 11: "open", 12: "invited"}
SETUP = MapSetup(
    TIERS,
    {10: "yes", 11: "no", 12: "beside"},
    frozenset({0, 1}),
    7,
    {"min_group": 6, "leave_out": []},
    "1.0",
    {"seed": 3},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plain = read_export(make_folder(tmp_path / "in"))
    votes = plain.votes
    dealt = votes.statement != 1
    export = PolisExport(
        plain.topic,
        plain.url,
        plain.description,
        plain.statements,
        Votes(votes.participant, votes.statement, votes.value, dealt),
        plain.groups,
        2,
        SETUP,
    )
    write_export(export, tmp_path / "out")
    assert read_export(tmp_path / "out", strict=True) == export
    return tmp_path / "out"


def test_three_files_that_other_readers_do_not_take_for_votes(folder: Path) -> None:
    ours = {path.name for path in folder.glob("middleground-*")}
    assert ours == {
        "middleground-looked-up.csv", "middleground-participants.csv", "middleground-map.json",
    }  # fmt: skip
    with (folder / "middleground-looked-up.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == [
            ("voter-id", "comment-id"), ("10", "1"), ("11", "1"), ("12", "1"),
        ]  # fmt: skip
    assert not [name for name in ours if name.endswith(("-votes.csv", "-comments.csv"))]


def test_only_those_who_count_are_analysed_and_looked_up_votes_are_marked(folder: Path) -> None:
    export = read_export(folder)
    shown = export.shown_votes()
    assert triples(shown) == [(10, 0, 1), (10, 1, -1)]
    assert shown.dealt is not None
    assert shown.dealt.tolist() == [True, False]
    assert triples(export.votes_of(SETUP, "beside")) == [(12, 0, -1), (12, 1, 0)]


def test_without_the_files_every_vote_counts(folder: Path) -> None:
    for file in folder.glob("middleground-*"):
        file.unlink()
    export = read_export(folder)
    assert (export.setup, export.votes.dealt) == (None, None)
    assert len(export.shown_votes()) == 6


@pytest.mark.parametrize(
    "name",
    ["middleground-looked-up.csv", "middleground-participants.csv", "middleground-map.json"],
)
def test_one_of_them_alone_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InvalidExport, match=f"There is no {name} beside .* take all files away"):
        read_export(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no", "is not JSON"),
        ("[1]", "does not say that it is “middleground-map/1”"),
        ('{"format": "middleground-map/2"}', "does not say"),
        ('{"format": "middleground-map/1", "statements": []}', "lacks something: 'seed'"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(folder: Path, content: str, message: str) -> None:
    (folder / "middleground-map.json").write_text(content)
    with pytest.raises(InvalidExport, match=message):
        read_export(folder)


def test_a_bad_row_of_people_is_told(folder: Path) -> None:
    file = folder / "middleground-participants.csv"
    file.write_text("participant,tier,counts\n10,open,yes\nx,open,yes\n11,open,maybe\n")
    lines = [(each.file, each.line) for each in read_export(folder).problems]
    assert lines == [(file.name, 3), (file.name, 4)]
