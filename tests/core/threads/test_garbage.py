"""A process that serves looks for garbage rarely, and not in what it loaded at its start."""

from __future__ import annotations

import subprocess
import sys

ASK = """
import gc
from middleground.core.threads.garbage import collect_rarely
before = gc.get_freeze_count()
collect_rarely()
print(gc.get_threshold(), before, gc.get_freeze_count() > before)
"""


def test_all_that_is_loaded_is_exempt() -> None:
    found = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert found.stdout == "(7000, 20, 20) 0 True\n"
