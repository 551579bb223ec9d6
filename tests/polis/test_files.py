"""The names under which Polis gives its files out, in folders and zips, and what is no export."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from middleground.polis import InvalidExport, read_export
from middleground.polis import files as found_files
from polis.folders import COMMENTS, PARTICIPANTS, SUMMARY, TRIPLES, VOTES, make_folder, triples

CONTENTS = {
    "summary": SUMMARY,
    "comments": COMMENTS,
    "votes": VOTES,
    "participant-votes": PARTICIPANTS,
    "comment-groups": "comment-id,comment\n0,More trees\n",
}
TODAY = "2025-01-31-1400-r3nhe9auvzhr36dwaytsk-"


def save(folder: Path, names: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in names.items():
        (folder / name).write_text(content)
    return folder


def prefixed(*kinds: str, prefix: str = TODAY) -> dict[str, str]:
    return {f"{prefix}{kind}.csv": CONTENTS[kind] for kind in kinds or CONTENTS}


def test_the_report_pages_files(tmp_path: Path) -> None:
    export = read_export(save(tmp_path, prefixed()), strict=True)
    assert export == read_export(make_folder(tmp_path / "plain"))
    assert (export.topic, triples(export.votes)) == ("Trees and cars", TRIPLES)
    assert export.groups == {10: 0, 12: 1}
    assert export.notes == ()


def test_the_file_that_told_the_sign_is_named(tmp_path: Path) -> None:
    names = prefixed("comments", "votes", "participant-votes")
    matrix = f"{TODAY}participant-votes.csv"
    names[matrix] += "7,,0,1,1,0,1,,\n"
    names[f"{TODAY}votes.csv"] += "1500000008000,x,0,7,1\n"
    assert read_export(save(tmp_path, names)).sign.evidence == matrix
    (tmp_path / matrix).unlink()
    assert read_export(tmp_path).sign.evidence == f"{TODAY}comments.csv"


@pytest.mark.parametrize(
    "names",
    [
        prefixed("comments") | {"votes.csv": VOTES},
        prefixed("comments", "votes") | {"participants-votes.csv": PARTICIPANTS},
        # Downloads of one report, a minute apart.
        prefixed("comments") | prefixed("votes", prefix=TODAY.replace("1400", "1401")),
        {"ABC_comments.csv": COMMENTS, "ABC_votes.csv": VOTES},
        {"Comments.CSV": COMMENTS, f"{TODAY}votes (1).csv": VOTES},
        prefixed("comments", "participant-votes"),
        {"comments.csv": COMMENTS, "participants-votes.csv": PARTICIPANTS, ".DS_Store": "x"},
    ],
)
def test_names_may_be_mixed(tmp_path: Path, names: dict[str, str]) -> None:
    assert triples(read_export(save(tmp_path, names)).votes) == TRIPLES


def test_two_reports_in_one_folder_are_refused(tmp_path: Path) -> None:
    other = "2025-01-31-1401-r9other-"
    save(tmp_path, prefixed("comments") | prefixed("votes", prefix=other))
    with pytest.raises(InvalidExport) as caught:
        read_export(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} holds files of two reports: {TODAY}comments.csv and {other}votes.csv."
        " Put each report into a folder of its own."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{TODAY}votes.csv", f"{TODAY}votes (1).csv"),
        ("participant-votes.csv", "participants-votes.csv"),
        (f"{TODAY}votes.csv", "votes.csv"),
    ],
)
def test_the_same_file_twice_is_refused(tmp_path: Path, one: str, other: str) -> None:
    save(tmp_path, {"comments.csv": COMMENTS, one: VOTES, other: VOTES})
    with pytest.raises(InvalidExport, match="are the same file of an export"):
        read_export(tmp_path)


def test_a_missing_file_is_said_with_what_is_there(tmp_path: Path) -> None:
    save(tmp_path, prefixed("votes") | {"notes.txt": "x"})
    with pytest.raises(InvalidExport) as caught:
        read_export(tmp_path)
    assert str(caught.value) == (
        f"There is no comments.csv in {tmp_path}. There is only: {TODAY}votes.csv, notes.txt. Save"
        " all files of the report page’s “Raw Data Export” into one folder."
    )


def test_unknown_files_and_names_of_people_are_told(tmp_path: Path) -> None:
    save(tmp_path, prefixed() | {"notes.txt": "x", f"{TODAY}participant-xids.csv": "participant"})
    assert read_export(tmp_path).notes == (
        f"{TODAY}participant-xids.csv was not read: it says who the participants are. Delete it if"
        " you do not need it.",
        "Not read, because no file of an export ends like this: notes.txt.",
    )


def zipped(path: Path, names: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("within", ["", "export/", "../../etc/", "C:\\"])
def test_a_zip_is_read_like_a_folder_and_writes_nothing(tmp_path: Path, within: str) -> None:
    names = {f"{within}{name}": text for name, text in prefixed().items()}
    file = zipped(tmp_path / "a.zip", names | {f"__MACOSX/._{TODAY}votes.csv": "x"})
    before = sorted(tmp_path.rglob("*"))
    assert triples(read_export(file, strict=True).votes) == TRIPLES
    assert sorted(tmp_path.rglob("*")) == before


def test_two_exports_in_a_zip_are_refused(tmp_path: Path) -> None:
    names = {f"{place}/{kind}.csv": CONTENTS[kind] for place in "ab" for kind in CONTENTS}
    with pytest.raises(InvalidExport, match=r"a/summary\.csv and b/summary\.csv, which are the"):
        read_export(zipped(tmp_path / "a.zip", names))


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = zipped(tmp_path / "a.zip", prefixed() | {"x-comment-groups.csv": "0" * 50_000})
    assert file.stat().st_size < 3_000
    monkeypatch.setattr(found_files, "MOST_BYTES", 40_000)
    with pytest.raises(InvalidExport, match="unpacks to more than"):
        read_export(file)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"comments.csv": COMMENTS, "votes.csv": VOTES * 400})
    size = len(VOTES * 400).to_bytes(4, "little")
    content = file.read_bytes()
    assert content.count(size) == 2  # before the entry, and in the directory
    file.write_bytes(content.replace(size, (len(VOTES)).to_bytes(4, "little")))
    with pytest.raises(InvalidExport, match=r"votes\.csv in .* is damaged"):
        read_export(file)


def test_a_zip_of_too_many_files_or_none_at_all(tmp_path: Path) -> None:
    many = zipped(tmp_path / "many.zip", {f"{k}.csv": "" for k in range(1_001)})
    with pytest.raises(InvalidExport, match="more than 1000 files"):
        read_export(many)
    (tmp_path / "text.zip").write_text("comment-id")
    with pytest.raises(InvalidExport, match="is neither a folder nor a zip file"):
        read_export(tmp_path / "text.zip")


@pytest.mark.parametrize(
    ("comments", "votes"),
    [
        # The table that Polis' older exporter made for spreadsheets, with its spelling.
        (
            "Timestamp,Comment ID,Author,Aggrees,Disagrees,Moderated,Comment body\n"
            "1500000000000,0,10,2,1,1,More trees\n",
            "Timestamp,Comment ID,Voter,Vote\n1500000001000,0,10,1\n",
        ),
        (
            "comment-id,author-id,comment_text\n0,10,More trees\n",
            "comment_id,voter_id,vote\n0,10,1",
        ),
    ],
)
def test_columns_under_their_other_names(tmp_path: Path, comments: str, votes: str) -> None:
    folder = make_folder(tmp_path, comments=comments, votes=votes, participants_votes=None)
    export = read_export(folder, strict=True)
    assert [(item.text, item.author) for item in export.statements] == [("More trees", 10)]
    assert triples(export.votes) == [(10, 0, 1)]


def test_seconds_and_written_times_are_read_as_precisely_as_they_are_given(tmp_path: Path) -> None:
    comments = (
        "timestamp,datetime,comment-id,comment-body\n"
        "1500000000,2017-07-14T02:40:00.123Z,0,a\n"
        "1500000000,Fri Jul 14 2017 02:40:00 GMT+0000 (Coordinated Universal Time),1,b\n"
        ",Fri Jul 14 2017 02:40:00 GMT+0000 (Coordinated Universal Time),2,c\n"
        "1500000000,2020-01-01T00:00:00Z,3,d\n"
    )
    folder = make_folder(tmp_path, comments=comments, votes="comment-id,voter-id,vote\n")
    times = [item.created for item in read_export(folder).statements]
    assert times == [1_500_000_000_123, *[1_500_000_000_000] * 3]
