"""A server that a test starts, kills and starts again, always on the same folder and port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.serving.servers import _NotServing, _wait_for, free_port, outside_environment


@dataclass
class ServerProcess:
    """Runs ``middleground serve`` or another Python command; ``log`` receives all output."""

    data: Path
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def launch(self, command: Sequence[str] | None = None, **options: Any) -> None:
        """Start the process without waiting for it."""
        command = command or ["-m", "middleground", "serve", "--port", str(self.port)]
        settings = {
            "MIDDLEGROUND_ORIGIN": self.address,
            "DJANGO_SETTINGS_MODULE": "middleground.config.settings",
            **self.settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                env=outside_environment(self.data, **settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **options,
            )

    def start(self, command: Sequence[str] | None = None, **options: Any) -> None:
        self.launch(command, **options)
        assert self.process
        try:
            _wait_for(self.address, self.process)
        except _NotServing as trouble:
            self.kill()
            raise AssertionError(f"{trouble}\n{self.log.read_text()}") from None

    def kill(self) -> None:
        """Kill the process without warning, as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def kill_map_workers(self) -> int:
        """Kill the server's child processes that compute maps; return their number (Linux)."""
        assert self.process
        killed = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                is_worker = b"spawn_main" in (stat.parent / "cmdline").read_bytes()
                if parent == self.process.pid and is_worker:
                    os.kill(int(stat.parent.name), signal.SIGKILL)
                    killed += 1
        return killed

    def stop(self, seconds: float = 30) -> int:
        """Ask the process to end, and give its exit code."""
        assert self.process
        self.process.terminate()
        code = self.process.wait(timeout=seconds)
        self.process = None
        return code

    @contextmanager
    def running(self, command: Sequence[str] | None = None, **options: Any) -> Iterator[None]:
        self.start(command, **options)
        try:
            yield
            self.stop()
        finally:
            self.kill()
