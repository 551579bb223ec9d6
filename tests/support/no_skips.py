"""With CI=true a skipped test fails the run, so that a missing tool cannot hide a test.

One reason is allowed: the open data beside the repository (``../shared/data``) is absent. It is not
part of the repository because it is not ours to distribute.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

ALLOWED = "shared/data"
_skips = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_skips] = []
    config.pluginmanager.register(_Watch(config), "no-skips")


class _Watch:
    """Collects skips, including those of xdist's workers, and fails the run for them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.skips = config.stash[_skips]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped:
            return
        if isinstance(report.longrepr, tuple):
            reason = str(report.longrepr[2])
        else:
            reason = str(getattr(report, "wasxfail", report.longrepr))
        if ALLOWED not in reason:
            self.skips.append(f"{report.nodeid}: {reason}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Workers report skipped tests by themselves, but not whole modules that they skipped."""
        known = set(self.skips)
        told = getattr(node, "workeroutput", {}).get("skips", [])
        self.skips.extend(skip for skip in told if skip not in known)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["skips"] = self.skips
        elif self._fails() and session.exitstatus in {0, 5}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._fails():
            terminalreporter.section("skipped, which CI does not allow", red=True)
            for skip in sorted(set(self.skips)):
                terminalreporter.write_line(skip)

    def _fails(self) -> bool:
        return os.environ.get("CI") == "true" and bool(self.skips)
