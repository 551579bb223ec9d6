"""The open conversations, and simulated votes of any size."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from middleground.engine import Votes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "polis"
SEEDS = 3


def folders() -> list[Path]:
    # A worktree lies a folder deeper than a clone.
    data = DATA if DATA.is_dir() else ROOT.parents[1] / "shared" / "data" / "polis"
    if not data.is_dir():
        sys.exit(f"The open data is not at {DATA.parent.name}/{DATA.name}; nothing was measured.")
    return sorted(path for path in data.iterdir() if path.is_dir())


def conversations() -> Iterator[tuple[str, Votes]]:
    for folder in folders():
        yield folder.name, read(folder)


def read(folder: Path) -> Votes:
    """Load the last votes on statements that were not rejected."""
    with (folder / "comments.csv").open(newline="", encoding="utf-8") as file:
        rejected = {r["comment-id"] for r in csv.DictReader(file) if r["moderated"] == "-1"}
    last = {}
    with (folder / "votes.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["comment-id"] not in rejected:
                last[int(row["voter-id"]), int(row["comment-id"])] = int(row["vote"])
    table = np.array([(p, s, v) for (p, s), v in last.items()], dtype=np.int64)
    return Votes(table[:, 0], table[:, 1], table[:, 2])


def part(votes: Votes, rows: Bools) -> Votes:
    return Votes(votes.participant[rows], votes.statement[rows], votes.value[rows])


def made(participants: int, statements: int, count: int) -> Votes:
    """Simulate two soft camps: ``count`` votes on different pairs, a tenth of them passes."""
    rng = np.random.default_rng(0)
    pairs = rng.choice(participants * statements, count, replace=False)
    participant, statement = np.divmod(pairs, statements)
    position = rng.normal(np.where(np.arange(participants) % 5 < 3, 1, -1), 0.5)
    logit = rng.normal(0.5, 1, statements)[statement]
    logit += position[participant] * rng.normal(0, 1, statements)[statement]
    value = np.where(rng.random(count) < expit(logit), 1, -1)
    value[rng.random(count) < 0.1] = 0
    return Votes(participant, statement, value)
