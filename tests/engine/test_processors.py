"""A map is the same on every processor, because an auditor's differs from the host's.

OpenBLAS has kernels for each kind of processor, which sum in different orders. The kernels of an
older processor than the present one can be chosen.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from middleground.engine import Options
from support.serving.environments import TESTS, bare_environment

X86 = ("Prescott", "Nehalem", "")  # without AVX, with SSE 4.2, what the machine would choose
ARM = ("ARMV8", "NEOVERSEN1", "")
COMPUTE = """
from engine.shapes import crowd, three_camps
from middleground.engine import Options, analyse
for most in (10**6, 0):
    maps = [analyse(votes, Options(double_votes=most)) for votes in (three_camps(), crowd())]
    print(*[found.to_json() for found in maps])
"""


def computed(kernel: str) -> tuple[str, str]:
    """The map by the kernels of one kind of processor, in double and in single precision."""
    environment = bare_environment(OPENBLAS_CORETYPE=kernel)
    environment["PYTHONPATH"] += f":{TESTS}"
    done = subprocess.run(
        [sys.executable, "-c", COMPUTE], capture_output=True, text=True, check=True, env=environment
    )
    double, single = done.stdout.splitlines()
    return double, single.replace('"double_votes":0', '"double_votes":1000000')


def test_other_processors_give_the_same_bytes() -> None:
    built = np.show_config(mode="dicts")  # type: ignore[no-untyped-call]
    blas = built["Build Dependencies"]["blas"]
    if "openblas" not in blas["name"] or "DYNAMIC_ARCH" not in blas["openblas configuration"]:
        pytest.skip("This NumPy multiplies matrices by code for one kind of processor only.")
    names = X86 if "86" in built["Machine Information"]["host"]["cpu"] else ARM
    found = [computed(kernel) for kernel in names]
    assert len({double for double, _ in found}) == 1
    # The control: in single precision the maps differ, so the kernels do differ.
    assert len({single for _, single in found}) > 1


def test_many_votes_are_summed_in_single_precision() -> None:
    options = Options(double_votes=10)
    assert options.precision(10) == np.float64
    assert options.precision(11) == np.float32
