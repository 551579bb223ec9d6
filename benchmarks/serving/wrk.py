"""Loads an address with ``wrk`` and reads its figures."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# wrk counts every status up to 399 as success; "bytes" include the heads.
REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"answers": %d, "microseconds": %d, "bytes": %d, "p50": %d, "p99": %d, "failed": %d}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50),
    latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""
# The next connection that is free gets the next of the moments, which lie evenly. So the rate is
# kept while there are free connections, and these do not ask in step. wrk waits whole milliseconds,
# and takes the time of an answer from when its request is sent, after the wait.
AT_A_RATE = """
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long us; } moment; int gettimeofday(moment *, void *);")
local clock, due = ffi.new("moment"), nil
delay = function()
  ffi.C.gettimeofday(clock, nil)
  local now = tonumber(clock.s) * 1000 + tonumber(clock.us) / 1000
  due = (due or now) + 1000 / %f
  return math.max(0, math.floor(due - now + math.random()))
end
"""
COOKIES_IN_TURN = """
local turn, requests = 0, {}
init = function(args)
  for _, cookie in ipairs({%s}) do
    wrk.headers["Cookie"] = cookie
    requests[#requests + 1] = wrk.format()
  end
end
request = function()
  turn = turn %% #requests + 1
  return requests[turn]
end
"""


def missing_tools() -> list[str]:
    return [tool for tool in ("wrk", "nginx") if found(tool) is None]


def found(tool: str) -> str | None:
    """The tool's path; systems keep nginx where only administrators look by default."""
    return shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True, slots=True)
class Load:
    """How to ask: connections kept alive, seconds, headers, and cookies that take turns.

    ``rate``: requests a second; 0: each connection asks again as soon as it is answered.
    """

    connections: int
    seconds: float
    headers: Sequence[str] = ()
    cookies: Sequence[str] = ()
    rate: float = 0.0


async def load(port: int, address: str, how: Load) -> dict[str, float]:
    """Ask for the address over and over; return rate, times and bytes of an answer."""
    script = REPORT
    if how.cookies:
        script += COOKIES_IN_TURN % ", ".join(json.dumps(cookie) for cookie in how.cookies)
    if how.rate:
        script += AT_A_RATE % how.rate
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.lua"
        file.write_text(script)
        output = await _run(port, address, how, file)
    return _figures(json.loads(output.splitlines()[-1]))


async def _run(port: int, address: str, how: Load, script: Path) -> str:
    command = [
        found("wrk") or "wrk", "-t1", f"-c{how.connections}", f"-d{max(1, round(how.seconds))}s",
        "--timeout", "60s", "-s", str(script),
    ]  # fmt: skip
    for header in how.headers:
        command += ["-H", header]
    command.append(f"http://127.0.0.1:{port}{address}")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise SystemExit(f"wrk ended with {process.returncode} on {address}")
    return output.decode()


def _figures(told: dict[str, int]) -> dict[str, float]:
    answers = told["answers"]
    return {
        "a_second": round(answers / (told["microseconds"] / 1e6), 1),
        "p50_ms": round(told["p50"] / 1000, 1),
        "p99_ms": round(told["p99"] / 1000, 1),
        "bytes_with_head": round(told["bytes"] / answers) if answers else 0,
        "failed": told["failed"],
    }
