"""Time from votes in the database to a published map, by step, for several numbers of votes.

Usage: python benchmarks/live_map.py [SIZE ...], of 10k, 100k, 1m and 4m votes (else the first two).
An installation of its own on SQLite with simulated votes, written as the server stores them. Each
size is a process of its own. Reading is `load_votes` and its fingerprints, the map is what the
child process takes (with handing votes over), publishing is the whole of `refresh_map`; the page
is asked for once before it is measured.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from serving.site import Size, store_dialogue

SIZES = {
    "10k": Size(400, 60, 10_000),
    "100k": Size(2_500, 150, 100_000),
    "1m": Size(20_000, 500, 1_000_000),
    "4m": Size(80_000, 500, 4_000_000),
}
RUNS = 3


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = work()
    return time.perf_counter() - begin, found


def measured(size: str) -> dict[str, float]:
    """Measure the seconds of each step in this process."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    key = store_dialogue("large", "How long does a map take?", SIZES[size])
    found = published(key)
    found["page"] = page("/d/large/map/")
    return found


def published(key: int) -> dict[str, float]:
    """Measure the seconds of publishing the dialogue's map and of each of its steps."""
    from middleground.dialogues.maps import publish, worker
    from middleground.dialogues.maps.load_votes import (
        fingerprints,
        load_votes,
        tiers_by_participant,
    )
    from middleground.engine import Options

    worker.start()
    worker._current_pool().submit(os.getpid).result()
    whole, stored = timed(lambda: publish.refresh_map(key))
    assert stored is not None
    assert stored.facts.status == "groups"
    reading, votes = timed(lambda: load_votes(key))
    prints, _ = timed(lambda: fingerprints(votes))
    admitted = tiers_by_participant(key)
    options = Options(min_group=10)
    made = [
        timed(lambda: worker.compute(votes, options, 0, stored.facts, admitted))[0]
        for _ in range(RUNS)
    ]
    worker.close()
    return {
        "reading": reading + prints,
        "map": statistics.median(made),
        "published": whole,
    }


def page(address: str) -> float:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.get(address)
    seconds, answer = timed(lambda: client.get(address))
    assert answer.status_code == 200, answer.status_code
    return seconds


def main() -> int:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(sys.argv[2])))
        return 0
    for size in sys.argv[1:] or ["10k", "100k"]:
        with tempfile.TemporaryDirectory() as data:
            environment = os.environ | {
                "MIDDLEGROUND_DATA": data,
                "DJANGO_SETTINGS_MODULE": "middleground.config.settings",
            }
            done = subprocess.run(
                [sys.executable, __file__, "--measure", size],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
        found = json.loads(done.stdout.splitlines()[-1])
        told = ", ".join(f"{name} {seconds:.3f} s" for name, seconds in found.items())
        print(f"{size:5} {told}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
