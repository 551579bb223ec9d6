"""A real server in a separate process on its own data folder, for tests from outside."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from support.serving.environments import TESTS, outside_environment
from support.serving.migrated import DATABASE, migrated_sqlite

START_SECONDS = 60  # generous, for a slow and busy machine
FILL_SECONDS = 240
CHANGED_SERVER = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
{}
from middleground.cli.app import main
main()
"""


@dataclass(frozen=True)
class Server:
    address: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path


def run(command: Sequence[str], data: Path, **settings: str) -> str:
    """Run Python with these arguments until it ends, and give its output."""
    done = subprocess.run(
        [sys.executable, *command],
        env=outside_environment(data, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=FILL_SECONDS,
    )
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def fill(data: Path, site: str = "example_site") -> None:
    """Fill a data folder with a site of ``tests/sites``, on SQLite."""
    shutil.copytree(_made(site).name, data, dirs_exist_ok=True)


@cache
def _made(site: str) -> tempfile.TemporaryDirectory[str]:
    """The site's data folder, made once for all tests of this process, which copy it."""
    folder = tempfile.TemporaryDirectory(prefix="middleground-site-")
    make_site(site, Path(folder.name))
    return folder


def make_site(site: str, data: Path, **settings: str) -> str:
    """Run a site of ``tests/sites`` on an empty data folder, and give its output."""
    give_static_files(data)
    if "MIDDLEGROUND_DATABASE_URL" not in settings:
        give_tables(data)
    return run([str(TESTS / "sites" / f"{site}.py")], data, **settings)


def give_tables(data: Path) -> None:
    """Copy an empty database whose migrations are applied."""
    shutil.copy(migrated_sqlite(), data / DATABASE)  # with its mode


def give_static_files(data: Path) -> None:
    """Copy the static files of this test run, because compressing them takes four seconds.

    A server collects its files again if these are not of its version.
    """
    from django.conf import settings

    shutil.copytree(settings.STATIC_ROOT, data / "static")


@contextmanager
def serving(
    data: Path, port: int | None = None, before: str = "", **settings: str
) -> Iterator[Server]:
    """Run ``middleground serve`` on a free or given port until the block ends.

    The process runs ``before`` first, a program that changes the product for the test.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {"MIDDLEGROUND_ORIGIN": address, **settings}
    program = ["-c", CHANGED_SERVER.format(before)] if before else ["-m", "middleground"]
    command = [sys.executable, *program, "serve", "--port", str(port)]
    with tempfile.NamedTemporaryFile(prefix="middleground-serve-") as output:
        process = subprocess.Popen(
            command,
            env=outside_environment(data, **settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        log = Path(output.name)
        try:
            _wait_for(address, process)
            yield Server(address, data, process, log)
        except _NotServing as trouble:
            raise AssertionError(f"{trouble}\n{log.read_text()}") from None
        finally:
            _end(process)


@contextmanager
def serving_filled(data: Path, program: str) -> Iterator[Server]:
    """Serve a new site, which this program fills first."""
    give_static_files(data)
    give_tables(data)
    run(["-c", program], data)
    with serving(data) as server:
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _NotServing(Exception):
    pass


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise _NotServing(f"The server ended with {process.returncode}.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise _NotServing(f"The server did not answer within {START_SECONDS} seconds.")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the dialogues of ``example_site.py``, one a module because tests change it."""
    data = tmp_path_factory.mktemp("served")
    fill(data)
    # A mail server that is away, so that pages offer what needs one.
    mail = {"MIDDLEGROUND_MAIL": "smtp://127.0.0.1:9", "MIDDLEGROUND_MAIL_FROM": "us@port.example"}
    with serving(data, **mail) as server:
        yield server
