"""A written conversation is read back unchanged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleground.engine.votes import Votes
from middleground.polis import PolisExport, PolisStatement, read_export, write_export
from polis.folders import make_folder

# Everything except control characters and lone surrogates, which the reader removes.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r"), max_size=40
)
IDS = st.integers(-(10**17), 10**17)
EXPORT_STATUS = st.sampled_from(["rejected", "unmoderated", "accepted"])


@st.composite
def exports(draw: st.DrawFn) -> PolisExport:
    ids = draw(st.lists(st.integers(0, 10**6), unique=True, max_size=6))
    statements = tuple(
        PolisStatement(
            number,
            draw(TEXT.filter(str.strip)),
            draw(st.none() | IDS),
            draw(EXPORT_STATUS),
            draw(st.none() | st.integers(10**11, 10**13)),
        )
        for number in ids
    )
    rows = []
    if ids:
        rows = draw(
            st.lists(st.tuples(IDS, st.sampled_from(ids), st.sampled_from([-1, 0, 1])), max_size=30)
        )
    rows.sort(key=lambda row: row[:2])  # stable: re-votes stay in their order
    columns = [[row[k] for row in rows] for k in range(3)]
    return PolisExport(draw(TEXT), draw(TEXT), draw(TEXT), statements, Votes(*columns))


@settings(max_examples=150, deadline=None)
@given(exports())
def test_round_trip(export: PolisExport) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_export(export, folder)
        again = read_export(folder, strict=True)
        assert again == export
        (Path(folder) / "votes.csv").unlink()
        without = read_export(folder, strict=True).last_votes()
        assert _same(without, export.last_votes())


def _same(one: Votes, other: Votes) -> bool:
    return all(
        getattr(one, name).tolist() == getattr(other, name).tolist()
        for name in ("participant", "statement", "value")
    )


def test_equality_sees_each_part() -> None:
    base = PolisExport("t", "u", "d", (PolisStatement(0, "a"),), Votes([1], [0], [1]))
    assert base == PolisExport("t", "u", "d", (PolisStatement(0, "a"),), Votes([1], [0], [1]))
    assert base != PolisExport("t", "u", "d", (PolisStatement(0, "a"),), Votes([1], [0], [-1]))
    assert base != PolisExport("t", "u", "d", (PolisStatement(0, "b"),), Votes([1], [0], [1]))
    assert base != PolisExport("T", "u", "d", (PolisStatement(0, "a"),), Votes([1], [0], [1]))


def test_the_files_exactly(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path / "in"))
    write_export(export, tmp_path / "out")
    written = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert written == {
        "summary.csv": (
            '"topic","Trees and cars"\n"url","https://example.org/1"\n"voters",3\n'
            '"voters-in-conv",3\n"commenters",2\n"comments",3\n'
            '"conversation-description","Two\nlines"\n"formulas-escaped","yes"\n'
        ),
        "comments.csv": (
            '"timestamp","datetime","comment-id","author-id","agrees","disagrees","moderated",'
            '"comment-body"\n'
            '1500000000000,"2017-07-14T02:40:00.000Z",0,10,2,1,1,"More trees"\n'
            '1500000060000,"2017-07-14T02:41:00.000Z",1,"",0,2,0,'
            '"Fewer ""big"" cars,\nand slower ones"\n'
            '1500000120000,"2017-07-14T02:42:00.000Z",2,11,1,0,-1,"Rude words"\n'
        ),
        "votes.csv": (
            '"timestamp","datetime","comment-id","voter-id","vote"\n'
            '"","",0,10,1\n"","",1,10,-1\n"","",0,11,1\n"","",1,11,-1\n'
            '"","",0,12,-1\n"","",1,12,0\n"","",2,12,1\n'
        ),
        "participants-votes.csv": (
            '"participant","group-id","n-comments","n-votes","n-agree","n-disagree",0,1,2\n'
            '10,"",1,2,1,1,1,-1,""\n11,"",1,2,1,1,1,-1,""\n12,"",0,3,1,1,-1,0,1\n'
        ),
    }


@pytest.mark.parametrize(
    "text", ["=1+1", "@x", "+a", "-b", "\rlone", " edge ", 'q"', "a,b", "\u202e"]
)
def test_texts_are_read_back_unchanged(tmp_path: Path, text: str) -> None:
    export = PolisExport("", "", "", (PolisStatement(0, text),), Votes([], [], []))
    write_export(export, tmp_path)
    assert read_export(tmp_path, strict=True).statements[0].text == text


def test_writing_again_replaces(tmp_path: Path) -> None:
    first = PolisExport("long topic " * 50, "", "", (), Votes([], [], []))
    second = PolisExport("short", "", "", (), Votes([], [], []))
    write_export(first, tmp_path / "new" / "folder")
    write_export(second, tmp_path / "new" / "folder")
    assert read_export(tmp_path / "new" / "folder") == second
