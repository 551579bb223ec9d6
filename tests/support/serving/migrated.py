"""Databases whose migrations are applied, made once for all processes of this version's tests.

Django takes ten to twenty seconds for that, and a run needs some twenty of them. They are kept in
pytest's cache under a digest of the sources and of the pinned packages.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from support.serving.environments import ROOT, outside_environment

KEPT = ROOT / ".pytest_cache" / "d" / "migrated"
DATABASE = "middleground.sqlite3"
# What every database has that a server prepared, but no static files: those are kept elsewhere.
PREPARE = """
import os
os.umask(0o077)
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
from django.core.management import call_command
from middleground.core.processes.table_changes import make_triggers
call_command("migrate", verbosity=0)
make_triggers()
"""


def migrated_sqlite() -> Path:
    """The file of an empty SQLite database, to be copied."""
    return _kept("sqlite", migrate) / DATABASE


def fill_memory(name: str) -> sqlite3.Connection:
    """Copy the tables into SQLite's shared memory of this name, kept as long as it is open."""
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    source = sqlite3.connect(migrated_sqlite())
    source.backup(memory)
    source.close()
    return memory


def migrated_cluster(make: Callable[[Path], None]) -> Path:
    """The data folder of a stopped PostgreSQL, which ``make`` filled, to be copied."""
    return _kept("postgresql", make) / "data"


def migrate(data: Path, **settings: str) -> None:
    """Apply all migrations to the database of this data folder, or to the one in ``settings``."""
    command, environment = [sys.executable, "-c", PREPARE], outside_environment(data, **settings)
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """The folder that ``make`` filled; only one process makes it, and the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = KEPT / _version() / name
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _forget_others(name)
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="middleground-migrated-") as made:
                make(Path(made))
                copy(Path(made), folder.with_suffix(".part"))
            folder.with_suffix(".part").rename(folder)
    return folder


def copy(source: Path, target: Path) -> None:
    """Copy a folder with modes and owners: PostgreSQL reads no file of another account."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _forget_others(name: str) -> None:
    for old in KEPT.glob(f"*/{name}"):
        shutil.rmtree(old, ignore_errors=True)


@cache
def _version() -> str:
    """A digest of what decides about tables: all sources, packages and Python."""
    digest = hashlib.sha256(sys.version.encode())
    sources = sorted((ROOT / "src" / "middleground").rglob("*.py"))
    for path in (Path(__file__), ROOT / "requirements-dev.lock", *sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
