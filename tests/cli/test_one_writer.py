"""On SQLite every command that writes is refused while another process may write."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from middleground.config import writer_lock
from middleground.config.writer_lock import AnothersFolder, AnotherWriter, take_folder
from polis.folders import make_folder
from support.serving.server_process import ServerProcess
from support.serving.servers import fill, free_port, outside_environment

HOLD = "import sys; from middleground.config import writer_lock; from pathlib import Path\n"
HOLD += "writer_lock.take_folder(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


def is_free(folder: Path) -> bool:
    """Whether no process holds the lock; does not take it."""
    handle = os.open(folder.resolve() / writer_lock.LOCK, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def middleground(data: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *arguments],
        env=outside_environment(data, **settings),
        input="correct horse battery staple\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("one-writer")
    server = ServerProcess(folder / "data", folder / "log")
    fill(server.data)
    with server.running():
        yield server


@pytest.mark.parametrize("command", ["serve", "import", "create-admin"])
def test_writing_commands_are_refused_beside_a_server(
    server: ServerProcess, tmp_path: Path, command: str
) -> None:
    arguments = {
        "serve": ["--port", str(free_port())],
        "import": ["polis", str(make_folder(tmp_path / "polis"))],
        "create-admin": ["--email", "new@example.org", "--password-stdin"],
    }[command]
    assert server.process
    code, output = middleground(server.data, command, *arguments)
    assert code == 1
    assert f"process {server.process.pid}, middleground serve" in output
    assert "stop that one first" in output
    assert "Serving on" not in output


def test_reading_commands_run_beside_a_server(server: ServerProcess, tmp_path: Path) -> None:
    code, output = middleground(server.data, "export", "polis", "harbour", str(tmp_path / "out"))
    assert (code, "Wrote 12 statements" in output) == (0, True)


def test_the_demo_has_a_folder_and_lock_of_its_own(server: ServerProcess, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(server.data / "demo")],
        env=outside_environment(server.data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        code, output = middleground(
            server.data, "demo", "--prepare-only", "--port", str(free_port())
        )
        assert (code, f"on {server.data / 'demo'} already" in output) == (1, True)
        holder.kill()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        env=outside_environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        assert not is_free(tmp_path)
        with pytest.raises(AnotherWriter, match=f"process {holder.pid}, middleground"):
            take_folder(tmp_path)
        os.kill(holder.pid, signal.SIGKILL)
    assert is_free(tmp_path)
    try:
        take_folder(tmp_path)
        take_folder(tmp_path)  # taking it again in one process has no effect
        assert not is_free(tmp_path)
    finally:
        os.close(writer_lock._held.pop(tmp_path.resolve() / writer_lock.LOCK))


def test_root_writes_nothing_into_the_folder_of_another_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a restore without ``systemd-run``, after which the service could not start."""
    if os.geteuid() == 0:
        os.chown(tmp_path, 65_534, -1)
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(AnothersFolder, match=f"another account \\(number {owner}\\)"):
        take_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(os, "geteuid", lambda: owner)  # the control
    take_folder(tmp_path)
