"""Runs the long forms of the tests in this folder one after the other: ``make torture``.

``python tests/torture/long_forms.py [FORM] [SHARE]``: one form alone, and a part of its usual count
(0.01 is one in a hundred). Ends with a table for docs/measurements.md, and with 1 if one failed.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COUNT = "MIDDLEGROUND_TORTURE_"


@dataclass(frozen=True)
class Form:
    """Test ``files`` with the ``setting`` for their number of runs, or a parser to fuzz."""

    name: str
    count: int
    setting: str = ""
    files: tuple[str, ...] = ()
    parser: str = ""


PARSERS = (
    "polis", "text", "note", "proof", "bundle", "entry", "list", "receipt", "texts", "totals",
)  # fmt: skip
FORMS = (
    Form("power-cut", 1_000, "CUTS", ("test_power_cut.py",)),
    Form("kill", 300, "KILLS", ("kill/test_kill.py",)),
    Form("kill-postgres", 100, "POSTGRES_KILLS", ("kill/test_kill_postgres.py",)),
    Form("kill-elected", 100, "ELECTED_KILLS", ("kill/test_kill_elected.py",)),
    Form("full-disk", 2_000, "ROOMS", ("test_room.py", "test_full_disk.py")),
    Form("clock", 90, "JUMPS", ("test_clock.py",)),
    Form("races", 100, "RACES", ("test_races.py", "../dialogues/participation/test_codes.py")),
    Form("vote-states", 1_000, "HISTORIES", ("test_vote_states.py",)),
    Form("requests", 20_000, "REQUESTS", ("test_requests.py",)),
    Form("slow-bodies", 2_000, "SLOW", ("test_slow_clients.py", "../core/connections")),
    Form("container", 1, "CONTAINERS", ("../hosting/test_container.py",)),
    Form("invented-people", 1_000, "INVENTED", ("test_invented_people.py",)),
    Form("seizure", 1_000, "PARTICIPANTS", ("../seizure/test_seizure.py",)),
    Form(
        "log-subtraction", 30, "WORLDS", ("../reidentification/test_subtracting_from_the_log.py",)
    ),
    Form("map-differencing", 200, "ATTACKS", ("../reidentification/test_differencing_maps.py",)),
    *(Form(f"parser-{name}", 1_000_000, parser=name) for name in PARSERS),
)


def main() -> int:
    name, share = ([*sys.argv[1:], "", ""])[:2]
    chosen = [form for form in FORMS if name in ("", form.name)]
    if not chosen:
        print(f"There is no form {name}. There are: {', '.join(form.name for form in FORMS)}.")
        return 2
    began, rows, failed = datetime.now(UTC), [], 0
    with tempfile.TemporaryDirectory(prefix="middleground-torture-") as folder:
        for form in chosen:
            count = max(1, round(form.count * float(share or 1)))
            print(f"· {form.name}: {count:,}", flush=True)
            start = time.monotonic()
            code, figures = run(form, count, Path(folder) / form.name)
            figures += ["**failed**"] if code else []
            failed += code != 0
            took = time.monotonic() - start
            rows.append(f"| {form.name} | {'; '.join(figures)} | {took:,.0f} s |")
    print(f"\n{machine(began)}\n\n| form | figures | took |\n|---|---|---|")
    print("\n".join(rows))
    return 1 if failed else 0


def run(form: Form, count: int, folder: Path) -> tuple[int, list[str]]:
    """The exit code of a form, and the lines with its figures."""
    folder.mkdir()
    progress, figures, output = folder / "progress", folder / "figures", folder / "output"
    progress.touch()
    settings = {f"{COUNT}LOG": str(progress), f"{COUNT}FIGURES": str(figures)}
    if form.parser:
        command = [str(HERE / "fuzz.py"), form.parser, str(count)]
    else:
        settings[COUNT + form.setting] = str(count)
        files = [str(HERE / file) for file in form.files]
        command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=0", *files]
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        with process:
            for line in followed(progress, output, process):
                print(f"  {line}", flush=True)
    if process.returncode:
        print(output.read_text("utf-8", "replace")[-6_000:], flush=True)
    found = figures.read_text().splitlines() if figures.exists() else []
    return process.returncode, found


def followed(progress: Path, output: Path, process: subprocess.Popen[bytes]) -> Iterator[str]:
    """New lines of progress; without any, the last line of output from time to time."""
    shown, told = 0, time.monotonic()
    while True:
        ended = process.poll() is not None
        lines = progress.read_text().splitlines()
        yield from lines[shown:]
        if len(lines) > shown or time.monotonic() - told > 60:
            if len(lines) == shown and (last := output.read_bytes()[-300:].splitlines()):
                yield last[-1].decode("utf-8", "replace")
            told = time.monotonic()
        shown = len(lines)
        if ended:
            return
        time.sleep(0.5)


def machine(began: datetime) -> str:
    """The line above the table: date, commit and machine."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=9"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    return (
        f"{began:%Y-%m-%d}, commit {commit or 'unknown'}, `make torture{told()}`, CPython"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores."
    )


def told() -> str:
    name, share = ([*sys.argv[1:], "", ""])[:2]
    return (f" FORM={name}" if name else "") + (f" SHARE={share}" if share else "")


if __name__ == "__main__":
    sys.exit(main())
