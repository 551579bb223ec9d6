"""red-dwarf 0.4 in a separate environment, which the product does not use.

The environment is made in the ignored folder ``.bench`` from ``benchmarks/red-dwarf.lock``, which
pins every package by hash. Votes go there and results come back as files. Where it cannot be
installed the reason is printed once, and every row says "not run".
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from middleground.engine import Votes
from quality.data import ROOT

HOME = ROOT / ".bench"
LOCK = ROOT / "benchmarks" / "red-dwarf.lock"
SCRIPT = Path(__file__).parent / "baseline.py"


@cache
def python() -> Path | None:
    """Return the environment's interpreter; it is installed on first use and after a new lock."""
    folder = HOME / "red-dwarf"
    found, stamp = folder / "bin" / "python", folder / "lock"
    if stamp.is_file() and stamp.read_bytes() == LOCK.read_bytes():
        return found
    print("Installing red-dwarf 0.4 into .bench …", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run(
        [found, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"red-dwarf could not be installed, so it is not compared:\n{done.stderr.strip()}")
        return None
    stamp.write_bytes(LOCK.read_bytes())
    return found


def run(votes: Votes, seed: int = 0, limit: float = 600.0) -> dict[str, Any] | str:
    """Return its result, time and peak memory, or a sentence that says why there is none."""
    interpreter = python()
    if interpreter is None:
        return "not installed"
    with tempfile.TemporaryDirectory() as folder:
        given, told = Path(folder) / "votes.npz", Path(folder) / "result.json"
        np.savez(given, p=votes.participant, s=votes.statement, v=votes.value)
        try:
            done = subprocess.run(
                [interpreter, SCRIPT, given, told, str(seed)],
                capture_output=True,
                text=True,
                check=False,
                timeout=limit,
            )
        except subprocess.TimeoutExpired:
            return f"over {limit:.0f} s"
        if done.returncode:
            return f"failed: {done.stderr.strip().splitlines()[-1]}"
        result: dict[str, Any] = json.loads(told.read_text("utf-8"))
        return result
