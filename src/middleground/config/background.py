"""Runs the jobs of all apps (``core/jobs.py``) in threads of the server process.

On SQLite only this process writes. Of several processes on PostgreSQL, one is elected for the jobs
that only one may do (``config/election.py``). Maps are computed in a child process that never
opens the database (see ``dialogues.maps.worker``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import timedelta
from time import monotonic

from django.db import connections
from django.utils.translation import gettext_lazy as _

from middleground.config.sqlite_wal import (
    disable_autocheckpoint,
    empty_write_ahead_log,
    shorten_write_ahead_log,
)
from middleground.core.jobs import Job, find_jobs
from middleground.core.jobs.troubles import note_what_is_stuck, noted
from middleground.core.processes.election import (
    NotElected,
    Term,
    acting_as_elected,
    require_elected,
)
from middleground.core.processes.own_connection import on_postgresql

logger = logging.getLogger(__name__)

REST_SECONDS = 5.0  # minimum pause after a failure, such as a full disk
STOP_SECONDS = 10.0

# Run after the jobs of the apps, because the write-ahead log still holds the data they delete.
WRITE_AHEAD_LOG_JOBS = (
    Job(
        "empty the write-ahead log",
        20.0,
        empty_write_ahead_log,
        at_start_and_stop=True,
        missing=_("Deleted data stays in the database’s log of the last seconds."),
    ),
    Job(
        "shorten the write-ahead log",
        1.0,
        shorten_write_ahead_log,
        own_thread=True,
        missing=_("The database gets slower."),
    ),
)
WATCH = Job(
    "look after the other jobs",
    20.0,
    note_what_is_stuck,
    own_thread=True,
    in_every_process=True,
    missing=_("A hanging job is not reported."),
)
# One process may fail at what another does well (``core/jobs/troubles.py``).
QUIET_SECONDS = 60


class Background:
    """The threads that run jobs. A failed job is logged and retried, and stops no other job.

    ``term``: the time for which this process is elected to run them; None if nobody else could.
    """

    def __init__(self, jobs: Iterable[Job], term: Term | None = None) -> None:
        self._jobs = tuple(jobs)
        self._term = term
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads, once; after ``stop_soon`` they end at once."""
        disable_autocheckpoint()
        shared = [job for job in self._jobs if not job.own_thread]
        self._start_thread("jobs", shared)
        for job in self._jobs:
            if job.own_thread:
                self._start_thread(job.name, [job])

    def stop_soon(self) -> None:
        """Let no further job begin, without waiting for those that run."""
        self._stop.set()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)
        self._threads.clear()

    def run_at_start_and_stop(self) -> None:
        """Run the jobs that were due while the server was off, or become due while it will be.

        If a job fails, for example on a full disk, the server starts anyway and retries it later.
        """
        for job in self._jobs:
            if job.at_start_and_stop:
                run(job, self._term)

    def _start_thread(self, name: str, jobs: list[Job]) -> None:
        if jobs:
            thread = threading.Thread(target=self._repeat, args=(jobs,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _repeat(self, jobs: list[Job]) -> None:
        """Run each job when it is due, in order if several are, until ``stop``."""
        due = {job: monotonic() + job.seconds for job in jobs}
        while not self._stop.wait(max(0.0, min(due.values()) - monotonic())):
            now = monotonic()
            ran = {
                job: run(job, self._term)
                for job in jobs
                if due[job] <= now and not self._stop.is_set()
            }
            # One end time for the round, so that jobs with equal pauses stay in one round.
            end = monotonic()
            for job, succeeded in ran.items():
                due[job] = end + (job.seconds if succeeded else max(job.seconds, REST_SECONDS))


def run(job: Job, term: Term | None = None) -> bool:
    """Run a job once; return whether it succeeded."""
    try:
        with acting_as_elected(term):
            require_elected()
            with noted(job.name, quiet=_quiet(job)):
                job.work()
    except NotElected:
        logger.warning("The background job “%s” is left to another process.", job.name)
        return False
    except Exception:
        logger.exception("The background job “%s” failed; it is tried again.", job.name)
        return False
    finally:
        connections.close_all()
    return True


def _quiet(job: Job) -> timedelta:
    several = job.in_every_process and on_postgresql()
    return timedelta(seconds=QUIET_SECONDS if several else 0)


def jobs_of_each_process() -> tuple[Job, ...]:
    return tuple(job for job in all_jobs() if job.in_every_process)


def jobs_of_the_elected() -> tuple[Job, ...]:
    return tuple(job for job in all_jobs() if not job.in_every_process)


def all_jobs() -> tuple[Job, ...]:
    return (*find_jobs(), WATCH, *WRITE_AHEAD_LOG_JOBS)
