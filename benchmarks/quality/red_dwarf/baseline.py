"""Run by red-dwarf's own Python: python baseline.py VOTES.npz RESULT.json SEED

Only its time inside ``run_pipeline`` is counted; making its list of dicts is not.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from reddwarf.implementations.base import run_pipeline

warnings.simplefilter("ignore")


def main(given: str, told: str, seed: str) -> None:
    file = np.load(given)
    columns = (file[name].tolist() for name in ("p", "s", "v"))
    votes = [
        {"participant_id": p, "statement_id": s, "vote": v}
        for p, s, v in zip(*columns, strict=True)
    ]
    start = time.perf_counter()
    found = run_pipeline(votes=votes, random_state=int(seed))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    groups = found.participants_df["cluster_id"].dropna()
    stats = found.group_comment_stats
    result = {
        "seconds": seconds,
        "peak_mb": peak,
        "statements": [int(s) for s in found.statements_df.index],
        "mean": found.reducer.mean_.tolist(),
        "axes": found.reducer.components_.tolist(),
        "people": [int(p) for p in found.participant_projections],
        "points": [list(map(float, xy)) for xy in found.participant_projections.values()],
        "members": [int(p) for p in groups.index],
        "group": [int(g) for g in groups],
        "consensus": [found.group_aware_consensus["agree"][s] for s in found.statements_df.index],
        "share": [
            stats.xs(g, level="group_id")["pa"].astype(float).tolist() for g in sorted(set(groups))
        ],
        "repness": {
            int(g): [[int(r["tid"]), r["repful-for"]] for r in rows]
            for g, rows in found.repness.items()
        },
    }
    Path(told).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
