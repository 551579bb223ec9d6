"""Periodic background jobs of apps, declared in their ``jobs.py``.

An app writes ``jobs.py`` at its root and marks functions with ``every``. The server finds the
modules of all installed apps and runs the functions (``config/background.py``), so a new app adds
work without a change to any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules

Work = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One function and how often it is run.

    ``seconds`` is the pause between the end of one run and the start of the next.
    ``own_thread``: the job may take long or may not wait for others, so it gets a thread for
    itself. All other jobs share one thread and run in the order in which they were declared.
    ``at_start_and_stop``: the job also runs before the first request and after the last one.
    ``in_every_process``: the job is about this process's own memory. All others are done by one of
    several processes on PostgreSQL, the elected one: at the start and the end of its time, too.
    """

    name: str
    seconds: float
    work: Work
    own_thread: bool = False
    at_start_and_stop: bool = False
    in_every_process: bool = False


_declared: dict[str, Job] = {}


def every(
    seconds: float,
    *,
    name: str,
    own_thread: bool = False,
    at_start_and_stop: bool = False,
    in_every_process: bool = False,
) -> Callable[[Work], Work]:
    """Declare the decorated function as a job. The fields are those of ``Job``."""

    def declare(work: Work) -> Work:
        if name in _declared:
            raise ValueError(f"Two jobs are called {name}.")
        _declared[name] = Job(name, seconds, work, own_thread, at_start_and_stop, in_every_process)
        return work

    return declare


def find_jobs() -> tuple[Job, ...]:
    """The jobs of all installed apps, in the order of ``INSTALLED_APPS``."""
    autodiscover_modules("jobs")
    return tuple(_declared.values())
