"""Votes with 1, 2 and 4 server processes on one PostgreSQL, and with processes killed under load.

Starts a PostgreSQL of its own and ``serve --workers N`` on loopback. Participants vote as in
``votes.py``. Each round measures all numbers of processes, in an order that begins elsewhere, and
compares them with one process of the same round. Then the elected process is killed again and again
while people vote: how long until another is elected, and whether an acknowledged vote is lost.

PostgreSQL, the load generator and all server processes share the machine's cores: with two cores
the figures say what several processes cost there, not what they give on more.

    python benchmarks/processes.py --seconds 20 --rounds 3 --kills 10
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from on_postgres import postgres
from serving.server import free_port, listening, processor_seconds, stop_children_when_terminated
from support.serving.processes import ask, elected, send, server_processes, wait_until
from torture.tools.voting_load import Noted, load_again
from votes import Tally, make_dialogue, take_part

NUMBERS = (1, 2, 4)


@contextmanager
def serving(processes: int) -> Iterator[tuple[int, int]]:
    """Serve with so many processes; yields the port and the parent process."""
    port = free_port()
    command = [sys.executable, "-m", "middleground", "serve", "--port", str(port)]
    with listening([*command, "--workers", str(processes)], port) as parent:
        yield port, parent.pid


def servers_of(parent: int, processes: int) -> list[int]:
    return [parent] if processes == 1 else server_processes(parent)


async def vote(port: int, slug: str, seconds: float, connections: int) -> tuple[Tally, float]:
    tally, began = Tally(), time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(take_part(port, slug, until, tally) for _ in range(connections)))
    return tally, time.perf_counter() - began


def measure(
    database: str, slug: str, processes: int, seconds: float, connections: int
) -> dict[str, float]:
    before = stored_votes(database)
    with serving(processes) as (port, parent):
        wait_until(lambda: elected(database), "nobody is elected")
        wait_until(lambda: len(servers_of(parent, processes)) == processes, "they do not start")
        asyncio.run(vote(port, slug, 2.0, connections))  # every process has its pools and plans
        warmed = stored_votes(database)
        used = sum(map(processor_seconds, servers_of(parent, processes)))
        tally, took = asyncio.run(vote(port, slug, seconds, connections))
        used = sum(map(processor_seconds, servers_of(parent, processes))) - used
    times = sorted(tally.seconds)
    return {
        "votes_per_second": round(len(times) / took),
        "server_microseconds_per_vote": round(1e6 * used / len(times)),
        "p50_ms": round(1000 * times[len(times) // 2], 1),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1),
        "refused": tally.refused,
        "lost": len(times) - (stored_votes(database) - warmed),
        "stored_before": before,
    }


def stored_votes(database: str) -> int:
    return int(ask(database, "SELECT count(*) FROM dialogues_vote")[0][0])


def compare(
    database: str, slug: str, seconds: float, rounds: int, connections: int
) -> dict[str, dict[str, float]]:
    found: dict[int, list[dict[str, float]]] = {number: [] for number in NUMBERS}
    for round_ in range(rounds):
        first = round_ % len(NUMBERS)
        for number in NUMBERS[first:] + NUMBERS[:first]:
            found[number].append(measure(database, slug, number, seconds, connections))
            print(f"· round {round_ + 1}, {number}: {found[number][-1]}", file=sys.stderr)
    rates = {n: [run["votes_per_second"] for run in runs] for n, runs in found.items()}
    ratios = {
        n: [mine / one for mine, one in zip(rates[n], rates[1], strict=True)] for n in NUMBERS
    }
    return {
        f"{n} processes": {
            key: statistics.median(run[key] for run in found[n])
            for key in ("votes_per_second", "server_microseconds_per_vote", "p50_ms", "p99_ms")
        }
        | {
            "to_one_process": round(statistics.median(ratios[n]), 2),
            "lost": sum(run["lost"] for run in found[n]),
            "refused": sum(run["refused"] for run in found[n]),
        }
        for n in NUMBERS
    }


def kill_one_by_one(database: str, slug: str, processes: int, kills: int) -> dict[str, float]:
    """Kill the elected process again and again while people vote."""
    noted, took = Noted(), list[float]()
    with serving(processes) as (port, parent):
        wait_until(lambda: len(server_processes(parent)) == processes, "they do not start")

        async def run() -> None:
            stop = asyncio.Event()
            voting = asyncio.create_task(load_again(port, slug, noted, stop))
            for _ in range(kills):
                await asyncio.sleep(2)
                took.append(await asyncio.to_thread(kill_elected, database))
                await asyncio.to_thread(
                    wait_until, lambda: len(server_processes(parent)) == processes, "not replaced"
                )
            stop.set()
            await voting

        asyncio.run(run())
    return {
        "kills": kills,
        "acknowledged": len(noted.acknowledged),
        "lost": len(acknowledged(noted, slug) - stored(database, slug)),
        "takeover_seconds_median": round(statistics.median(took), 2),
        "takeover_seconds_longest": round(max(took), 2),
    }


def kill_elected(database: str) -> float:
    """Kill the elected process; return the seconds until another is elected."""
    wait_until(lambda: elected(database), "nobody is elected")
    before = elected(database)
    assert before
    send(before, signal.SIGKILL)
    return wait_until(lambda: elected(database) not in (None, before), "nobody follows")


def acknowledged(noted: Noted, slug: str) -> set[tuple[int, int, int]]:
    from middleground.dialogues.models import Dialogue
    from torture.kill.test_kill import rows

    return rows(noted.acknowledged, Dialogue.objects.get(slug=slug).pk)


def stored(database: str, slug: str) -> set[tuple[int, ...]]:
    assert re.fullmatch("[a-z]+", slug)
    return set(
        ask(
            database,
            "SELECT v.participant_id, s.number, v.value FROM dialogues_vote v"
            " JOIN dialogues_statement s ON s.id = v.statement_id",
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--statements", type=int, default=50)
    chosen = parser.parse_args()
    stop_children_when_terminated()
    with tempfile.TemporaryDirectory() as data, postgres() as database:
        os.environ["MIDDLEGROUND_DATABASE_URL"] = database
        slug = make_dialogue(data, chosen.statements)
        votes = compare(database, slug, chosen.seconds, chosen.rounds, chosen.connections)
        killed = kill_one_by_one(database, slug, 4, chosen.kills)
    result = {"votes": votes, "killed": killed, "cores": os.cpu_count()}
    print(json.dumps(result, indent=2))
    if any(found["lost"] > 0 for found in (*votes.values(), killed)):
        raise SystemExit("acknowledged votes were lost")


if __name__ == "__main__":
    main()
