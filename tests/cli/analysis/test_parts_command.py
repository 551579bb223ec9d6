"""``middleground split``, and ``analyse`` of its output, as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cli.analysis.test_analyse_command import run, two_camps
from engine.distributed.test_map_in_parts import TOLERANCE, gap
from middleground.cluster.folder import parts_in
from support.serving.environments import bare_environment

__all__ = ["two_camps"]


def split(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "middleground", "split", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=bare_environment(),
    )


def test_parts_of_an_export_give_its_map(two_camps: Path, tmp_path: Path) -> None:
    parts, whole, found = tmp_path / "parts", tmp_path / "whole.json", tmp_path / "found.json"
    done = split(two_camps, parts, "--parts", "3")
    assert done.returncode == 0, done.stderr
    # Statement 29 was rejected, so its 70 votes are not in it.
    assert done.stdout == f"Wrote 2,030 votes in 3 parts to {parts}\n"
    assert len(parts_in(parts)) == 3
    assert run(two_camps, "--json", whole).returncode == 0
    done = run(parts, "--json", found, "--html", tmp_path / "report.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in parts +1 means agree" in " ".join(done.stdout.split())
    assert gap(json.loads(whole.read_text()), json.loads(found.read_text())) < TOLERANCE
    report = (tmp_path / "report.html").read_text()
    assert "Two camps" in report
    assert "Statement number 7" in report


def test_without_texts_statements_are_called_by_numbers(two_camps: Path, tmp_path: Path) -> None:
    split(two_camps, tmp_path / "parts")
    (tmp_path / "parts/comments.csv").unlink()
    done = run(tmp_path / "parts", "--html", tmp_path / "report.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert "There is no comments.csv" in done.stdout
    report = (tmp_path / "report.html").read_text()
    assert "Statement 7" in report
    assert "Statement number 7" not in report


def test_parts_can_be_split_anew(two_camps: Path, tmp_path: Path) -> None:
    split(two_camps, tmp_path / "one")
    assert len(parts_in(tmp_path / "one")) == 1
    assert split(tmp_path / "one", tmp_path / "four", "--parts", "4").returncode == 0
    assert len(parts_in(tmp_path / "four")) == 4
    for name in ("comments.csv", "summary.csv"):
        kept = (tmp_path / "four" / name).read_text()
        assert kept == (two_camps / name).read_text()


def test_impossible_requests_are_reported(two_camps: Path, tmp_path: Path) -> None:
    done = split(two_camps, two_camps)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not empty" in done.stderr
    assert split(tmp_path / "nowhere", tmp_path / "x").returncode == 2
    split(two_camps, tmp_path / "parts")
    done = run(tmp_path / "parts", "--parity")
    assert (done.returncode, "all votes at once" in done.stderr) == (2, True)
    done = run(tmp_path / "parts", "--agree-is", "minus")
    assert (done.returncode, "+1 means agree" in done.stderr) == (2, True)
    done = run(two_camps, "--cluster", "tcp://127.0.0.1:9")
    assert (done.returncode, "middleground split" in done.stderr) == (2, True)
    (tmp_path / "parts/part-00001.parquet").write_text("not at all")
    done = run(tmp_path / "parts")
    assert (done.returncode, "part-00001.parquet cannot be read" in done.stderr) == (2, True)


def test_what_only_some_commands_need_is_not_imported_by_all() -> None:
    """Every command and every server would start later, and be larger."""
    dear = {"distributed", "dask", "pyarrow", "scipy.sparse", "scipy.special", "rbcl"}
    loads = "import sys, middleground.cli.app, middleground.engine.distributed, middleground.ledger"
    done = subprocess.run(
        [sys.executable, "-c", f"{loads}; print({dear} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        env=bare_environment(),
    )
    assert done.stdout == "set()\n"
