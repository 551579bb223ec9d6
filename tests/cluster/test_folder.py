"""Folders of parts: written, read, split anew, and refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.shapes import three_camps
from middleground.cluster.folder import blocks, count_rows, parts_in, read_part, write_parts
from middleground.engine import InvalidVotes, Votes


def triples(votes: Votes) -> set[tuple[int, int, int]]:
    columns = (votes.participant, votes.statement, votes.value)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def test_every_vote_is_in_one_part_and_each_participant_too(tmp_path: Path) -> None:
    votes = three_camps()
    assert write_parts([votes], tmp_path / "parts", 4) == len(votes)
    parts = [read_part(path) for path in parts_in(tmp_path / "parts")]
    assert len(parts) == 4
    assert sum(map(len, parts)) == len(votes)
    assert set().union(*map(triples, parts)) == triples(votes)
    participants = [set(part.participant.tolist()) for part in parts]
    assert all(50 < len(some) < 100 for some in participants)
    assert sum(map(len, participants)) == len(set().union(*participants)) == 300


def test_parts_keep_the_order_of_rows_and_can_be_split_anew(tmp_path: Path) -> None:
    first, again = Votes([1, 2], [7, 7], [1, 1]), Votes([1], [7], [-1])
    write_parts([first, again], tmp_path / "one", 1)
    write_parts(blocks(parts_in(tmp_path / "one")), tmp_path / "two", 3)
    rows = [
        row
        for path in parts_in(tmp_path / "two")
        for row in pq.read_table(path).select(["participant", "value"]).to_pylist()
        if row["participant"] == 1
    ]
    assert [row["value"] for row in rows] == [1, -1]
    assert sum(count_rows(path) for path in parts_in(tmp_path / "two")) == 3


def test_marks_of_dealt_votes_are_read_back(tmp_path: Path) -> None:
    votes = Votes([1, 2], [7, 7], [1, 0], [True, False])
    write_parts([votes], tmp_path / "parts", 1)
    found = read_part(parts_in(tmp_path / "parts")[0])
    assert found.dealt is not None
    assert found.dealt.tolist() == [True, False]


def test_statements_can_be_left_out(tmp_path: Path) -> None:
    write_parts([three_camps()], tmp_path / "parts", 1)
    found = read_part(parts_in(tmp_path / "parts")[0], leave_out=(0, 44))
    assert np.unique(found.statement).tolist() == list(range(1, 44))


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    write_parts([three_camps()], tmp_path / "parts", 2)
    assert (tmp_path / "parts").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in parts_in(tmp_path / "parts")} == {0o600}


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(FileExistsError, match="is not empty"):
        write_parts([three_camps()], tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"participant": [1], "value": [1]}, "no column statement"),
        ({"participant": [1], "statement": [1], "value": [2]}, "a vote is"),
        ({"participant": [1, None], "statement": [1, 1], "value": [1, 1]}, "empty cells"),
        ({"participant": ["a"], "statement": [1], "value": [1]}, "must hold integers"),
    ],
)
def test_invalid_votes_are_refused(table: dict, reason: str, tmp_path: Path) -> None:
    pq.write_table(pa.table(table), tmp_path / "bad.parquet")
    with pytest.raises(InvalidVotes, match=rf"bad\.parquet.*{reason}"):
        read_part(tmp_path / "bad.parquet")


def test_invalid_parquet_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_text("not at all")
    with pytest.raises(InvalidVotes, match=r"bad\.parquet cannot be read"):
        read_part(tmp_path / "bad.parquet")
