"""Every known fault of a Polis export, in small files."""

from __future__ import annotations

from pathlib import Path

import pytest

from middleground.polis import InvalidExport, PolisStatement, Problem, read_export
from polis.folders import COMMENTS, PARTICIPANTS, TRIPLES, VOTES, make_folder, triples

HEAD = "comment-id,voter-id,vote\n"


def problems(folder: Path) -> list[tuple[str, int, str]]:
    return [(p.file, p.line, p.reason) for p in read_export(folder).problems]


def test_a_whole_folder(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path))
    assert (export.topic, export.url) == ("Trees and cars", "https://example.org/1")
    assert export.description == "Two\nlines"
    assert export.statements == (
        PolisStatement(0, "More trees", 10, "accepted", 1500000000000),
        PolisStatement(1, 'Fewer "big" cars,\nand slower ones', None, "unmoderated", 1500000060000),
        PolisStatement(2, "Rude words", 11, "rejected", 1500000120000),
    )
    assert triples(export.votes) == TRIPLES
    assert (export.problems, export.notes) == ((), ())


def test_rejected_statements_are_read_but_not_shown(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path))
    assert triples(export.shown_votes()) == TRIPLES[:-1]
    assert triples(export.last_votes()) == TRIPLES


def test_the_last_of_several_votes_counts_and_all_are_kept_in_order(tmp_path: Path) -> None:
    export = read_export(
        make_folder(tmp_path, votes=HEAD + "0,7,1\n1,7,1\n0,7,0\n0,7,-1\n", participants_votes=None)
    )
    assert triples(export.votes) == [(7, 0, 1), (7, 0, 0), (7, 0, -1), (7, 1, 1)]
    assert triples(export.last_votes()) == [(7, 0, -1), (7, 1, 1)]


def test_times_decide_the_last_vote_in_a_file_with_newest_first(
    tmp_path: Path,
) -> None:
    votes = "timestamp,comment-id,voter-id,vote\n1500000009000,0,7,-1\n1500000001000,0,7,1\n"
    export = read_export(make_folder(tmp_path, votes=votes, participants_votes=None))
    assert triples(export.votes) == [(7, 0, 1), (7, 0, -1)]


def test_without_a_readable_time_the_row_order_decides(tmp_path: Path) -> None:
    votes = "timestamp,comment-id,voter-id,vote\n1500000009000,0,7,-1\nsoon,0,7,1\n"
    export = read_export(make_folder(tmp_path, votes=votes, participants_votes=None))
    assert triples(export.votes) == [(7, 0, -1), (7, 0, 1)]
    assert export.notes == ("Some times of repeated votes cannot be read; row order was used.",)


def test_only_participants_votes(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path, votes=None))
    assert triples(export.votes) == TRIPLES
    assert export.notes == ("There is no votes.csv; votes are from participants-votes.csv.",)


def test_only_participants_votes_with_bad_cells(tmp_path: Path) -> None:
    sheet = "participant,xid,0,1,9\n10,abc,1,2,\n10,,1,1,1\nx,,1,1,1\n11,,-1.0, ,1\n"
    folder = make_folder(tmp_path, votes=None, participants_votes=sheet)
    assert triples(read_export(folder).votes) == [(10, 0, 1), (11, 0, -1)]
    name = "participants-votes.csv"
    assert problems(folder) == [
        (name, 1, "the column of statement 9, which comments.csv does not have"),
        (name, 2, "the vote on 1 is '2', not -1, 0 or 1"),
        (name, 3, "participant '10' was given before"),
        (name, 4, "participant 'x' is not a number"),
    ]


