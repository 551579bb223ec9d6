"""Every test run has its own data folder, made before Django reads its settings."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone
from scipy import sparse, special  # noqa: F401  # else a test that is timed would import them

from on_postgres import MIGRATED
from support.serving.migrated import fill_memory

pytest_plugins = [
    "pytester", "support.serving.asgi_client", "support.serving.servers",
    "support.serving.browsers", "support.logged", "support.no_skips", "support.emptying",
]  # fmt: skip

# Not in pyproject.toml: pytest-django would read the settings before this file can name the folder.
_DATA = tempfile.TemporaryDirectory(prefix="middleground-tests-")
atexit.register(_DATA.cleanup)
os.environ["MIDDLEGROUND_DATA"] = _DATA.name
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
for _name in [name for name in os.environ if name.startswith("MIDDLEGROUND_")]:
    kept = {"MIDDLEGROUND_DATA", "MIDDLEGROUND_DATABASE_URL", "MIDDLEGROUND_CHROMIUM"}
    if _name not in kept and not _name.startswith("MIDDLEGROUND_TORTURE_"):
        del os.environ[_name]  # the developer's own installation

django.setup()

from middleground.core.look.current import keep_none  # noqa: E402 -- it needs Django

# What is loaded stays; to look for garbage in it takes a tenth of the processor time of a run.
gc.freeze()
gc.set_threshold(20_000, 20, 20)
# The real hash takes a quarter of a second by design. Processes that tests start use it.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Figures are checked exactly, so maps are of everybody, and due without a wait. What a sample and
# the wait are for, tests/reidentification/test_differencing_maps.py shows.
settings.MAP_SAMPLE, settings.MAP_BEAT_SECONDS = 1.0, 0.0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers inherit this environment, so each of them must make its own folder."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_sessionstart() -> None:
    if settings.configured and Path(_DATA.name).resolve() != settings.DATA:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: tests bring their own data folder.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests for the other database. Several workers begin with the slow files."""
    on_postgres = bool(os.environ.get("MIDDLEGROUND_DATABASE_URL"))
    other = "sqlite" if on_postgres else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def _static_files(pytestconfig: pytest.Config) -> Iterator[None]:
    """The collected files, which WhiteNoise reads once and not for every test client."""
    from whitenoise import WhiteNoise

    _collect_static_files(pytestconfig)
    read, known = WhiteNoise.update_files_dictionary, {}

    def read_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            read(self, root, prefix)
            known[root, prefix] = dict(self.files)
        self.files.update(known[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", read_once)
        yield


def _collect_static_files(config: pytest.Config) -> None:
    """Collect static files, or copy those of the same version that an earlier run collected."""
    from middleground.config import server

    cache = getattr(config, "cache", None)  # none with -p no:cacheprovider
    if cache is None:
        server.collect_static_files()
        return
    libraries = [f"{name}-{version(name)}" for name in ("whitenoise", "brotli")]
    kept = cache.mkdir("static") / "-".join([server.static_version()[:16], *libraries])
    if kept.is_dir():
        shutil.copytree(kept, settings.STATIC_ROOT)
        return
    server.collect_static_files()
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder, suppress(OSError):
        copy = shutil.copytree(settings.STATIC_ROOT, Path(folder) / "static")
        copy.rename(kept)  # whole or not at all; another process of this run may have been first


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Let the test database begin with tables, so that Django finds nothing to migrate."""
    database = connections["default"]
    if database.vendor == "postgresql":
        database.settings_dict["TEST"]["TEMPLATE"] = MIGRATED
        yield
        return
    memory = fill_memory(database.creation._get_test_db_name())
    yield
    memory.close()


@pytest.fixture(autouse=True)
def _no_pools_of_another_test() -> None:
    """Of a dialogue with the same key, whose statements were others."""
    from middleground.dialogues.voting.dealing import statement_pools

    statement_pools._pools.clear()


@pytest.fixture
def in_los_angeles(settings: Any) -> Iterator[None]:
    """The host's time zone; eight hours behind UTC in winter."""
    settings.TIME_ZONE = "America/Los_Angeles"
    timezone.get_default_timezone.cache_clear()
    yield
    timezone.get_default_timezone.cache_clear()


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    """A fresh folder for keys."""
    folder = tmp_path / "keys"
    settings.KEYS = folder
    return folder


@pytest.fixture(autouse=True)
def _look_is_known() -> None:
    """Nobody chose a look, and it was read: else the first page of a process has one query more."""
    keep_none()
