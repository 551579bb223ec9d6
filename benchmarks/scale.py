"""Time and peak memory of maps by size, in memory and in parts, and of a dense PCA.

Usage: python benchmarks/scale.py [SIZE ...], of 1m, 2m, 10m and 50m (votes; by default 1m and 2m).
Each measurement is a process of its own, so that peaks of memory are its own. The baseline is the
mean-imputed principal components of the full table, where that fits into memory; red-dwarf is
measured by the harness for quality. Participants are simulated: two camps of unequal size, one vote
in eight a pass, rows in random order except for the largest, which comes by participant as a
database gives it. In parts: files of 2 million votes, one after the other in one process; the peak
counts what the process allocates and, apart, what it holds with the pages of files that it maps.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from middleground.cluster.folder import parts_in, read_part, write_parts
from middleground.engine import Votes, analyse
from middleground.engine.analysis import analyse_parts
from middleground.engine.distributed.executor import DiskExecutor

# Participants, statements, votes; target seconds and gigabytes (None: no target).
SIZES = {
    "1m": (20_000, 500, 1_000_000, 1.5, None),
    "2m": (33_422, 783, 2_000_000, 3.0, 0.6),
    "10m": (200_000, 2_000, 10_000_000, None, None),
    "50m": (1_000_000, 2_000, 50_000_000, 10.0, 3.0),
}
LARGEST_TABLE = 50_000_000
RUNS = 3
PART_VOTES = 2_000_000

Columns = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]


def simulated(participants: int, statements: int, votes: int, seed: int = 0) -> Columns:
    """Each participant visits the statements from a random place with a random stride."""
    rng = np.random.default_rng(seed)
    each = rng.poisson(votes / participants, participants).clip(1, statements)
    person = np.repeat(np.arange(participants, dtype=np.int32), each)
    strides = np.flatnonzero(np.gcd(np.arange(statements), statements) == 1).astype(np.int32)
    step = np.arange(len(person), dtype=np.int64)
    step -= np.repeat(np.cumsum(each) - each, each)
    step *= rng.choice(strides, participants)[person]
    step += rng.integers(0, statements, participants)[person]
    statement = (step % statements).astype(np.int32)
    value = _answers(rng, participants, statements, person, statement)
    if len(person) > 20_000_000:
        return person, statement, value
    order = rng.permutation(len(person))
    return person[order], statement[order], value[order]


def _answers(
    rng: np.random.Generator,
    participants: int,
    statements: int,
    person: NDArray[np.int32],
    statement: NDArray[np.int32],
) -> NDArray[np.int8]:
    """Draw votes from the model: two camps on the first axis, one cloud on the second."""
    x = rng.standard_normal((participants, 2)).astype(np.float32)
    x[:, 0] += np.where(rng.random(participants) < 0.4, 1.6, -1.1)
    w = rng.standard_normal((statements, 2)).astype(np.float32)
    a = rng.normal(0.4, 1.0, statements).astype(np.float32)
    value = np.empty(len(person), dtype=np.int8)
    for start in range(0, len(person), 1 << 20):
        part = slice(start, start + (1 << 20))
        who, what = person[part], statement[part]
        logit = a[what] + (x[who] * w[what]).sum(axis=1)
        agrees = rng.random(len(who)) < 1.0 / (1.0 + np.exp(-logit))
        value[part] = np.where(rng.random(len(who)) < 0.125, 0, np.where(agrees, 1, -1))
    return value


def dense_pca(columns: Columns, participants: int, statements: int) -> None:
    """Return two axes of the full table, with gaps filled by the statement's mean."""
    table = np.full((participants, statements), np.nan)
    table[columns[0], columns[1]] = columns[2]
    table = np.where(np.isnan(table), np.nanmean(table, axis=0), table)
    table -= table.mean(axis=0)
    _, axes = np.linalg.eigh(table.T @ table)
    table @ axes[:, -2:]


def in_parts(folder: Path) -> float:
    """Measure the seconds of a map of a folder of parts."""
    begin = time.perf_counter()
    with TemporaryDirectory(dir=folder) as scratch:
        analyse_parts(parts_in(folder), read_part, DiskExecutor(Path(scratch)))
    return time.perf_counter() - begin


class Watch(threading.Thread):
    """Return the peak memory of this process, sampled every few milliseconds (Linux)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self.start()

    def run(self) -> None:
        while True:
            lines = Path("/proc/self/status").read_text().splitlines()
            held = next(line for line in lines if line.startswith("RssAnon"))
            self.peak = max(self.peak, int(held.split()[1]) / 1e6)
            time.sleep(0.005)


def measured(task: str, size: str, folder: str = "") -> dict[str, float]:
    """Measure, in this process, the task's seconds and the process's peak gigabytes."""
    participants, statements, votes, _, _ = SIZES[size]
    watch = Watch()
    if task == "parts":
        seconds = in_parts(Path(folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        return {"seconds": seconds, "gigabytes": peak, "allocated": watch.peak}
    columns = simulated(participants, statements, votes)
    figures: dict[str, float] = {"votes": len(columns[2])}
    if task == "split":
        write_parts([Votes(*columns)], Path(folder), -(-len(columns[2]) // PART_VOTES))
    else:
        begin = time.perf_counter()
        if task == "map":
            analyse(Votes(*columns))
        else:
            dense_pca(columns, participants, statements)
        figures["seconds"] = time.perf_counter() - begin
    figures["allocated"] = watch.peak
    figures["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return figures


def apart(task: str, size: str, folder: str = "") -> dict[str, float]:
    """Run ``measured`` in a separate process."""
    command = [sys.executable, __file__, "--measure", task, size, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def report(size: str) -> bool:
    """Print the lines of one size; return whether all targets were reached."""
    participants, statements, _, seconds, gigabytes = SIZES[size]
    runs = [apart("map", size) for _ in range(1 if size == "50m" else RUNS)]
    took, peak = statistics.median(r["seconds"] for r in runs), max(r["gigabytes"] for r in runs)
    good = (seconds is None or took <= seconds) and (gigabytes is None or peak <= gigabytes)
    line = f"{size:4} map     {took:7.2f} s {peak:6.2f} GB"
    if participants * statements <= LARGEST_TABLE:
        base = [apart("pca", size) for _ in range(RUNS)]
        dense = statistics.median(r["seconds"] for r in base)
        line += f"   dense PCA {dense:6.2f} s {base[0]['gigabytes']:5.2f} GB, {took / dense:.2f} x"
    print(f"{line}   {'' if good else 'MISSED'}", flush=True)
    with TemporaryDirectory() as place:
        folder = str(Path(place) / "parts")
        apart("split", size, folder)
        parts = apart("parts", size, folder)
        least = max(r["allocated"] for r in runs)
        print(
            f"{size:4} parts   {parts['seconds']:7.2f} s {parts['gigabytes']:6.2f} GB"
            f"   allocated {parts['allocated']:.2f} GB, the map {least:.2f}",
            flush=True,
        )
    return good


def main() -> int:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(*sys.argv[2:5])))
        return 0
    sizes = sys.argv[1:] or ["1m", "2m"]
    missed = [size for size in sizes if not report(size)]
    print(f"missed: {', '.join(missed) or 'none'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
