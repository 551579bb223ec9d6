"""Programs and a service that translate, as a host would have them: real ones, and broken ones."""

from __future__ import annotations

import json
import shlex
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

UPPER = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"translation": asked["target"] + ": " + asked["text"].upper()}))
"""


def command_of(folder: Path, source: str) -> str:
    """The setting for a program of this source."""
    file = folder / "translate.py"
    file.write_text(source)
    return shlex.join([sys.executable, str(file)])


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append(asked)
        if server.how == "slow":
            time.sleep(2)
        if server.how == "redirect":
            self.send_response(307)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            return
        if isinstance(server.how, int):
            self.send_error(server.how)
            return
        answers: dict[str, Any] = {
            "ok": {"translatedText": [f"{asked['target']}: {each.upper()}" for each in asked["q"]]},
            "few": {"translatedText": ["one"]},
            "else": {"translatedText": "one text"},
            "large": {"translatedText": ["x" * 1_100_000]},
        }
        body = json.dumps(answers.get(server.how, answers["ok"])).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body if server.how != "no json" else b"<html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: a caller that waits no longer is one of the cases."""


@contextmanager
def service(how: str | int = "ok") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Its address, and what it was asked."""
    server: Any = _Server(("127.0.0.1", 0), _Handler)
    server.how, server.asked = how, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/translate", server.asked
    finally:
        server.shutdown()
        server.server_close()
