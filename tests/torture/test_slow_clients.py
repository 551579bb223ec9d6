"""Hundreds of connections that are slow in one way each: pages and votes are answered.

The server may open fewer files than there are connections. The control is the server without what
stands against them. MIDDLEGROUND_TORTURE_SLOW: connections each way.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from support.serving.servers import fill
from torture.tools.progress import figures, tell
from torture.tools.slow_clients import WAYS, open_files, slow, start, status, vote

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

SLOW = int(os.environ.get("MIDDLEGROUND_TORTURE_SLOW", "500"))
PATIENCE = 1.0  # seconds
GENEROUS = 60.0
SOME = 20  # files, as connections to the database
STOPPED = 1.5  # a page that takes longer is taken for one that does not come
KEPT, OF_DJANGO = "/method/", "/accounts/login/"
Running = tuple[Popen[bytes], int]


@contextmanager
def running(data: Path, defenceless: bool = False) -> Iterator[Running]:
    fill(data)
    process, port = start(data, PATIENCE, defenceless)
    try:
        end = time.monotonic() + GENEROUS
        while True:
            try:
                assert status(port, KEPT) == 200
                break
            except OSError:
                assert process.poll() is None, (data / "output").read_text()
                assert time.monotonic() < end
                time.sleep(0.1)
        yield process, port
    finally:
        process.kill()
        process.wait()


def seconds_until_answered(port: int) -> float:
    """As a person would: whoever is turned away, since all places are taken, tries again."""
    began = time.monotonic()
    for ask in (
        lambda: status(port, KEPT),
        lambda: status(port, OF_DJANGO),
        lambda: asyncio.run(vote(port)),
    ):
        while True:
            try:
                assert ask() == 200
                break
            except (ConnectionError, EOFError):
                assert time.monotonic() - began < GENEROUS
                time.sleep(0.1)
    return time.monotonic() - began


def test_pages_and_votes_are_answered_and_who_is_slow_is_let_go(tmp_path: Path) -> None:
    """One server for all ways, since its start takes longest. The slow ones stay connected."""
    with running(tmp_path) as (process, port), ExitStack() as opened:
        before = open_files(process)
        for way, sent in WAYS.items():
            opened.enter_context(slow(port, sent, SLOW))
            took = seconds_until_answered(port)
            figures(f"{SLOW:,} connections, {way}", seconds_for_two_pages_and_a_vote=f"{took:.2f}")
        end = time.monotonic() + GENEROUS
        while open_files(process) > before + SOME and time.monotonic() < end:
            time.sleep(0.2)
        assert open_files(process) <= before + SOME


def test_control_without_the_defence_pages_stop(tmp_path: Path) -> None:
    with running(tmp_path, defenceless=True) as (_, port):
        for way in ("half a form", "never reading", "half a head"):
            with slow(port, WAYS[way], SLOW):
                end = time.monotonic() + GENEROUS  # the server may take them late
                with pytest.raises(OSError):  # noqa: PT011, PT012 -- no answer
                    while time.monotonic() < end:
                        status(port, OF_DJANGO, STOPPED)
                        time.sleep(0.2)
            tell(f"control, {way}: pages stopped")
