"""``middleground create-admin`` as a process."""

from __future__ import annotations

import os
import pty
import select
import sqlite3
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from support.serving.servers import give_static_files, give_tables, outside_environment

COMMAND = [sys.executable, "-m", "middleground", "create-admin"]
GOOD = "correct horse battery staple"


def create(data: Path, password: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--password-stdin", *options],
        env=outside_environment(data),
        input=f"{password}\n",
        capture_output=True,
        text=True,
        check=False,
    )


def read_until(terminal: int, question: bytes) -> bytes:
    shown = b""
    while question not in shown:
        assert select.select([terminal], [], [], 60)[0], f"{question!r} was never asked: {shown!r}"
        shown += os.read(terminal, 1024)
    return shown


def wait_for_echo(terminal: int, *, off: bool) -> None:
    """Turning echo off discards earlier input, so wait for it before typing."""
    for _ in range(600):
        if bool(termios.tcgetattr(terminal)[3] & termios.ECHO) != off:
            return
        time.sleep(0.05)
    raise AssertionError("the terminal's echo did not change")


def accounts(data: Path) -> list[tuple[str, str, int, int]]:
    connection = sqlite3.connect(data / "middleground.sqlite3")
    try:
        return connection.execute(
            "SELECT email, role, is_staff, is_superuser FROM people_user ORDER BY id"
        ).fetchall()
    finally:
        connection.close()


def test_the_account_is_made_on_an_empty_data_folder(tmp_path: Path) -> None:
    done = create(tmp_path, GOOD, "--email", "ann@example.org")
    assert (done.returncode, done.stderr) == (0, "")
    assert "may now sign in at http://127.0.0.1:8000/desk/," in done.stdout
    assert accounts(tmp_path) == [("ann@example.org", "facilitator", 1, 1)]
    again = create(tmp_path, GOOD, "--email", "ann@example.org")
    assert again.returncode == 1
    assert "already exists" in again.stderr
    assert len(accounts(tmp_path)) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.org", "short"),
        ("ann@example.org", ""),
        ("ann@example.org", "ann@example.org"),
        ("no address", GOOD),
    ],
)
def test_a_bad_password_or_address_makes_no_account(
    tmp_path: Path, email: str, password: str
) -> None:
    give_static_files(tmp_path)
    give_tables(tmp_path)
    done = create(tmp_path, password, "--email", email)
    assert done.returncode == 1
    assert done.stderr.strip() != ""
    assert "Traceback" not in done.stderr
    assert accounts(tmp_path) == []


def test_the_prompt_does_not_show_the_password(tmp_path: Path) -> None:
    give_static_files(tmp_path)
    give_tables(tmp_path)
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        COMMAND, env=outside_environment(tmp_path), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for question, answer, hidden in (
        (b"E-mail address", "bo@example.org", False),
        (b"Password", GOOD, True),
        (b"Repeat", GOOD, True),
    ):
        shown += read_until(terminal, question)
        wait_for_echo(terminal, off=hidden)
        os.write(terminal, f"{answer}\n".encode())
    assert process.wait(timeout=60) == 0
    os.close(terminal)
    assert GOOD.encode() not in shown
    assert [account[0] for account in accounts(tmp_path)] == ["bo@example.org"]
