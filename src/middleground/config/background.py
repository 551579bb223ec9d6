"""Work beside requests, in threads of the server's one process.

On SQLite only this process writes. The worker runs the database's task queue; the clock asks every
few seconds which maps are due; another lets the public log grow. Heavy numbers run in a child
process that never opens the database (see ``dialogues.maps.publish``).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from math import inf

from django.conf import settings
from django.db import connections
from django.utils import timezone

from middleground.config.sqlite_wal import (
    empty_write_ahead_log,
    leave_to_us,
    shorten_write_ahead_log,
)

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
CLOCK_SECONDS = 3.0
LEDGER_LOOK_SECONDS = 2.0
REST_SECONDS = 5.0
SWEEP_SECONDS = 20.0
SHORTEN_SECONDS = 1.0


class Background:
    """The worker and the clock. Both go on after any failure, such as a full disk."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._log_at = -inf
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        leave_to_us()
        self._stop.clear()
        for name, work, pause in (
            ("worker", _run_tasks, IDLE_SECONDS),
            ("clock", _schedule, min(CLOCK_SECONDS, settings.MAP_SECONDS)),
            ("sweeper", sweep, SWEEP_SECONDS),
            ("ledger", self._let_log_grow, LEDGER_LOOK_SECONDS),
            ("shortener", shorten_write_ahead_log, SHORTEN_SECONDS),
        ):
            thread = threading.Thread(
                target=self._repeat, args=(work, pause), name=name, daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads.clear()

    def _let_log_grow(self) -> None:
        """A batch now and then; at once where a dialogue's result waits for its openings."""
        from middleground.dialogues.sealing.publisher import is_closing, publish_log
        from middleground.dialogues.sealing.witnesses import ask_witnesses

        if time.monotonic() - self._log_at >= settings.LEDGER_SECONDS or is_closing():
            self._log_at = time.monotonic()
            publish_log()
            ask_witnesses()

    def _repeat(self, work: Callable[[], None], pause: float) -> None:
        while not self._stop.wait(pause):
            try:
                work()
            except Exception:
                logger.exception("Background work failed; it is tried again.")
                self._stop.wait(REST_SECONDS)
            finally:
                connections.close_all()


def _run_tasks() -> None:
    """Run every task that is ready, then return."""
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="server",
        excluded_queue_names=[],
    ).run()


def sweep() -> None:
    """Write down how often which statement was dealt, delete what is due, empty SQLite's log."""
    from middleground.dialogues.privacy.retention import keep_retention
    from middleground.dialogues.voting.dealing import decks
    from middleground.dialogues.voting.exposures import store_exposures
    from middleground.people.actions import delete_old_sessions

    store_exposures(decks)
    keep_retention(timezone.now())
    delete_old_sessions()
    empty_write_ahead_log()


def catch_up() -> None:
    """Before anyone is answered: do what was due while the server was off.

    Where it fails, on a full disk say, the server starts all the same; the sweeper tries again.
    """
    try:
        sweep()
    except Exception:
        logger.exception("What was due could not be deleted; it is tried again.")
    finally:
        connections.close_all()


def _schedule() -> None:
    from middleground.dialogues.maps.publish import schedule_due_maps

    schedule_due_maps()
