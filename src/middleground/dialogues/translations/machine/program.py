"""A program on this machine: a JSON line in for each text, a JSON line out for each translation.

In: ``{"text": "…", "source": "en", "target": "es"}``. Out: ``{"translation": "…"}``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress

from middleground.dialogues.translations.machine.translator import (
    MOST_BYTES,
    SECONDS,
    TranslatorFailed,
    checked,
    code_for_programs,
    read_json,
)

# All that a program gets of the server's environment, which holds passwords.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class LocalProgram:
    """Starts the command for each call, and ends it with all that it has started."""

    host = ""

    def __init__(self, command: Sequence[str], seconds: float = SECONDS) -> None:
        self.command, self.seconds = list(command), seconds

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        codes = {"source": code_for_programs(source), "target": code_for_programs(target)}
        lines = [json.dumps({"text": text, **codes}) for text in texts]
        answered = self._run("".join(f"{line}\n" for line in lines).encode())
        found = [read_json(line) for line in answered.splitlines() if line.strip()]
        return checked([_translation(each) for each in found], len(texts))

    def _run(self, given: bytes) -> bytes:
        kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        try:
            process = subprocess.Popen(  # noqa: S603 -- the host's own command
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept,
                start_new_session=True,
            )
        except OSError:
            raise TranslatorFailed("unreachable") from None
        late = threading.Event()
        watch = threading.Timer(self.seconds, _end, (process, late))
        watch.daemon = True
        watch.start()
        assert process.stdout
        # In a thread: a program may answer before it has read everything.
        feeding = threading.Thread(target=_feed, args=(process, given), daemon=True)
        feeding.start()
        try:
            return _answer(process, late)
        finally:
            watch.cancel()
            _end(process)
            feeding.join()
            process.stdout.close()


def _answer(process: subprocess.Popen[bytes], late: threading.Event) -> bytes:
    assert process.stdout
    answered = process.stdout.read(MOST_BYTES + 1)
    if late.is_set():
        raise TranslatorFailed("too_slow")
    if len(answered) > MOST_BYTES:
        raise TranslatorFailed("too_much")
    if process.wait() != 0:
        raise TranslatorFailed("too_slow" if late.is_set() else "not_understood")
    return answered


def _translation(line: object) -> object:
    return line.get("translation") if isinstance(line, dict) else None


def _feed(process: subprocess.Popen[bytes], given: bytes) -> None:
    assert process.stdin
    with suppress(OSError, ValueError), process.stdin:  # it ended, or reads no more
        process.stdin.write(given)


def _end(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    if late is not None:
        late.set()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
