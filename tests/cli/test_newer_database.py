"""An older program does not touch a database at which a newer one has been."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from support.serving.servers import fill, free_port, outside_environment

LATER = (
    "INSERT INTO django_migrations (app, name, applied) VALUES ('dialogues', '9999_later', '2030')"
)
COMMANDS = [
    ["serve", "--port", "PORT"],
    ["export", "polis", "harbour", "out"],
    ["create-admin", "--email", "a@example.org", "--password-stdin"],
    ["doctor", "--local"],
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("newer")
    fill(folder / "data")
    with closing(sqlite3.connect(folder / "data" / "middleground.sqlite3")) as database:
        database.execute(LATER)
        database.commit()
    return folder / "data"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_it_is_refused_with_what_to_do(data: Path, tmp_path: Path, command: list[str]) -> None:
    arguments = [str(free_port()) if each == "PORT" else each for each in command]
    before = (data / "middleground.sqlite3").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *arguments],
        env=outside_environment(data, COLUMNS="1000"),
        cwd=tmp_path,
        input="correct horse battery staple\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 1, output
    assert "The database is of a newer middleground: it has dialogues 9999_later" in output
    assert "Going back after an update" in output
    assert "Traceback" not in output
    assert (data / "middleground.sqlite3").read_bytes() == before
