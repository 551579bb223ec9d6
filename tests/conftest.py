"""Every test run has its own data folder, made before Django reads its settings."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.utils import timezone

pytest_plugins = [
    "pytester", "support.serving.asgi_client", "support.serving.browsers",
    "support.serving.servers", "support.logged", "support.no_skips",
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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers inherit this environment, so each of them must make its own folder."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_sessionstart() -> None:
    from django.conf import settings

    if settings.configured and Path(_DATA.name).resolve() != settings.DATA:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: tests bring their own data folder.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests for the other database."""
    on_postgres = bool(os.environ.get("MIDDLEGROUND_DATABASE_URL"))
    other = "sqlite" if on_postgres else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> Iterator[None]:
    """The collected files, which WhiteNoise reads once and not for every test client."""
    from django.core.management import call_command
    from whitenoise import WhiteNoise

    call_command("collectstatic", interactive=False, verbosity=0)
    read, known = WhiteNoise.update_files_dictionary, {}

    def read_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            read(self, root, prefix)
            known[root, prefix] = dict(self.files)
        self.files.update(known[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", read_once)
        yield


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
