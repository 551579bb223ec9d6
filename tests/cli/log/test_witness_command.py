"""``middleground witness`` and ``python witness.py`` as processes do the same."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ledger.keyring import log_key
from middleground import witness
from middleground.ledger.files.publishing import publish

LOG = log_key()
COMMANDS = {
    "installed": [sys.executable, "-m", "middleground", "witness"],
    "one file": [sys.executable, "-I", witness.__file__],
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a published log of three leaves."""
    published = tmp_path / "log"
    publish(published, LOG, 0, [b"1", b"2", b"3"])
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Quiet(*args, directory=str(published))
    ) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(params=COMMANDS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    def run(*words: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [*COMMANDS[request.param], *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_from_a_new_key_to_a_signed_checkpoint(run: Any, tmp_path: Path, address: str) -> None:
    assert run("watch", address, "--once")[0] == 2  # no key yet
    code, key, _ = run("key", "newsroom.example")
    assert (code, key.startswith("newsroom.example+")) == (0, True)
    assert run("key", "newsroom.example")[0] == 2
    assert (tmp_path / "witness/key").stat().st_mode & 0o777 == 0o600
    code, _, problem = run("watch", address, "--once")
    assert (code, problem) == (
        1,
        f"not signed: the key of {LOG.name} is not known yet: add it, with: trust KEY\n",
    )
    assert run("trust", "nonsense")[0] == 2
    assert run("trust", str(LOG.verifier)) == (0, f"watched from now on: {LOG.name}\n", "")
    assert run("watch", address, "--once") == (0, f"signed: {LOG.name}, 3 leaves\n", "")
    # A fork ends the watch, also without --once, and the proof is printed.
    publish_another(tmp_path)
    code, said, problem = run("watch", address, "--every", "1")
    assert (code, problem) == (1, "not signed: the log does not continue what was signed before\n")
    assert said.startswith("The log was forked.\n")
    assert said.count(f"— {LOG.name} ") == 2


def publish_another(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for path in sorted(log.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    publish(log, LOG, 0, [b"1", b"2", b"other", b"4"])


def test_an_address_without_a_log(run: Any) -> None:
    run("key", "newsroom.example")
    code, _, problem = run("watch", "http://127.0.0.1:9/", "--once")
    assert code == 1
    assert problem.startswith("not signed: the log cannot be reached")
    assert run("watch", "nonsense", "--once")[0] == 1


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_serving(command: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    witness.make_key(folder, "newsroom.example")
    process = subprocess.Popen(
        [*command, "serve", "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == f"This witness's key: {witness.own_key(folder)}\n"
    at = process.stdout.readline().split(" at ")[1].strip()
    assert at.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(at.replace("add-checkpoint", ""), timeout=20) as answer:
        assert witness.own_key(folder) in answer.read().decode()
    process.kill()
    process.communicate()
