"""``middleground import sources`` and ``export sources``, as processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.serving.servers import fill, outside_environment

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]


def middleground(data: Path, *arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *map(str, arguments)],
        env=outside_environment(data),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def test_sources_go_from_one_dialogue_to_another_and_back(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "a.bib"
    fill(data)
    code, exported, _ = middleground(data, "export", "sources", "harbour")
    assert (code, exported.count("@")) == (0, 2)
    file.write_text(exported + "\n@misc{bad, title={}}\n")
    code, _, told = middleground(data, "import", "sources", "bridge", file, "--strict")
    assert (code, "1 entries are bad, so nothing was imported." in told) == (2, True)
    code, said, told = middleground(data, "import", "sources", "bridge", file, "--dry-run")
    assert (code, said.startswith("Would import 2 sources into “bridge”; 0 are there")) == (0, True)
    assert "title: " in told
    code, said, _ = middleground(data, "import", "sources", "bridge", file)
    assert (code, said.startswith("Imported 2 sources into “bridge”; 0 are there")) == (0, True)
    code, said, _ = middleground(data, "import", "sources", "bridge", file)
    assert (code, said.startswith("Imported 0 sources into “bridge”; 2 are there")) == (0, True)
    assert middleground(data, "export", "sources", "bridge")[1] == exported
    code, _, told = middleground(data, "export", "sources", "quay")
    assert (code, "There is no dialogue “quay”." in told) == (2, True)
