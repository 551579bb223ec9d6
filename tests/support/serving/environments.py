"""What child processes of tests are told: of the settings of the tests themselves, nothing."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"


def outside_environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a process with a separate installation."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MIDDLEGROUND_", "PYTEST_", "DJANGO_"))
    }
    path = os.pathsep.join([str(ROOT / "src"), str(TESTS)])
    return {**kept, "PYTHONPATH": path, "MIDDLEGROUND_DATA": str(data), **settings}


def bare_environment(**settings: str) -> dict[str, str]:
    """An environment that keeps only the settings of OpenBLAS, which matrix products depend on.

    With other settings it rounds otherwise, and two processes that must agree to the last digit
    differ.
    """
    kept = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", **settings}
