"""uvicorn in a thread of the test, for an application that is made for one test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

PATIENCE = 30.0


@contextmanager
def answering(app: Any, protocol: Any = "httptools") -> Iterator[int]:
    """The port of a server with this application."""
    config = uvicorn.Config(
        app,
        http=protocol,
        lifespan="off",
        log_config=None,
        timeout_keep_alive=2 * int(PATIENCE),  # so that it is not what ends a connection of a test
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    address = socket.create_server(("127.0.0.1", 0), backlog=1024)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [address]}, daemon=True)
    thread.start()
    try:
        yield address.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
