"""Under CI a skip because of a missing tool fails the run; elsewhere it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ONE_SKIP = """
import pytest

def test_a():
    pass

def test_b():
    pytest.skip("{reason}")
"""
WHOLE_MODULE = """
import pytest

pytest.importorskip("no_such_module_anywhere")

def test_c():
    pass
"""


@pytest.fixture
def outside(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder of its own, without this repository's conftest and without Django."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1]))
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CI", "true")
    return pytester


def run(folder: pytest.Pytester, *arguments: str) -> tuple[int, str]:
    result = folder.runpytest_subprocess("-p", "support.no_skips", "-p", "no:django", *arguments)
    return int(result.ret), result.stdout.str()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_skip_because_of_a_missing_tool_fails(outside: pytest.Pytester, workers: str) -> None:
    outside.makepyfile(ONE_SKIP.format(reason="no Chromium here"))
    status, output = run(outside, "-n", workers)
    assert status == 1
    assert "no Chromium here" in output
    assert "1 passed, 1 skipped" in output.splitlines()[-1]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_module_that_is_skipped_whole_fails(outside: pytest.Pytester, workers: str) -> None:
    outside.makepyfile(test_it=ONE_SKIP.format(reason="../shared/data"), test_whole=WHOLE_MODULE)
    status, output = run(outside, "-n", workers)
    assert status == 1
    assert "no_such_module_anywhere" in output


def test_an_expected_failure_is_a_skip_too(outside: pytest.Pytester) -> None:
    outside.makepyfile(
        "import pytest\n\n@pytest.mark.xfail(reason='broken')\ndef test_a():\n    assert 0\n"
    )
    assert run(outside)[0] == 1


def test_absent_open_data_may_be_skipped(outside: pytest.Pytester) -> None:
    outside.makepyfile(ONE_SKIP.format(reason="../shared/data/polis is not here"))
    assert run(outside)[0] == 0


def test_without_ci_a_skip_is_allowed(
    outside: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI")
    outside.makepyfile(ONE_SKIP.format(reason="no Chromium here"))
    assert run(outside)[0] == 0
