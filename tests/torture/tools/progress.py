"""Progress of a long form: lines in the file that MIDDLEGROUND_TORTURE_LOG names."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torture.tools.voting_load import Noted

_began = time.monotonic()


def tell(line: str) -> None:
    """Write a line with the seconds so far, if a log file is set."""
    name = os.environ.get("MIDDLEGROUND_TORTURE_LOG")
    if name:
        with Path(name).open("a") as log:
            log.write(f"{time.monotonic() - _began:7.0f} s  {line}\n")


def report(number: int, of: int, noted: Noted) -> None:
    if number % max(1, of // 20) == 0:
        tell(
            f"killed {number} of {of}: {len(noted.acknowledged)} votes acknowledged,"
            f" {len(noted.unanswered)} unanswered, {len(noted.refused)} refused,"
            f" {noted.workers_killed} processes for maps killed"
        )


def figures(what: str, **numbers: Any) -> None:
    """A line for docs/measurements.md."""
    line = ", ".join(f"{name.replace('_', ' ')} {show(n)}" for name, n in numbers.items())
    tell(f"{what}: {line}")
    if name := os.environ.get("MIDDLEGROUND_TORTURE_FIGURES"):
        with Path(name).open("a") as file:
            file.write(f"{what}: {line}\n")


def show(number: Any) -> str:
    return f"{number:,}" if isinstance(number, int) else str(number)
