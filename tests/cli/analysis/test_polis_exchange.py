"""``middleground import polis`` and ``middleground export polis`` as processes."""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
from pathlib import Path

from support.serving.servers import give_static_files, give_tables, outside_environment

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000000,,0,1,2,0,1,"More trees,
and benches."
1500000000000,,1,2,0,1,-1,Buy my shoes.
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1,,0,1,-1
2,,0,1,1
3,,0,2,1
4,,1,2,-1
"""
BAD_VOTE = "5,,9,2,1\n"


def middleground(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "middleground", *arguments],
        env={**outside_environment(data), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def write(folder: Path, votes: str = VOTES) -> Path:
    folder.mkdir()
    (folder / "comments.csv").write_text(COMMENTS)
    (folder / "votes.csv").write_text(votes)
    return folder


def counts(data: Path) -> tuple[int, int, int]:
    database = sqlite3.connect(data / "middleground.sqlite3")
    try:
        tables = ("dialogues_statement", "dialogues_participant", "dialogues_vote")
        found = [
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
        ]
    finally:
        database.close()
    return found[0], found[1], found[2]


def test_in_out_and_in_again(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", write(tmp_path / "Old Trees")
    give_static_files(data)
    give_tables(data)
    first = middleground(data, "import", "polis", str(folder))
    assert first.returncode == 0, first.stderr
    assert "Imported into “old-trees”: 2 statements, 2 participants, 3 votes" in first.stdout
    assert counts(data) == (2, 2, 3)
    again = middleground(data, "import", "polis", str(folder))
    assert again.stdout == "Nothing new: “old-trees” has all of it already.\n"
    assert counts(data) == (2, 2, 3)

    out = middleground(data, "export", "polis", "old-trees", str(tmp_path / "out"))
    assert out.returncode == 0
    assert "Sensitive" in out.stdout
    with (tmp_path / "out" / "votes.csv").open(newline="") as file:
        votes = sorted((row["comment-id"], row["vote"]) for row in csv.DictReader(file))
    assert votes == [("0", "1"), ("0", "1"), ("1", "-1")]
    full = middleground(data, "export", "polis", "old-trees", str(tmp_path / "out"))
    assert (full.returncode, "is not empty" in full.stderr) == (2, True)
    back = middleground(data, "import", "polis", str(tmp_path / "out"), "--slug", "back")
    assert "2 statements, 2 participants, 3 votes" in back.stdout


def test_a_bad_row_is_reported_with_its_line_and_the_rest_is_imported(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", write(tmp_path / "trees", VOTES + BAD_VOTE)
    give_static_files(data)
    give_tables(data)
    strict = middleground(data, "import", "polis", str(folder), "--strict")
    assert strict.returncode == 2
    assert "votes.csv, line 6" in strict.stderr
    assert counts(data) == (0, 0, 0)
    lenient = middleground(data, "import", "polis", str(folder))
    assert lenient.returncode == 0
    assert "votes.csv, line 6" in lenient.stderr
    assert counts(data) == (2, 2, 3)


def test_errors_are_reported_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    give_static_files(data)
    give_tables(data)
    (tmp_path / "empty").mkdir()
    nothing = middleground(data, "import", "polis", str(tmp_path / "empty"))
    assert nothing.returncode == 2
    assert "comments.csv" in nothing.stderr
    unknown = middleground(data, "export", "polis", "nowhere", str(tmp_path / "out"))
    assert unknown.returncode == 2
    assert unknown.stderr == "There is no dialogue “nowhere”. There are: none yet.\n"
    assert not (tmp_path / "out").exists()
