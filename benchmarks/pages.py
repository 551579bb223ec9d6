"""Public pages through HTTP: how many a second, beside nginx with the same bytes as a file.

Starts a real server on loopback with a data folder of its own, filled with an open dialogue that
has a map with groups, a closed one with results, and two with 4,000 statements. In one run it
measures pages that are asked for the first time after a new map (serving/cold.py), and then, while
votes are written at a given rate whatever the server does: pages that visitors ask for again and
again, as a whole and by their ETag; a participant's map; the same with 10,000 idle connections, and
the memory of one; and nginx, which serves the map's bytes as a file, from one worker, to the same
generator. The votes bring new maps, so pages are made anew meanwhile.

Pages are asked for in two ways. Without a pause, each connection asks again once it is answered:
that gives the rate that can be reached, and the time of an answer is the number of connections
divided by that rate. At an offered rate, requests come as often as they do, answered or not: that
gives the time of an answer under a given load.

Prints JSON; "missed" names the aims that were not reached, and by which pages. Stops by itself.

Needs wrk and nginx: apt-get install --no-install-recommends wrk nginx-light

    python benchmarks/pages.py                  # about six minutes
    python benchmarks/pages.py --seconds 1      # about two
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvloop

from serving.apart import apart
from serving.cold import cold_in_this_process
from serving.crowd import Crowd, VoteTimes
from serving.idle import OTHER_FILES, idle_connections, raise_open_files, still_open
from serving.nginx import serving_file
from serving.requests import connect, page_request, vote_request
from serving.server import (
    free_port,
    resident_bytes,
    serving,
    stop_children_when_terminated,
)
from serving.site import make_site
from serving.wrk import Load, load, missing_tools

TOWN, DONE, LARGE, LARGE_DONE = "town", "done", "large", "large-done"
STATEMENTS = 60
MAP = f"/d/{TOWN}/map/"
PAGES = (
    "/", f"/d/{TOWN}/", MAP, f"{MAP}middle-ground/", f"/d/{TOWN}/s/1/", f"/d/{DONE}/results/",
    "/method/", f"/d/{DONE}/results/statements.csv",
)  # fmt: skip
AFTER_A_START = (f"/d/{LARGE}/map/", f"/d/{LARGE_DONE}/results/")
ACCEPTS = "Accept-Encoding: gzip, br"
IDLE = 10_000
PARTICIPANTS_AT_ONCE = 200
# Idle connections ask for a page, unless pages are so slow that the first would be closed before
# the last is open.
FAST_ENOUGH = 1_000.0
COLD_RUNS = 2
# Beyond its own length nothing takes nearly as long.
LONGEST_WAIT = 120.0
LONGEST_APART = 600.0

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """One server, its voters, and how hard pages are asked for."""

    port: int
    process: int
    crowd: Crowd
    how: Load
    votes: list[VoteTimes]

    async def measure(self, address: str, port: int | None = None, **how: Any) -> Figures:
        """Load the address, here or on another port, while votes are written."""
        chosen = replace(self.how, **how)
        async with within(chosen.seconds + LONGEST_WAIT, address):
            await self.settle()
            await self.crowd.invite(chosen.seconds)
            pages, votes = await asyncio.gather(
                load(port or self.port, address, chosen), self.crowd.vote(chosen.seconds)
            )
        self.votes.append(votes)
        found = {**pages, **votes.figures()}
        offered = f"at {chosen.rate:.0f} a second" if chosen.rate else ""
        print(address, offered, json.dumps(found), file=sys.stderr, flush=True)
        return found

    async def measure_votes(self) -> Figures:
        """Write votes while nobody asks for pages: what the machine gives today."""
        async with within(self.how.seconds + LONGEST_WAIT, "votes"):
            await self.crowd.invite(self.how.seconds)
            self.votes.append(await self.crowd.vote(self.how.seconds))
        return self.votes[-1].figures()

    async def settle(self) -> None:
        """Wait until the server has answered what an earlier measurement left behind."""
        await self.ask("/style/000000000000.css")
        await asyncio.sleep(0.3)

    async def ask(self, address: str, *headers: str) -> tuple[int, bytes, bytes]:
        async with within(LONGEST_WAIT, address):
            connection = await connect(self.port)
            try:
                return await connection.ask(page_request(address, *headers))
            finally:
                connection.writer.close()


@asynccontextmanager
async def within(seconds: float, what: str) -> AsyncIterator[None]:
    """End this program if the block takes longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise SystemExit(f"{what}: not done in {seconds:.0f} s") from None


