"""A restored backup never makes the server sign a second history, and no newer log is lost."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from middleground.config.backup import back_up
from support.serving.servers import fill, outside_environment, run

GROW = """
import sys, django; django.setup()
from middleground.ledger import Diverged
from middleground.ledger.records.entries import Erasures
from middleground.publiclog.append import append
from middleground.publiclog.publisher import publish_log
append(Erasures(sys.argv[1], 1))
try:
    signed = publish_log()
    print(signed.size, signed.root.hex())
except Diverged as refused:
    print("refused:", refused)
"""
CHECK = """
import django; django.setup()
from django.conf import settings
from middleground.ledger import verify
from middleground.publiclog.log_key import signing_key
print(verify(settings.LEDGER, signing_key().verifier).holds)
"""


def do(program: str, data: Path, *arguments: str) -> str:
    settings = {"DJANGO_SETTINGS_MODULE": "middleground.config.settings"}
    return run(["-c", program, *arguments], data, **settings).strip()


def middleground(data: Path, *arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *map(str, arguments)],
        env=outside_environment(data, COLUMNS="1000"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose log has grown since its backup, ``old.tar``."""
    from django.utils import timezone

    folder = tmp_path_factory.mktemp("grown")
    fill(folder / "data")
    do(GROW, folder / "data", "first")
    back_up(folder / "data", folder / "old.tar", timezone.localdate())
    do(GROW, folder / "data", "second")
    return folder


@pytest.fixture
def data(grown: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(grown / "data", tmp_path / "data"))


def signed(data: Path) -> bytes:
    return (data / "ledger" / "checkpoint").read_bytes()


def test_the_newer_log_stays_and_goes_on_with_its_database(grown: Path, data: Path) -> None:
    before = signed(data)
    code, output = middleground(data, "restore", grown / "old.tar", "--replace")
    kept = data / "before-restore-1"
    assert code == 0
    assert "It stays where it is, because people have seen it" in output
    assert f"the database that belongs to it is in {kept}." in output
    assert signed(data) == before
    assert do(GROW, data, "another").startswith("refused: the folder has")
    assert signed(data) == before
    _, findings = middleground(data, "doctor", "--local")
    assert "It cannot grow: the folder has" in findings
    assert f"{kept} is what a restore set aside" in findings
    for file in kept.iterdir():  # as docs/hosting.md says
        file.replace(data / file.name)
    kept.rmdir()
    assert not do(GROW, data, "third").startswith("refused")
    assert do(CHECK, data) == "True"


@pytest.mark.parametrize("known", [True, False])
def test_in_a_new_place_with_the_keys_no_fork_is_signed(
    grown: Path, data: Path, tmp_path: Path, known: bool
) -> None:
    new = tmp_path / "new"
    shutil.copytree(data / "keys", new / "keys")
    (mark,) = (new / "keys").glob("ledger.signed-*")
    if not known:  # the control
        mark.unlink()
    code, output = middleground(new, "restore", grown / "old.tar")
    assert code == 0
    assert ("the server signs nothing until the newer state is back" in output) is known
    answer = do(GROW, new, "another")
    assert answer.startswith("refused: ") is known
    if known:
        assert "it is an old backup" in answer
        assert "It cannot grow: " in middleground(new, "doctor", "--local")[1]
    else:
        size = int(mark.name.rpartition("-")[2])
        assert answer.split()[0] == str(size)
        assert (data / "keys" / mark.name).read_text().strip() != answer.split()[1]


def test_another_log_is_set_aside_and_not_deleted(grown: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    fill(other)
    do(GROW, other, "elsewhere")
    before = signed(other)
    code, output = middleground(other, "restore", grown / "old.tar", "--replace")
    assert code == 0
    assert "It is another log, and lies in" in output
    assert (other / "before-restore-1" / "ledger" / "checkpoint").read_bytes() == before
    assert (other / "before-restore-1" / "middleground.sqlite3").is_file()
    assert signed(other) != before


def test_a_database_is_kept_also_if_its_log_has_not_grown(grown: Path, data: Path) -> None:
    """Votes of the last round are in no log yet, and some of them are promised."""
    from django.utils import timezone

    newest = back_up(data, data.parent / "newest.tar", timezone.localdate()).file
    before = signed(data)
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as database:
        database.execute("UPDATE dialogues_dialogue SET question = 'Newer'")
        database.commit()
    question = "SELECT question = 'Newer' FROM dialogues_dialogue"
    code, output = middleground(data, "restore", newest, "--replace")
    kept = data / "before-restore-1"
    assert (code, f"What was there before is in {kept}, as private as" in output) == (0, True)
    assert {path.name for path in kept.iterdir()} == {"middleground.sqlite3"}
    for folder, newer in ((kept, 1), (data, 0)):
        with closing(sqlite3.connect(folder / "middleground.sqlite3")) as database:
            assert set(database.execute(question)) == {(newer,)}
    assert signed(data) == before
    assert not do(GROW, data, "another").startswith("refused")
    assert not do(GROW, data, "third").startswith("refused")
