"""Notices between the processes on one PostgreSQL, by LISTEN and NOTIFY.

A notice has a topic and a payload and is a hint only: nothing is stored, and a process that has
lost its connection misses some. So whoever keeps something by notices also registers ``on_gap``,
which is called whenever notices may have been missed, and looks at the database from time to time.

All notices of a process go over one connection of its own in autocommit mode. A NOTIFY in a
transaction would make its commit wait for those of all others that notify.

On SQLite there is one process: its own handlers are called, and nothing else happens.
"""

from __future__ import annotations

import logging
import selectors
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from middleground.core.processes.own_connection import on_postgresql, own_connection

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

# Other code may notify on this channel too, with ``topic payload`` as the notice's text.
CHANNEL = "middleground"
SEND_SECONDS = 1.0  # minimum pause between two sendings
RETRY_SECONDS = 1.0  # pause before a new connection
PROBE_SECONDS = 5.0  # an idle connection is asked so often whether it lives
MOST_WAITING = 10_000

Handler = Callable[[str], None]


class Notices:
    """The notices of one process. Thread-safe. A handler must be quick and may be called twice."""

    def __init__(self) -> None:
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        self._gap_handlers: list[Callable[[], None]] = []
        self._waiting: dict[tuple[str, str], None] = {}  # a set in order
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._connected = threading.Event()
        self._thread: threading.Thread | None = None
        self._wake: socket.socket | None = None

    @property
    def connected(self) -> bool:
        """Whether notices of other processes arrive now."""
        return self._connected.is_set()

    def on(self, topic: str, handler: Handler) -> None:
        """Call the handler with the payload of each notice of this topic, of any process."""
        self._handlers[topic].append(handler)

    def on_gap(self, handler: Callable[[], None]) -> None:
        """Call the handler when notices may have been missed: anything may have changed."""
        self._gap_handlers.append(handler)

    def tell(self, topic: str, payload: str = "") -> None:
        """Tell the handlers of this process now, and those of the others within a second or two.

        Call it after the commit. The same notice is sent once, however often it is told meanwhile.
        PostgreSQL takes less than 8,000 bytes.
        """
        self._handle(topic, payload)
        if self._thread is None:
            return
        with self._lock:
            if (topic, payload) in self._waiting or len(self._waiting) >= MOST_WAITING:
                return
            self._waiting[topic, payload] = None
        self._wake_up()

    def start(self) -> None:
        """Begin to listen, on PostgreSQL."""
        if self._thread is None and on_postgresql():
            self._stopping.clear()
            woken, self._wake = socket.socketpair()
            woken.setblocking(False)
            self._wake.setblocking(False)
            self._thread = threading.Thread(
                target=self._run, args=(woken,), name="notices", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Send what waits, and end."""
        if self._thread is not None:
            self._stopping.set()
            self._wake_up()
            self._thread.join(timeout=10)
            self._thread = None
            if self._wake is not None:
                self._wake.close()

    def wait_until_connected(self, seconds: float) -> bool:
        return self._connected.wait(seconds)

    def _wake_up(self) -> None:
        wake = self._wake
        if wake is not None:
            with suppress(OSError):  # enough wake-ups wait already, or the thread has ended
                wake.send(b"\0")

    def _run(self, woken: socket.socket) -> None:
        import psycopg

        while not self._stopping.is_set():
            try:
                with own_connection("notices") as connection:
                    # A notice is stored nowhere, so its commit need not wait for the disk.
                    connection.execute("SET synchronous_commit = off")
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._connected.set()
                    self._tell_gap()
                    self._listen(connection, woken)
            except (psycopg.Error, OSError) as error:
                # The text of an error may hold the payload.
                logger.warning("No notices of other processes: %s.", type(error).__name__)
            finally:
                self._connected.clear()
            self._stopping.wait(RETRY_SECONDS)
        woken.close()

    def _listen(self, connection: psycopg.Connection, woken: socket.socket) -> None:
        sent, probed = -SEND_SECONDS, time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while True:
                due = sent + SEND_SECONDS if self._waiting else probed + PROBE_SECONDS
                selector.select(max(0.0, due - time.monotonic()))
                with suppress(BlockingIOError):
                    woken.recv(4_096)
                self._receive(connection)
                now, ending = time.monotonic(), self._stopping.is_set()
                if self._waiting and (ending or now - sent >= SEND_SECONDS):
                    self._send(connection)
                    sent = probed = now
                elif now - probed >= PROBE_SECONDS:
                    connection.execute("SELECT 1")
                    probed = now
                if ending:
                    return

    def _receive(self, connection: psycopg.Connection) -> None:
        own = connection.info.backend_pid
        for notice in connection.notifies(timeout=0):
            if notice.pid != own:  # this process's own handlers were called in ``tell``
                topic, _, payload = notice.payload.partition(" ")
                self._handle(topic, payload)

    def _send(self, connection: psycopg.Connection) -> None:
        """Send all that waits in one transaction. What could not be sent waits on."""
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        try:
            texts = [f"{topic} {payload}" for topic, payload in waiting]
            connection.execute(
                "SELECT pg_notify(%s, text) FROM unnest(%s::text[]) AS text", (CHANNEL, texts)
            )
        except BaseException:
            with self._lock:
                self._waiting = dict.fromkeys([*waiting, *self._waiting])
            raise

    def _handle(self, topic: str, payload: str) -> None:
        for handler in self._handlers.get(topic, ()):
            self._call(handler, payload)

    def _tell_gap(self) -> None:
        for handler in self._gap_handlers:
            self._call(handler)

    def _call(self, handler: Callable[..., None], *arguments: str) -> None:
        try:
            handler(*arguments)
        except Exception as error:  # noqa: BLE001 -- one handler must not end the others
            logger.error("A handler of notices failed: %s.", type(error).__name__)


# One per process. Tests create their own.
notices = Notices()
