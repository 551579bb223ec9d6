"""A bit that the disk changed in the database is said by doctor, backup and restore."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.test_backup import DAY, FILE, changed, middleground
from middleground.config.backup import CannotBackUp, back_up
from middleground.config.health.damage import damage_of, damaged_frame
from middleground.config.restore import CannotRestore, restore
from support.serving.servers import fill

INDEX = (
    "SELECT rootpage FROM sqlite_master"
    " WHERE type = 'index' AND tbl_name = 'dialogues_statement' ORDER BY name"
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("filled") / "data"
    fill(data)
    return data


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def flip_in_an_index(data: Path) -> None:
    """Change one bit of one entry of an index."""
    with closing(sqlite3.connect(data / FILE)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # nothing stays beside the file
        (root,) = database.execute(INDEX).fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    start = (root - 1) * size
    page = (data / FILE).read_bytes()[start : start + size]
    newest = int.from_bytes(page[5:7], "big")  # where the entry lies that was written last
    flip(data / FILE, start + newest + page[newest])  # its end: which row it is of


def test_a_changed_bit_of_the_database_is_noticed(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "whole.tar", DAY).file
    restore(made, tmp_path / "data", data / "keys", replace=True)  # the control
    assert damage_of(data / FILE) == ""
    flip_in_an_index(data)
    assert "index" in damage_of(data / FILE)
    with pytest.raises(CannotBackUp, match=r"is damaged: .* in docs/hosting.md"):
        back_up(data, tmp_path / "b.tar", DAY)
    bad = changed(made, FILE, (data / FILE).read_bytes())  # its hash is right
    before = (data / FILE).read_bytes()
    with pytest.raises(CannotRestore, match=r"is damaged: .* another backup"):
        restore(bad, data, data / "keys", replace=True)
    assert (data / FILE).read_bytes() == before
    code, output = middleground(data, "doctor", "--local", COLUMNS="1000")
    assert (code, "It is damaged: " in output) == (1, True)
    assert "See “A damaged database”" in output


def test_a_changed_bit_of_the_write_ahead_log_is_noticed(data: Path, tmp_path: Path) -> None:
    file = data / FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        for number in range(30):
            database.execute("UPDATE dialogues_dialogue SET question = ?", [f"Which {number}?"])
        log = Path(f"{file}-wal")
        assert (damage_of(file), damaged_frame(file)) == ("", 0)
        database.execute("BEGIN IMMEDIATE")  # what is not committed is no damage
        database.execute("UPDATE dialogues_dialogue SET question = 'Which?'")
        assert damage_of(file) == ""
        database.execute("ROLLBACK")
        shutil.copytree(data, tmp_path / "killed")  # as a server leaves it that is killed
        flip(tmp_path / "killed" / log.name, log.stat().st_size // 2)
        frame = damaged_frame(tmp_path / "killed" / FILE)
        assert frame > 1
    killed = tmp_path / "killed"
    with pytest.raises(CannotBackUp, match=f"write-ahead log from frame {frame} on"):
        back_up(killed, tmp_path / "b.tar", DAY)
    # The control: SQLite says nothing, and has lost the newest.
    with closing(sqlite3.connect(killed / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (question,) = database.execute("SELECT question FROM dialogues_dialogue").fetchone()
    assert question.startswith("Which ")
    assert question != "Which 29?"
