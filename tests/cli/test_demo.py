"""``middleground demo`` prepares the example: quickly, once, and labelled as simulated."""

from __future__ import annotations

import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from support.serving.servers import free_port, outside_environment


def prepare(data: Path) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "middleground",
            "demo",
            "--prepare-only",
            "--port",
            str(free_port()),
        ],
        env=outside_environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder in which the example was made, and what was printed."""
    data = tmp_path_factory.mktemp("data")
    return data, prepare(data)


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(data / "demo" / "middleground.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def passwords(printed: str) -> set[str]:
    """Those of staff and of the example official."""
    return set(re.findall(r"password +(\S+)", printed))


def kept(data: Path) -> list[str]:
    """The tables of what the example tells."""
    apps = ("answers_", "evidence_", "threads_", "people_body", "people_post", "people_appoint")
    names = rows(data, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    own = [
        str(name) for (name,) in names if str(name).startswith(apps) and "search" not in str(name)
    ]
    return [*own, "dialogues_statement", "dialogues_vote"]


def test_the_example_is_made_once_and_signing_in_is_new_each_time(
    first_start: tuple[Path, str],
) -> None:
    data, first = first_start
    dialogues = "SELECT slug, state, simulated FROM dialogues_dialogue ORDER BY slug"
    assert rows(data, dialogues) == [("library", "closed", 1), ("los-angeles", "open", 1)]
    maps = (
        "SELECT d.slug, m.final, json_extract(m.data, '$.status') FROM dialogues_storedmap m"
        " JOIN dialogues_dialogue d ON d.id = m.dialogue_id ORDER BY d.slug"
    )
    assert rows(data, maps) == [("library", 1, "one_group"), ("los-angeles", 0, "groups")]
    # The daily counts add up to the stored rows.
    sums = "SELECT sum(participants), sum(votes) FROM dialogues_dailycount"
    participants = "SELECT count(DISTINCT participant_id), count(*) FROM dialogues_vote"
    assert rows(data, sums) == rows(data, participants)

    before = {table: rows(data, f"SELECT * FROM {table}") for table in kept(data)}
    assert len(before["answers_case"]) == 22
    second = prepare(data)
    assert {table: rows(data, f"SELECT * FROM {table}") for table in kept(data)} == before
    assert rows(data, "SELECT count(*) FROM people_user") == [(14,)]
    assert passwords(first).isdisjoint(passwords(second))
    assert len(passwords(first)) == 2


def test_the_example_never_changes_the_hosts_own_data(first_start: tuple[Path, str]) -> None:
    data, _printed = first_start
    assert sorted(path.name for path in data.iterdir()) == ["demo"]


def test_an_occupied_port_is_reported_before_preparation(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "middleground", "demo", "--port", str(taken.getsockname()[1])],
            env=outside_environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert "Choose another with --port." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "demo" / "middleground.sqlite3").exists()
