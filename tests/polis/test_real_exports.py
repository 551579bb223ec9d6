"""The seven real conversations, compared with a recount that shares no code with the reader."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from middleground.engine import analyse
from middleground.polis import read_export, write_export
from support.real_conversations import REAL_NAMES, real_folder

ROWS = {
    "15-per-hour-seattle": (54, 339, 2995, 123),
    "brexit-consensus": (50, 204, 5312, 9),
    "london.youth.policing": (39, 26, 640, 2),
    "scoop-hivemind.biodiversity": (316, 536, 29802, 83),
    "scoop-hivemind.taxes": (148, 334, 17379, 44),
    "ssis.land-bank-farmland": (297, 404, 33530, 67),
    "vtaiwan.uberx": (197, 1921, 49997, 554),
}
GROUPS = {"london.youth.policing": 3}


def recount(folder: Path) -> Counter[tuple[int, int]]:
    """(statement, vote) -> number of participants; the last row of a participant counts."""
    last: dict[tuple[str, str], str] = {}
    with (folder / "votes.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            last[row["voter-id"], row["comment-id"]] = row["vote"]
    return Counter((int(statement), int(vote)) for (_, statement), vote in last.items())


@pytest.mark.parametrize("name", REAL_NAMES)
def test_counts_equal_an_independent_recount(name: str) -> None:
    folder = real_folder(name)
    export = read_export(folder, strict=True)
    last = export.last_votes()
    found = Counter(zip(last.statement.tolist(), last.value.tolist(), strict=True))
    assert found == recount(folder)
    statements, participants, rows, again = ROWS[name]
    assert len(export.statements) == statements
    assert len(set(last.participant.tolist())) == participants
    assert (len(export.votes), len(export.votes) - len(last)) == (rows, again)
    assert (export.sign.flipped, export.sign.evidence) == (False, "participants-votes.csv")
    assert export.notes == ()
    assert len(set(export.groups.values())) == GROUPS.get(name, 2)


@pytest.mark.parametrize("name", REAL_NAMES)
def test_both_vote_files_agree(name: str, tmp_path: Path) -> None:
    folder = real_folder(name)
    for file in ("comments.csv", "participants-votes.csv"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    whole, half = read_export(folder).last_votes(), read_export(tmp_path).last_votes()
    for column in ("participant", "statement", "value"):
        assert getattr(whole, column).tolist() == getattr(half, column).tolist()


@pytest.mark.parametrize("name", REAL_NAMES)
@pytest.mark.parametrize("evidence", ["participants-votes.csv", "comments.csv"])
def test_reversed_signs_are_corrected(name: str, evidence: str, tmp_path: Path) -> None:
    folder = real_folder(name)
    files = {"comments.csv", "participants-votes.csv"} & {"comments.csv", evidence}
    for file in files:
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    with (folder / "votes.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    at = header.index("vote")
    with (tmp_path / "votes.csv").open("w", newline="", encoding="utf-8") as file:
        turned = [[*row[:at], str(-int(row[at])), *row[at + 1 :]] for row in rows]
        csv.writer(file).writerows([header, *turned])
    export = read_export(tmp_path, strict=True)
    assert (export.sign.flipped, export.sign.evidence) == (True, evidence)
    assert export.votes.value.tolist() == read_export(folder).votes.value.tolist()


@pytest.mark.parametrize("older", [False, True], ids=["today", "older"])
@pytest.mark.parametrize("name", REAL_NAMES)
def test_round_trip(name: str, older: bool, tmp_path: Path) -> None:
    folder = real_folder(name)
    export = read_export(folder)
    write_export(export, tmp_path, older=older)
    again = read_export(tmp_path, strict=True)
    assert again == export
    last = again.last_votes()
    found = Counter(zip(last.statement.tolist(), last.value.tolist(), strict=True))
    assert found == recount(folder)
    one, other = (analyse(each.shown_votes(), seed=7).to_json() for each in (export, again))
    assert one == other
