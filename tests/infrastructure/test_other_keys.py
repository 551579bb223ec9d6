"""A server with the keys of another installation is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from on_postgres import postgres
from support.serving.servers import (
    fill,
    free_port,
    give_static_files,
    make_site,
    outside_environment,
)

pytestmark = [pytest.mark.sqlite]  # which brings a PostgreSQL of its own


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as address:
        yield address


def middleground(data: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *arguments],
        env=outside_environment(data, COLUMNS="1000", **settings),
        input="correct horse battery staple\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_it_is_refused_and_one_that_shares_the_keys_is_not(database: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    settings = {"MIDDLEGROUND_DATABASE_URL": database}
    make_site("example_site", one, **settings)
    give_static_files(other)
    code, output = middleground(other, "serve", "--port", str(free_port()), **settings)
    assert code == 1
    assert f"The keys in {other / 'keys'} are not those of this database" in output
    assert "MIDDLEGROUND_KEYS" in output
    assert "Serving on" not in output
    assert [path.name for path in (other / "keys").iterdir()] == ["secret.key"]
    shared = {**settings, "MIDDLEGROUND_KEYS": str(one / "keys")}
    new = ["create-admin", "--email", "another@example.org", "--password-stdin"]
    assert middleground(other, *new, **shared)[0] == 0


def test_a_new_database_does_not_take_the_keys_of_another(tmp_path: Path) -> None:
    fill(tmp_path / "old")
    new = tmp_path / "new"
    shutil.copytree(tmp_path / "old" / "keys", new / "keys")
    give_static_files(new)
    before = sorted(path.name for path in (new / "keys").iterdir())
    create = ["create-admin", "--email", "another@example.org", "--password-stdin"]
    code, output = middleground(new, *create)
    assert code == 1
    assert f"There is no database yet, but {new / 'keys'} has the keys of one." in output
    assert sorted(path.name for path in (new / "keys").iterdir()) == before
    assert not (new / "middleground.sqlite3").exists()
    assert "The keys of one are there" in middleground(new, "doctor", "--local")[1]
    for key in (new / "keys").iterdir():  # the control
        if key.name != "secret.key":
            key.unlink()
    assert middleground(new, *create)[0] == 0
