"""The unit and the nginx configuration of docs/hosting.md, read by the programs they are for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.serving.servers import TESTS, fill, free_port, outside_environment

PAGE = (TESTS.parent / "docs" / "hosting.md").read_text("utf-8")
MOST_EXPOSURE = 20  # tenths
# Forbids the process and its children memory that can be written and run, as the unit does.
FORBID_CODE_IN_MEMORY = """
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
    sys.exit(77)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def need(program: str, package: str) -> str:
    """The program, which is installed where root may do it on Debian."""
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True, timeout=300)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(install, check=True, timeout=600, env=environment, stdin=subprocess.DEVNULL)
        path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None:
        pytest.fail(f"These tests need {program}. Install it (Debian: apt-get install {package}).")
    return path


def block(beginning: str) -> str:
    """The code block of the page that begins with these words."""
    (found,) = re.findall(rf"```\n({re.escape(beginning)}.*?)```", PAGE, re.DOTALL)
    return found


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


def nginx_says(configuration: str, tmp_path: Path) -> str:
    """What ``nginx -t`` says of the page's configuration, with a certificate made for it."""
    pair = [tmp_path / "privkey.pem", tmp_path / "fullchain.pem"]
    subprocess.run(
        [
            need("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=dialogue.example.org",
            "-keyout", str(pair[0]), "-out", str(pair[1]),
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    sites = configuration.replace("/etc/ssl/dialogue/", f"{tmp_path}/")
    for port in ("80", "443"):
        sites = re.sub(rf"(listen (?:\[::\]:)?){port}\b", rf"\g<1>{free_port()}", sites)
    file = tmp_path / "nginx.conf"
    file.write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\n{sites}\n}}\n"
    )
    done = subprocess.run(
        [need("nginx", "nginx-light"), "-t", "-p", str(tmp_path), "-c", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return f"{done.returncode} {done.stderr}"


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    assert nginx_says(block("map $remote_addr $visitor"), tmp_path).startswith("0 ")
    broken = block("map $remote_addr $visitor").replace("limit_req zone", "limit_nothing zone")
    assert "limit_nothing" in nginx_says(broken, tmp_path)


@pytest.mark.parametrize(
    ("address", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2"),
        ("2001:db8:1::6", "2001:db8:1::"),
        ("2001:db8::6", "2001:db8::"),
    ],
)
def test_a_network_of_ipv6_is_one_visitor(address: str, visitor: str) -> None:
    """As nginx reads a map: the first expression that matches, then the default."""
    rows = re.findall(r'"~(\^.*?)"\s+(\S+);', block("map $remote_addr $visitor"))
    for expression, value in rows:
        if found := re.search(expression, address):
            assert value.replace("$1", found[1]) == visitor
            return
    assert address == visitor
