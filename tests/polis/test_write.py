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
    groups = {person: draw(st.integers(0, 30)) for person in sorted(set(columns[0]))[::2]}
    return PolisExport(draw(TEXT), draw(TEXT), draw(TEXT), statements, Votes(*columns), groups)


@settings(max_examples=150, deadline=None)
@given(exports(), st.booleans())
def test_round_trip(export: PolisExport, older: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_export(export, folder, older=older)
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
    assert written(tmp_path / "out") == {
        "summary.csv": (
            '"topic","Trees and cars"\n"url","https://example.org/1"\n"voters",3\n'
            '"voters-in-conv",2\n"commenters",2\n"comments",3\n"groups",2\n'
            '"conversation-description","Two\nlines"\n'
            '"vote-convention","agree=+1;disagree=-1;pass=0"\n"formulas-escaped","yes"\n'
        ),
        "comments.csv": (
            '"timestamp","datetime","comment-id","author-id","agrees","disagrees","moderated",'
            '"comment-body"\n'
            '1500000000,"2017-07-14T02:40:00.000Z",0,10,2,1,1,"More trees"\n'
            '1500000060,"2017-07-14T02:41:00.000Z",1,"",0,2,0,'
            '"Fewer ""big"" cars,\nand slower ones"\n'
            '1500000120,"2017-07-14T02:42:00.000Z",2,11,1,0,-1,"Rude words"\n'
        ),
        "votes.csv": (
            '"timestamp","datetime","comment-id","voter-id","vote"\n'
            '"","",0,10,1\n"","",1,10,-1\n"","",0,11,1\n"","",1,11,-1\n'
            '"","",0,12,-1\n"","",1,12,0\n"","",2,12,1\n'
        ),
        "participant-votes.csv": (
            '"participant","group-id","n-comments","n-votes","n-agree","n-disagree",0,1,2\n'
            '10,0,1,2,1,1,1,-1,""\n11,"",1,2,1,1,1,-1,""\n12,1,0,3,1,1,-1,0,1\n'
        ),
        # Participant 11 is in no group, and statement 2 was rejected.
        "comment-groups.csv": (
            '"comment-id","comment","total-votes","total-agrees","total-disagrees","total-passes",'
            '"group-a-votes","group-a-agrees","group-a-disagrees","group-a-passes",'
            '"group-b-votes","group-b-agrees","group-b-disagrees","group-b-passes"\n'
            '0,"More trees",2,1,1,0,1,1,0,0,1,0,1,0\n'
            '1,"Fewer ""big"" cars,\nand slower ones",2,0,1,1,1,0,1,0,1,0,0,1\n'
        ),
    }


def test_the_older_files_differ_in_names_and_in_what_they_tell(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path / "in"))
    write_export(export, tmp_path / "new")
    write_export(export, tmp_path / "old", older=True)
    new, old = written(tmp_path / "new"), written(tmp_path / "old")
    assert old.keys() == {"summary.csv", "comments.csv", "votes.csv", "participants-votes.csv"}
    assert old["votes.csv"] == new["votes.csv"]
    assert old["participants-votes.csv"] == new["participant-votes.csv"]
    assert "1500000060000," in old["comments.csv"]
    assert old["summary.csv"] == (
        '"topic","Trees and cars"\n"url","https://example.org/1"\n"views",""\n"voters",3\n'
        '"voters-in-conv",2\n"commenters",2\n"comments",3\n"groups",2\n'
        '"conversation-description","Two\nlines"\n"formulas-escaped","yes"\n'
    )


def written(folder: Path) -> dict[str, str]:
    """The files by name; each begins with the mark by which spreadsheets know UTF-8."""
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {content[:3] for content in contents.values()} == {b"\xef\xbb\xbf"}
    return {name: content[3:].decode() for name, content in contents.items()}


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
