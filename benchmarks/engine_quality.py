"""How good, how honest and how fast the opinion map is, beside Polis's, on real conversations.

    python benchmarks/engine_quality.py             # everything, a quarter of an hour
    python benchmarks/engine_quality.py predict     # one part

Reads ../shared/data/polis and says so where it is absent. red-dwarf gets an environment
of its own at the first use. What was measured is kept in .bench/engine.json, from which the part
``table`` prints section 6 of the engine's aims and ``plots`` draws docs/images.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from quality.data import ROOT
from quality.measured import (
    hidden_votes,
    new_people,
    routing,
    rules,
    same_as_polis,
    simulated_groups,
    speed,
    two_halves,
)
from quality.report import plots, table

KEPT = ROOT / ".bench" / "engine.json"

PARTS: dict[str, tuple[str, Callable[[], Any], Callable[[Any], None]]] = {
    "parity": ("Parity mode and red-dwarf", same_as_polis.measure, same_as_polis.show),
    "predict": ("Hidden votes", hidden_votes.measure, hidden_votes.show),
    "rules": ("Rules for the reconstruction", rules.measure, rules.show),
    "findings": ("Findings on new people", new_people.measure, new_people.show),
    "halves": ("Two halves of the votes", two_halves.measure, two_halves.show),
    "groups": ("Groups of simulated people", simulated_groups.measure, simulated_groups.show),
    "routing": ("Routing", routing.measure, routing.show),
    "speed": ("Whole maps", speed.measure, speed.show),
    "red-dwarf": ("Whole maps by red-dwarf", speed.measure_red_dwarf, speed.show_red_dwarf),
}


def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    return found


def keep(name: str, found: Any) -> None:
    """Describe the machine, which is stored with commit and day so that a figure can be traced."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=7"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    ).stdout.strip()
    day = datetime.now(UTC).date().isoformat()
    KEPT.parent.mkdir(exist_ok=True)
    everything = kept() | {name: {"commit": commit, "day": day, "found": found}}
    KEPT.write_text(json.dumps(everything, indent=1), encoding="utf-8")


def main(names: list[str]) -> None:
    for name in names or [*PARTS, "table", "plots"]:
        if name == "table":
            table.show(kept())
        elif name == "plots":
            plots.draw(kept())
        else:
            title, measure, show = PARTS[name]
            keep(name, measure())
            entry = kept()[name]
            print(f"\n## {title} (commit {entry['commit']}, {entry['day']})")
            show(entry["found"])


if __name__ == "__main__":
    main(sys.argv[1:])
