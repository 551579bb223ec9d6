"""The jobs of a server process: its own, and those of the elected process while it is elected."""

from __future__ import annotations

import os
import signal
import threading
import time
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess

from middleground.config.background import (
    Background,
    all_jobs,
    jobs_of_each_process,
    jobs_of_the_elected,
)
from middleground.core.processes.election import Election, Term
from middleground.core.processes.own_connection import on_postgresql

FIRST_TRY_SECONDS = 10.0
FIRST_JOBS_SECONDS = 60.0
LONGEST_STOP_SECONDS = 30.0


class SingleProcess:
    """On SQLite one process does everything, and nobody has to be elected."""

    def __init__(self) -> None:
        self._background = Background(all_jobs())

    def start(self) -> None:
        self._background.run_at_start_and_stop()
        self._background.start()

    def stop_threads(self) -> None:
        self._background.stop()

    def stop(self) -> None:
        self._background.run_at_start_and_stop()


class OneOfSeveral:
    """On PostgreSQL each process runs the jobs about its own memory, the elected one all others."""

    def __init__(self) -> None:
        self._own = Background(jobs_of_each_process())
        self._election = Election(self._begin, self._end)
        self._elected: tuple[Term, Background] | None = None
        self._first_jobs: threading.Thread | None = None

    def start(self) -> None:
        self._own.run_at_start_and_stop()
        self._own.start()
        self._election.start()
        self._election.wait_for_first_try(FIRST_TRY_SECONDS)
        if self._first_jobs is not None:  # elected: what was due is done before the first request
            self._first_jobs.join(FIRST_JOBS_SECONDS)

    def stop_threads(self) -> None:
        self._own.stop()
        if self._elected is None:
            self._election.stop()
        else:
            self._elected[1].stop()

    def stop(self) -> None:
        self._own.run_at_start_and_stop()
        elected = self._elected
        if elected is not None and elected[0].holds():
            elected[1].run_at_start_and_stop()
        self._election.stop()

    def _begin(self, term: Term) -> None:
        """Called by the election's thread, which must go on to give signs of life."""
        background = Background(jobs_of_the_elected(), term)
        self._elected = term, background
        self._first_jobs = threading.Thread(
            target=self._run_first_jobs, args=(term, background), name="first jobs", daemon=True
        )
        self._first_jobs.start()

    def _run_first_jobs(self, term: Term, background: Background) -> None:
        background.run_at_start_and_stop()
        if term.holds():
            background.start()

    def _end(self, _: Term) -> None:
        elected, self._elected = self._elected, None
        if elected is not None:
            elected[1].stop_soon()


def jobs_of_this_process() -> SingleProcess | OneOfSeveral:
    return OneOfSeveral() if on_postgresql() else SingleProcess()


def end_with_parent() -> None:
    """If this is one of several server processes, end when the process that started them ends.

    After ``kill -9`` of that process nobody else would end this one.
    """
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)  # votes that were handed in are stored first
    time.sleep(LONGEST_STOP_SECONDS)
    os._exit(1)
