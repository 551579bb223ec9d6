"""One published folder is made once, and each test gets a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.town import Town, build


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return build(tmp_path_factory.mktemp("ledger") / "published")


@pytest.fixture
def town(original: Town, tmp_path: Path) -> Town:
    shutil.copytree(original.folder, tmp_path / "published")
    return Town(tmp_path / "published", list(original.votes), list(original.entries))
