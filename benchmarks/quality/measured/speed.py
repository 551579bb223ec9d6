"""Time and peak memory of whole maps of several sizes, each in a separate process.

python -m quality.measured.speed ours 20000 500 1000000      (from the folder benchmarks)
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from middleground.engine import Options, analyse
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.polis_method.pca import principal_plane
from quality import red_dwarf
from quality.baselines import dense, dense_axes
from quality.data import ROOT, made

# Participants, statements, votes. The last is the largest shape that Polis has on record.
SHAPES = (
    (500, 60, 6_000),
    (2_000, 120, 48_000),
    (6_000, 250, 200_000),
    (20_000, 500, 1_000_000),
    (33_422, 783, 2_000_000),
)
LIMIT = 400.0


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Wall-clock seconds and processor seconds; the latter matter on a busy machine."""
    start, spent = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - spent


def one(what: str, participants: int, statements: int, count: int) -> dict[str, float]:
    """Measure, in the child process, seconds (best of three) and peak memory with the votes."""
    votes = made(participants, statements, count)
    actions: dict[str, Callable[[], object]] = {
        "ours": lambda: analyse(votes),
        "parity": lambda: analyse(votes, Options(parity=True)),
        "votes alone": lambda: None,
    }
    if what == "parity PCA":
        table = tabulate(votes)
        actions[what] = lambda: principal_plane(table)
    if what == "dense PCA":
        full = dense(votes)
        actions[what] = lambda: dense_axes(full)
    runs = [timed(actions[what]) for _ in range(3)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, spent = (min(column) for column in zip(*runs, strict=True))
    return {"first": runs[0][0], "seconds": seconds, "processor": spent, "peak_mb": peak}


def child(what: str, shape: tuple[int, int, int]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "quality.measured.speed", what, *map(str, shape)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(shapes: Sequence[tuple[int, int, int]] = SHAPES) -> list[dict[str, Any]]:
    rows = []
    for shape in shapes:
        row: dict[str, Any] = {"shape": shape}
        for what in ("ours", "parity", "parity PCA", "votes alone"):
            row[what] = child(what, shape)
        if shape[2] <= 1_000_000:
            row["dense PCA"] = child("dense PCA", shape)
        rows.append(row)
        print(shape, "done", flush=True)
    return rows


def measure_red_dwarf() -> list[dict[str, Any]]:
    """Measure the large shapes separately, because they take minutes."""
    rows = []
    for shape in SHAPES:
        found = red_dwarf.run(made(*shape), 0, LIMIT)
        told = found if isinstance(found, str) else {k: found[k] for k in ("seconds", "peak_mb")}
        rows.append({"shape": shape, "red-dwarf": told})
        print(shape, told, flush=True)
    return rows


def show(found: list[dict[str, Any]]) -> None:
    heads = ("ours", "processor", "first run", "memory", "parity", "parity PCA", "dense PCA")
    print("\n| people x statements, votes | " + " | ".join(heads) + " |")
    print("|---" * (1 + len(heads)) + "|")
    for row in found:
        participants, statements, count = row["shape"]
        ours, dense_pca = row["ours"], row.get("dense PCA")
        cells = [
            f"{ours['seconds']:.2f} s",
            f"{ours['processor']:.2f} s",
            f"{ours['first']:.2f} s",
            f"{ours['peak_mb']:,.0f} MB",
            f"{row['parity']['seconds']:.2f} s",
            f"{row['parity PCA']['seconds']:.3f} s",
            f"{dense_pca['seconds']:.2f} s" if dense_pca else "–",
        ]
        print(f"| {participants:,} x {statements}, {count:,} | " + " | ".join(cells) + " |")


def show_red_dwarf(found: list[dict[str, Any]]) -> None:
    print("\n| people x statements, votes | red-dwarf | memory |\n|---|---|---|")
    for row in found:
        (participants, statements, count), told = row["shape"], row["red-dwarf"]
        cells = (
            (told, "–")
            if isinstance(told, str)
            else (f"{told['seconds']:.2f} s", f"{told['peak_mb']:,.0f} MB")
        )
        print(f"| {participants:,} x {statements}, {count:,} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], *map(int, sys.argv[2:]))))
