"""Runs a function in a process of its own, because no server starts on a database that is written.

The process never outlives its time: a server or a map that does not end holds nothing up.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

STOP_SECONDS = 30.0


def apart(seconds: float, work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what the work returns. Ends this program if that takes longer, or fails."""
    context = get_context("spawn")
    found, tell = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(tell, work, arguments))
    process.start()
    tell.close()
    try:
        if not found.poll(seconds):
            raise SystemExit(f"{work.__name__} took longer than {seconds:.0f} s")
        return found.recv()
    except EOFError:
        raise SystemExit(f"{work.__name__} failed") from None
    finally:
        process.join(STOP_SECONDS)
        process.kill()  # the process that computes maps ends with it
        process.join()


def _work(tell: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    tell.send(work(*arguments))
