"""``middleground import bodies`` as a process."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from support.serving.servers import give_static_files, give_tables, outside_environment

GOOD = "body;level;post;holder;from\nPolice [bold];city;Chief;Ana Example;2024-01-01\n"


def imported(data: Path, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "middleground", "import", "bodies", str(file), *options],
        env=outside_environment(data), capture_output=True, text=True, check=False,
    )  # fmt: skip


def counts(data: Path) -> tuple[int, ...]:
    database = sqlite3.connect(data / "middleground.sqlite3")
    try:
        tables = ("body", "post", "appointment", "bodyevent", "user")
        return tuple(
            database.execute(f"SELECT count(*) FROM people_{table}").fetchone()[0]
            for table in tables
        )
    finally:
        database.close()


def test_a_file_is_looked_at_and_then_imported_but_not_if_strict(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    give_static_files(data)
    give_tables(data)
    file = tmp_path / "bodies.csv"
    file.write_text(f"{GOOD}Harbor;[red]galaxy;;;\n")
    bad = "line 3: “[red]galaxy” is no level. Write one of: federal, state, county, city,"

    done = imported(data, file, "--strict", "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert bad in done.stderr
    assert "Nothing was imported." in done.stderr
    assert counts(data) == (0, 0, 0, 0, 0)

    done = imported(data, file)
    assert (done.returncode, done.stdout) == (
        0, "Imported: 1 new bodies, 1 new posts, 1 new terms.\n",
    )  # fmt: skip
    assert bad in done.stderr
    assert counts(data) == (1, 1, 1, 3, 0)
