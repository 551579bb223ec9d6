"""``middleground analyse FOLDER`` as a whole process, against a bare import of NumPy and SciPy.

Usage: python benchmarks/analyse_process.py [FOLDER ...]; by default the open data beside the
repository. The two are run in turn. Prints the median wall time, and, for the ratio, the least
processor time of each, which a busy machine disturbs the least.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = ("../shared/data/polis", "../../shared/data/polis")
RUNS = 5
LIMIT = 2.0  # seconds, for the largest of the seven folders
BARE = [sys.executable, "-c", "import numpy, scipy.sparse"]


def seconds(command: list[str]) -> tuple[float, float]:
    """Measure wall-clock and processor seconds of one process."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
    )
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def folders(arguments: list[str]) -> list[Path]:
    if arguments:
        return [Path(argument) for argument in arguments]
    for place in SHARED:
        if (REPOSITORY / place).is_dir():
            return sorted(path for path in (REPOSITORY / place).iterdir() if path.is_dir())
    return []


def main() -> int:
    found = folders(sys.argv[1:])
    if not found:
        print("No folder to analyse; give one.")
        return 0
    print(f"{'folder':30} {'wall s':>7} {'cpu s':>6} {'bare cpu s':>11} {'ratio':>6}")
    slowest = 0.0
    for folder in found:
        command = [sys.executable, "-m", "middleground", "analyse", str(folder)]
        runs = [(seconds(BARE), seconds(command)) for _ in range(RUNS)]
        wall = statistics.median(whole[0] for _, whole in runs)
        bare, cpu = min(bare[1] for bare, _ in runs), min(whole[1] for _, whole in runs)
        print(f"{folder.name:30} {wall:7.2f} {cpu:6.2f} {bare:11.2f} {cpu / bare:6.1f}")
        slowest = max(slowest, wall)
    print(f"slowest {slowest:.2f} s, limit {LIMIT} s")
    return 1 if slowest > LIMIT else 0


if __name__ == "__main__":
    raise SystemExit(main())
