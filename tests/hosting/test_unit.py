"""The unit of docs/hosting.md, read by the program that it is for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from support.hosting_page import block, need
from support.serving.servers import fill, outside_environment

MOST_EXPOSURE = 20  # tenths
# Forbids the process and its children memory that can be written and run, as the unit does.
FORBID_CODE_IN_MEMORY = """
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
    sys.exit(77)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def rated(unit: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    analyse = need("systemd-analyze", "systemd")
    file = tmp_path / "middleground.service"
    file.write_text(unit)
    threshold = f"--threshold={MOST_EXPOSURE}"
    return subprocess.run(
        [analyse, "security", "--offline=true", threshold, "--no-pager", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_unit_exposes_little(tmp_path: Path) -> None:
    done = rated(block("[Unit]"), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    exposure = re.search(r"exposure level for middleground.service: ([0-9.]+)", done.stdout)
    assert exposure
    assert float(exposure[1]) <= MOST_EXPOSURE / 10


def test_control_a_unit_without_a_sandbox_is_refused(tmp_path: Path) -> None:
    bare = "[Service]\nUser=middleground\nExecStart=/bin/true\n"
    assert rated(bare, tmp_path).returncode == 1


SERVES = """
import uvloop, httptools
from middleground.config import asgi
from middleground.engine import Votes, analyse
from middleground.publiclog.log_key import signing_key
people = [n for n in range(40) for _ in range(8)]
votes = Votes(people, [k % 8 for k in range(320)], [(n % 2) * 2 - 1 for n in people])
analyse(votes, seed=1)
print(bool(signing_key().sign(b"text")))
"""


def test_the_server_needs_no_memory_that_is_written_and_run(tmp_path: Path) -> None:
    """``MemoryDenyWriteExecute``: the application is loaded, a map is made, something is signed."""
    fill(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "-c", FORBID_CODE_IN_MEMORY, "-c", SERVES],
        env=outside_environment(tmp_path / "data"),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode == 77:
        return  # kernels before 6.3 cannot forbid it
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split()[-1] == "True"
