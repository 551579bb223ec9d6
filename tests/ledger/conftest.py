"""Two published folders are made once, and each test gets a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.town import Town, build, build_open, copy


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return build(tmp_path_factory.mktemp("ledger") / "published")


@pytest.fixture
def town(original: Town, tmp_path: Path) -> Town:
    return copy(original, tmp_path)


@pytest.fixture(scope="session")
def original_open(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return build_open(tmp_path_factory.mktemp("ledger") / "published")


@pytest.fixture
def open_town(original_open: Town, tmp_path: Path) -> Town:
    """The town before its dialogue closes."""
    return copy(original_open, tmp_path)