async def measure_hot(run: Run, folder: Path, rate: float) -> Figures:
    pages, offered, not_modified = {}, {}, {}
    after_a_start = {name: await first_answer(run, name) for name in AFTER_A_START}
    votes_alone = await run.measure_votes()
    for address in PAGES:
        _, head, body = await run.ask(address, ACCEPTS)
        headers = (ACCEPTS, f"If-None-Match: {header(head, 'etag')}")
        pages[address] = {
            "bytes": len(body),
            "encoding": header(head, "content-encoding"),
            **await run.measure(address, headers=(ACCEPTS,)),
        }
        offered[address] = await run.measure(address, headers=(ACCEPTS,), rate=rate)
        status, _, _ = await run.ask(address, *headers)
        not_modified[address] = {"status": status, **await run.measure(address, headers=headers)}
    _, head, body = await run.ask(MAP, ACCEPTS)
    with serving_file(folder, head, body) as port:
        nginx = {
            "alone": await load(port, "/page", replace(run.how, headers=(ACCEPTS,))),
            "while_votes_are_written": await run.measure("/page", port, headers=(ACCEPTS,)),
            "at_the_offered_rate": await run.measure("/page", port, headers=(ACCEPTS,), rate=rate),
        }
    cookies = [cookie.decode() for cookie in run.crowd.placed[-PARTICIPANTS_AT_ONCE:]]
    return {
        "first_page_after_a_start_ms": after_a_start,
        "votes_alone": votes_alone,
        "pages": pages,
        "pages_at_the_offered_rate": offered,
        "not_modified": not_modified,
        "map_of_participants": await run.measure(MAP, headers=(ACCEPTS,), cookies=cookies),
        "nginx_with_the_map": nginx,
        "idle_connections": await measure_idle(
            run, rate, fast=pages["/"]["a_second"] > FAST_ENOUGH
        ),
    }


async def first_answer(run: Run, address: str) -> float:
    began = time.perf_counter()
    await run.ask(address, ACCEPTS)
    return round(1000 * (time.perf_counter() - began), 1)


def header(head: bytes, name: str) -> str:
    for line in head.decode("latin-1").split("\r\n"):
        key, _, value = line.partition(": ")
        if key.lower() == name:
            return value
    return ""


async def measure_idle(run: Run, rate: float, *, fast: bool) -> Figures:
    """Measure the map again beside idle connections, and the memory that one of them takes."""
    count = min(IDLE, raise_open_files() - OTHER_FILES)
    request = page_request("/", ACCEPTS) if fast else vote_request(TOWN, b"", b"none=1")
    await run.settle()
    before, began = resident_bytes(run.process), time.perf_counter()
    async with idle_connections(run.port, count, request) as connections:
        opening = time.perf_counter() - began
        held = resident_bytes(run.process) - before
        found = await run.measure(MAP, headers=(ACCEPTS,))
        offered = await run.measure(MAP, headers=(ACCEPTS,), rate=rate)
        return {
            "connections": len(connections),
            "each_asked_for": "a page" if fast else "an empty answer",
            "seconds_to_open": round(opening, 1),
            "still_open_at_the_end": still_open(connections),
            "bytes_a_connection": round(held / len(connections)),
            "server_bytes_before": before,
            "map": found,
            "map_at_the_offered_rate": offered,
        }


def stored_votes(data: str) -> int:
    with sqlite3.connect(Path(data) / "middleground.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM dialogues_vote").fetchone()[0])


