"""``middleground what-we-hold`` as a process, on a database of its own."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from support.serving.servers import fill, outside_environment


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    fill(folder)
    return folder


def tell(data: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", "what-we-hold", *arguments],
        env={**outside_environment(data), "COLUMNS": "200"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def as_json(data: Path, *arguments: str) -> Any:
    code, printed = tell(data, "--json", *arguments)
    assert code == 0, printed
    return json.loads(printed)


def change(data: Path, sql: str) -> None:
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as connection:
        connection.execute(sql)
        connection.commit()


def rows(found: Any, table: str) -> int | None:
    return {name: n for fact in found["facts"] for name, n in fact["rows"].items()}[table]


def test_it_counts_the_real_database(data: Path) -> None:
    whole, one = as_json(data), as_json(data, "harbour")
    assert (rows(whole, "dialogues_statement"), rows(one, "dialogues_statement")) == (21, 12)
    assert (rows(whole, "people_user"), rows(one, "people_user")) == (5, None)
    assert (whole["unclassified"], whole["unknown_files"]) == ([], [])
    assert whole["erases"] == {"database": "SQLite", "overwrites": True}
    assert {key["dialogue"]: key["state"] for key in one["keys"]} == {"harbour": "there"}
    patterns = {kind["pattern"]: kind["count"] for kind in whole["files"]}
    assert patterns["middleground.sqlite3"] == 1
    assert patterns["secret.key"] == 1


def test_the_output_is_readable_text(data: Path) -> None:
    code, printed = tell(data, "harbour")
    assert code == 0
    for said in ("What the database holds of “harbour”", "Without the keys", "With the keys",
                 "Held nowhere:", "your internet address: this software neither stores nor logs it",
                 "overwrites what is deleted", "Log of the server."):  # fmt: skip
        assert said in printed


def test_an_unknown_dialogue_is_an_explained_error(data: Path) -> None:
    assert tell(data, "nowhere") == (1, "There is no dialogue “nowhere”.\n")


def all_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_without_data_it_creates_nothing_and_reports_that(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path / "empty"):
        code, printed = tell(folder)
        assert (code, all_files(tmp_path) - {"empty"}) == (1, set())
        assert f"There is no database in {folder}: nothing has been stored here yet." in printed
        (tmp_path / "empty").mkdir(exist_ok=True)
    (tmp_path / "empty/middleground.sqlite3").touch()
    code, printed = tell(tmp_path / "empty")
    assert (code, "The database is empty: nothing has been stored here yet." in printed) == (
        1,
        True,
    )
    assert "no such table" not in printed


def test_without_keys_it_creates_none(data: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    done = subprocess.run(
        [sys.executable, "-m", "middleground", "what-we-hold", "--json"],
        env=outside_environment(data, MIDDLEGROUND_KEYS=str(keys)),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert rows(json.loads(done.stdout), "dialogues_statement") == 21
    assert not keys.exists()


def test_the_name_of_the_log_is_shown(data: Path) -> None:
    name = data / "keys/ledger.name"
    name.write_text("dialogue.example/ledger")
    try:
        found = as_json(data)
    finally:
        name.unlink()
    assert found["unknown_files"] == []
    assert "ledger.name" in {kind["pattern"] for kind in found["files"]}


def test_tables_without_an_explanation_come_first(data: Path) -> None:
    change(data, "CREATE TABLE visits (address text)")
    (data / "access.log").write_text("203.0.113.7")
    try:
        code, printed = tell(data)
        assert code == 1
        assert printed.startswith("NOT EXPLAINED: the database has visits.address")
        assert "A file that the software did not make" in printed
        assert "access.log" in printed
    finally:
        change(data, "DROP TABLE visits")
        (data / "access.log").unlink()


def test_a_key_past_its_deletion_is_an_error(data: Path) -> None:
    key = data / "keys" / "dialogue-2.key"
    key.unlink()
    change(data, "UPDATE dialogues_dialogue SET key_destroyed_on = '2026-01-01' WHERE id = 2")
    assert {k["dialogue"]: k["state"] for k in as_json(data)["keys"]}["bridge"] == "destroyed"
    key.write_bytes(b"x" * 32)
    try:
        code, printed = tell(data)
        assert code == 1
        assert "SHOULD BE GONE" in printed
    finally:
        key.unlink()
        change(data, "UPDATE dialogues_dialogue SET key_destroyed_on = NULL")
