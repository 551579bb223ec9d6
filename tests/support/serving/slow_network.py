"""A slow network on which a browser draws a page while it still arrives, for tests.

On loopback a page arrives in one piece, and chance decides whether the browser draws a part of it.
This server sends pieces with pauses between them, so that every run draws parts.
"""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAUSE_SECONDS = 0.05  # a few frames
END_OF_ELEMENT = re.compile(rb"(?<=>)")


@contextmanager
def slowly(
    address: str, cuts: Callable[[bytes], list[int]], change: Callable[[bytes], bytes] = bytes
) -> Iterator[str]:
    """Serve what ``address`` serves, with each page changed and sent in pieces."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            asked = urllib.request.Request(address + self.path)
            asked.add_header("Cookie", self.headers.get("Cookie", ""))
            with urllib.request.urlopen(asked, timeout=30) as answer:
                body = answer.read()
                kind = answer.headers["Content-Type"]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            if not kind.startswith("text/html"):
                self.wfile.write(body)
                return
            body = change(body)
            start = 0
            for cut in [*cuts(body), len(body)]:
                self.wfile.write(body[start:cut])
                start = cut
                time.sleep(PAUSE_SECONDS)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_pieces(page: bytes) -> list[int]:
    """Cut after each element of the header, which has small elements in a row; below 8 times."""
    header, main = page.index(b"<header"), page.index(b"<main")
    ends = [found.start() for found in END_OF_ELEMENT.finditer(page, header)]
    above = [end for end in ends if end < main]
    below = [end for end in ends if end >= main]
    return above + below[:: max(1, len(below) // 8)]