def serve_and_measure(data: str, how: Load, votes: float, rate: float, folder: Path) -> Figures:
    port, before = free_port(), stored_votes(data)
    with serving(data, port) as server:
        crowd = Crowd(port, TOWN, STATEMENTS, votes)
        run = Run(port, server.pid, crowd, how, [])
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            found = loop.run(measure_hot(run, folder, rate))
    everyone = VoteTimes(
        [seconds for votes in run.votes for seconds in votes.seconds],
        sum(votes.refused for votes in run.votes),
    )
    lost = len(everyone.seconds) - (stored_votes(data) - before)
    return {**found, "all_votes": {**everyone.figures(), "votes_lost": lost}}


def compared(hot: Figures) -> Figures:
    """The rates as shares of nginx's, with the same bytes and while votes are written."""
    limit = hot["nginx_with_the_map"]["while_votes_are_written"]["a_second"]
    rates = {
        "map": hot["pages"][MAP],
        "map_not_modified": hot["not_modified"][MAP],
        "map_of_participants": hot["map_of_participants"],
        "map_beside_idle_connections": hot["idle_connections"]["map"],
    }
    return {name: round(found["a_second"] / limit, 3) for name, found in rates.items()}


def missed(cold: Figures, hot: Figures) -> dict[str, list[str]]:
    """The aims that were not reached, and by what."""
    idle, beside = hot["idle_connections"], f"{MAP} beside idle connections"
    pages = hot["pages"] | {beside: idle["map"]}
    offered = hot["pages_at_the_offered_rate"] | {beside: idle["map_at_the_offered_rate"]}
    own = {f"{MAP} of participants": hot["map_of_participants"]}
    loads = [*pages.items(), *offered.items(), *own.items()]
    at_once = cold["renderings_after_a_new_map"]
    found = {
        "5,000 a second": [name for name, of in pages.items() if of["a_second"] < 5000],
        "5,000 a second of those offered": [
            name for name, of in offered.items() if of["a_second"] < 5000
        ],
        "p99 under 50 ms at the offered rate": [
            name for name, of in offered.items() if of["p99_ms"] >= 50
        ],
        "p99 under 50 ms without a pause": [
            name for name, of in pages.items() if of["p99_ms"] >= 50
        ],
        "300 a second": [name for name, of in own.items() if of["a_second"] < 300],
        "every answer a success": [name for name, of in loads if of["failed"]],
        "votes with p99 under 150 ms": [name for name, of in loads if of["votes_p99_ms"] >= 150],
        "no vote refused": [name for name, of in loads if of["votes_refused"]],
        "one rendering after a new map": [name for name, count in at_once.items() if count > 1],
        "under 300 ms when cold": [
            name for name, of in cold["pages"].items() if of["ms"] >= 300
        ],
        "all idle connections stay open": [
            f"{idle['still_open_at_the_end']:,} of {idle['connections']:,}"
        ] * (idle["still_open_at_the_end"] < idle["connections"]),
    }  # fmt: skip
    return {aim: names for aim, names in found.items() if names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each measurement")
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--votes", type=float, default=500, help="a second")
    parser.add_argument("--offered", type=float, default=6_000, help="requests a second")
    chosen = parser.parse_args()
    if tools := missing_tools():
        raise SystemExit(
            f"{' and '.join(tools)} is missing. On Debian and Ubuntu:"
            " apt-get install --no-install-recommends wrk nginx-light"
        )
    stop_children_when_terminated()
    raise_open_files()
    os.environ |= {"MIDDLEGROUND_DATABASE_URL": "", "MIDDLEGROUND_KEYS": ""}
    started = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        small, large = {TOWN: False, DONE: True}, {LARGE: False, LARGE_DONE: True}
        apart(LONGEST_APART, make_site, data, small, large)
        cold = apart(LONGEST_APART, cold_in_this_process, data, LARGE, LARGE_DONE, COLD_RUNS)
        how = Load(chosen.connections, chosen.seconds)
        hot = serve_and_measure(data, how, chosen.votes, chosen.offered, Path(folder))
    result = {
        "cold": cold,
        **hot,
        "to_nginx": compared(hot),
        "missed": missed(cold, hot),
        "cores": os.cpu_count(),
        "load_of_the_machine_before": round(started, 1),
    }
    print(json.dumps(result, indent=2))
    if hot["all_votes"]["votes_lost"] > 0:
        raise SystemExit("acknowledged votes were lost")


if __name__ == "__main__":
    main()
