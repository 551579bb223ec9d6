"""The code blocks of docs/hosting.md, and the programs that they are for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from support.serving.servers import TESTS

PAGE = (TESTS.parent / "docs" / "hosting.md").read_text("utf-8")


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