def test_bad_votes_are_reported_with_their_line_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [
        "0,1,1",
        "0,2,5",
        "",
        "99,1,1",
        "x,1,1",
        "0,y,-1",
        "0,3",
        "0,3,1,1",
        "0,4,",
        ",,",
        "0,5,1.0",
    ]
    folder = make_folder(tmp_path, votes=HEAD + "\n".join(rows), participants_votes=None)
    assert triples(read_export(folder).votes) == [(1, 0, 1), (5, 0, 1)]
    assert problems(folder) == [
        ("votes.csv", 8, "2 fields, but the header has 3"),
        ("votes.csv", 9, "4 fields, but the header has 3"),
        ("votes.csv", 3, "the vote is '5', not -1, 0 or 1"),
        ("votes.csv", 5, "a vote on statement 99, which comments.csv does not have"),
        ("votes.csv", 6, "comment-id is 'x', not a number"),
        ("votes.csv", 7, "voter-id is 'y', not a number"),
        ("votes.csv", 10, "the vote is '', not -1, 0 or 1"),
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    comments = 'comment-id,comment-body\n0,"one\ntwo\n\nthree"\n1,"a\u2028b"\nx,bad\n'
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    assert problems(folder) == [("comments.csv", 7, "comment-id is 'x', not a number")]
    assert read_export(folder).statements[1].text == "a\u2028b"


@pytest.mark.parametrize("number", ["1e3", "١", "1_0", "0x1", "9" * 19, "1.5", "--1", "nan"])
def test_values_that_are_no_whole_numbers_are_reported(tmp_path: Path, number: str) -> None:
    folder = make_folder(tmp_path, votes=f"{HEAD}0,{number},1\n", participants_votes=None)
    assert problems(folder) == [("votes.csv", 2, f"voter-id is {number!r}, not a number")]


def test_faults_of_statements(tmp_path: Path) -> None:
    comments = (
        "comment-id,author-id,moderated,comment-body\n"
        "0,5,1,first\n0,5,1,again\n1,bob,1,author\n2,5,7,status\n"
        "3,5,1,\n4,5,1,  \n5,5,1,con\x07trol\n"
    )
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    assert read_export(folder).statements == (
        PolisStatement(0, "first", 5, "accepted"),
        PolisStatement(1, "author", None, "accepted"),
        PolisStatement(2, "status", 5, "unmoderated"),
        PolisStatement(5, "control", 5, "accepted"),
    )
    assert problems(folder) == [
        ("comments.csv", 3, "statement 0 was given before"),
        ("comments.csv", 4, "author-id is 'bob', not a number; author unknown"),
        ("comments.csv", 5, "moderated is '7', not -1, 0 or 1; taken as 0"),
        ("comments.csv", 6, "the text of statement 3 is empty"),
        ("comments.csv", 7, "the text of statement 4 is empty"),
        ("comments.csv", 8, "control characters were taken out of the text"),
    ]


def test_texts_up_to_the_readers_own_limit_are_read(
    tmp_path: Path,
) -> None:
    long, huge = "é" * 99_000, "x" * 200_000  # the module's own limit is 131,072
    comments = f'comment-id,comment-body\n0,"{long}"\n1,"{huge}"\n2,after\n'
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    assert [(s.id, len(s.text)) for s in read_export(folder).statements] == [(0, 99_000), (2, 5)]
    assert problems(folder) == [
        ("comments.csv", 3, "the text of statement 1 is longer than 100000 characters")
    ]


def test_broken_quotes(tmp_path: Path) -> None:
    comments = 'comment-id,comment-body\n0,"a" b\n1,fine\n2,"never closed\n3,lost\n'
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    assert [s.text for s in read_export(folder).statements] == ["fine"]
    assert [(line, reason[:36]) for _, line, reason in problems(folder)] == [
        (2, "the quotes of this row do not match "),
        (4, "a quoted text begins here and never "),
    ]


def test_bytes_that_are_not_utf8_are_replaced(tmp_path: Path) -> None:
    comments = b"comment-id,comment-body\n0,caf\xe9\n1,tea\n"
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    assert [s.text for s in read_export(folder).statements] == ["caf\ufffd", "tea"]
    assert problems(folder) == [
        ("comments.csv", 2, "not UTF-8 from byte 6; unreadable signs became \ufffd")
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n\n" + text.replace("\n", "\n\n").replace(",\n\nand", ",\nand") + "\n",
        lambda text: text.replace("comment-id", "Comment_ID").replace("vote\n", " Vote \n"),
        lambda text: text.replace("datetime,", "datetime,").rstrip("\n"),
    ],
    ids=["BOM", "CRLF", "blank lines", "header spelling", "no last line end"],
)
def test_harmless_changes_of_the_files_give_the_same_conversation(tmp_path: Path, change) -> None:  # noqa: ANN001
    plain = read_export(make_folder(tmp_path / "plain"))
    dressed = make_folder(tmp_path / "dressed", comments=change(COMMENTS), votes=change(VOTES))
    export = read_export(dressed)
    assert triples(export.votes) == TRIPLES
    texts = [s.text.replace("\r\n", "\n") for s in export.statements]
    assert texts == [s.text for s in plain.statements]
    assert export.problems == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_files_saved_by_a_spreadsheet_are_read(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    comments = f"comment-id{delimiter}comment-body\n0{delimiter}größer\n".encode(encoding)
    votes = HEAD.replace(",", delimiter) + f"0{delimiter}1{delimiter}1\n"
    folder = make_folder(tmp_path, comments=comments, votes=votes, participants_votes=None)
    export = read_export(folder)
    assert [s.text for s in export.statements] == ["größer"]
    assert triples(export.votes) == [(1, 0, 1)]


@pytest.mark.parametrize(
    ("stamp", "created"),
    [
        ("1500000000000", 1500000000000),
        ("1500000000", 1500000000000),
        ("2017-07-14T02:40:00Z", 1500000000000),
        ("2017-07-14 04:40:00.000+02:00", 1500000000000),
        ("2017-07-14 00:40 -0200", 1500000000000),
        ("2017-07-14", 1499990400000),
        ("Fri Jul 14 02:40:00 UTC 2017", 1500000000000),
        ("", None),
        ("0", None),
    ],
)
def test_times_of_statements(tmp_path: Path, stamp: str, created: int | None) -> None:
    comments = f"timestamp,comment-id,comment-body\n{stamp},0,text\n"
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    export = read_export(folder)
    assert export.statements[0].created == created
    assert export.problems == ()


@pytest.mark.parametrize("stamp", ["Sat Nov 17 05:09:36 WIB 2018", "yesterday", "2017-13-45"])
def test_a_time_that_cannot_be_read_is_unknown_and_counted(tmp_path: Path, stamp: str) -> None:
    comments = f"datetime,comment-id,comment-body\n{stamp},0,text\n"
    folder = make_folder(tmp_path, comments=comments, votes=HEAD, participants_votes=None)
    export = read_export(folder)
    assert export.statements[0].created is None
    assert "1 times of statements cannot be read." in export.notes


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"comments": None}, "There is no comments.csv in "),
        (
            {"votes": None, "participants_votes": None},
            "There is neither votes.csv nor participant-votes.csv in ",
        ),
        ({"comments": ""}, "comments.csv is empty; its first line must name the columns."),
        ({"votes": "\n\n"}, "votes.csv is empty; its first line must name the columns."),
        (
            {"votes": "comment-id,who,vote\n0,1,1\n"},
            "votes.csv has no column voter-id. Its columns are: comment-id, who, vote.",
        ),
        (
            {"comments": "id,text\n0,a\n"},
            "comments.csv has no column comment-id and no column comment-body. "
            "Its columns are: id, text.",
        ),
    ],
)
def test_a_folder_that_is_no_export(
    tmp_path: Path, files: dict[str, str | None], message: str
) -> None:
    folder = make_folder(tmp_path, **files)
    with pytest.raises(InvalidExport) as caught:
        read_export(folder)
    assert str(caught.value).startswith(message)
    assert caught.value.problems == ()


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidExport, match="There is no folder"):
        read_export(tmp_path / "nowhere")


