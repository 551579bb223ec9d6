"""Periodic background jobs of apps, declared in their ``jobs.py``.

An app writes ``jobs.py`` at its root and marks functions with ``every``. The server finds the
modules of all installed apps and runs the functions (``config/background.py``), so a new app adds
work without a change to any other.

Whatever fails in the background is noted for the host (``troubles.py``): a job as a whole, or a
part of it that fails without stopping the rest, such as one dialogue's map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

Work = Callable[[], None]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Job:
    """One function and how often it is run.

    ``seconds`` is the pause between the end of one run and the start of the next.
    ``own_thread``: the job may take long or may not wait for others, so it gets a thread for
    itself. All other jobs share one thread and run in the order in which they were declared.
    ``at_start_and_stop``: the job also runs before the first request and after the last one.
    ``in_every_process``: the job is about this process's own memory. All others are done by one of
    several processes on PostgreSQL, the elected one: at the start and the end of its time, too.
    ``missing``: what people miss while the job fails, in a sentence for staff.
    """

    name: str
    seconds: float
    work: Work
    own_thread: bool = False
    at_start_and_stop: bool = False
    in_every_process: bool = False
    missing: Text = ""


@dataclass(frozen=True, slots=True)
class JobPart:
    """A part of a job that may fail while the rest goes on, such as the map of one dialogue.

    ``title`` says to staff what is done; ``missing`` what people miss while it fails; ``to_do``
    what the host can do, where the exception does not tell.
    """

    name: str
    title: Text
    missing: Text
    to_do: Text = ""


_declared: dict[str, Job] = {}
_parts: dict[str, JobPart] = {}


def every(
    seconds: float,
    *,
    name: str,
    missing: Text,
    own_thread: bool = False,
    at_start_and_stop: bool = False,
    in_every_process: bool = False,
) -> Callable[[Work], Work]:
    """Declare the decorated function as a job. The fields are those of ``Job``."""

    def declare(work: Work) -> Work:
        if name in _declared:
            raise ValueError(f"Two jobs are called {name}.")
        _declared[name] = Job(
            name, seconds, work, own_thread, at_start_and_stop, in_every_process, missing
        )
        return work

    return declare


def part(name: str, title: Text, missing: Text, to_do: Text = "") -> JobPart:
    """Declare a part of a job, once."""
    if name in _parts:
        raise ValueError(f"Two parts of jobs are called {name}.")
    _parts[name] = JobPart(name, title, missing, to_do)
    return _parts[name]


def find_jobs() -> tuple[Job, ...]:
    """The jobs of all installed apps, in the order of ``INSTALLED_APPS``."""
    autodiscover_modules("jobs")
    return tuple(_declared.values())


def find_part(name: str) -> Job | JobPart | None:
    """The job or the part of one that has this name."""
    find_jobs()
    return _parts.get(name) or _declared.get(name)
