"""The server raises its limit of open files, and doctor tells a low one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from middleground.config.doctor.folders import judge_file_limit
from support.serving.servers import outside_environment

RAISE = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 2048))
from middleground.config.server import raise_file_limit
raise_file_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_the_limit_is_raised_as_far_as_allowed(tmp_path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "middleground.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", RAISE],
        env=outside_environment(tmp_path, **settings),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "(2048, 2048)"


def test_a_low_limit_is_advice() -> None:
    assert [judge_file_limit(most).id for most in (4096, 16_384, -1)] == [
        "middleground.W066",
        "middleground.I067",
        "middleground.I067",
    ]