def test_strict_returns_nothing_and_reports_every_problem(tmp_path: Path) -> None:
    rows = "".join(f"0,{k},9\n" for k in range(25))
    folder = make_folder(tmp_path, votes=HEAD + rows + "0,1,1\n", participants_votes=None)
    with pytest.raises(InvalidExport) as caught:
        read_export(folder, strict=True)
    assert len(caught.value.problems) == 25
    assert caught.value.problems[0] == Problem("votes.csv", 2, "the vote is '9', not -1, 0 or 1")
    lines = str(caught.value).splitlines()
    assert lines[1] == "votes.csv, line 2: the vote is '9', not -1, 0 or 1"
    assert lines[-1] == "and 5 more"
    assert triples(read_export(folder).votes) == [(1, 0, 1)]


def test_strict_accepts_a_clean_folder(tmp_path: Path) -> None:
    assert len(read_export(make_folder(tmp_path), strict=True).votes) == 7


def test_no_summary_is_a_note(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path, summary=None))
    assert (export.topic, export.url, export.description) == ("", "", "")
    assert export.notes == ("There is no summary.csv, so topic and address are not known.",)


def test_faults_of_participants_votes_do_not_count_beside_votes(tmp_path: Path) -> None:
    broken = "participant,n-agree,n-disagree\n1,2\n" + PARTICIPANTS[-10:]
    for sheet in (broken, "", "no,columns\n"):
        export = read_export(make_folder(tmp_path, participants_votes=sheet), strict=True)
        assert triples(export.votes) == TRIPLES


def test_progress_grows_to_the_total(tmp_path: Path) -> None:
    many = HEAD + "".join(f"0,{k},1\n" for k in range(10_000))
    folder = make_folder(tmp_path, votes=many, participants_votes=None)
    total = sum(path.stat().st_size for path in folder.iterdir())
    told: list[tuple[int, int]] = []
    read_export(folder, progress=lambda done, all_: told.append((done, all_)))
    assert {all_ for _, all_ in told} == {total}
    assert told[-1] == (total, total)
    done = [d for d, _ in told]
    assert done == sorted(done)
    assert len(done) > 4  # also inside the long file


def test_no_votes_yet(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path, votes=HEAD, participants_votes=None))
    assert len(export.votes) == len(export.last_votes()) == len(export.shown_votes()) == 0
