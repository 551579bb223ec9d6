"""Fuzz one parser: ``python tests/torture/fuzz.py NAME RUNS``. Ends with 1 where it finds a fault.

Uses atheris (libFuzzer, guided by the lines and branches that an input reaches) if installed, or
else hypothesis with as many inputs. The first line of the output names it.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
LONGEST = 4096
INSTRUMENTED = ("middleground.polis", "middleground.ledger", "middleground.texts.normalise")


def main() -> int:
    name, runs = sys.argv[1], int(sys.argv[2])
    sys.path.insert(0, str(TESTS))
    from torture.tools.progress import figures

    has_atheris = importlib.util.find_spec("atheris") is not None
    if len(sys.argv) > 3:
        start = with_atheris if has_atheris else with_hypothesis
        print(f"{name}: {start.__name__.replace('_', ' ')}, {runs} runs", flush=True)
        start(name, runs, Path(sys.argv[3]))
        return 0
    # In a child, because libFuzzer ends its process, and then nothing would remove its folder.
    memory = (
        "/dev/shm" if Path("/dev/shm").is_dir() else None
    )  # each run writes a file, a million times
    with tempfile.TemporaryDirectory(prefix="middleground-fuzz-", dir=memory) as folder:
        command = [sys.executable, __file__, name, str(runs), folder]
        code = subprocess.run(command, check=False).returncode
        if code == 0:
            by = "atheris" if has_atheris else "hypothesis"
            figures(f"parser {name}", inputs=runs, by=by, faults=0)
        return code


def with_atheris(name: str, runs: int, folder: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        from torture.tools.parsers import parser_of
    found, files = folder / "found", folder / "files"
    found.mkdir()
    files.mkdir()
    parser = parser_of(name, files)
    for number, sample in enumerate(parser.samples):
        (found / f"sample-{number}").write_bytes(sample[:LONGEST])
    options = [f"-runs={runs}", f"-max_len={LONGEST}", "-print_final_stats=1", "-timeout=20"]
    where = f"-artifact_prefix={tempfile.gettempdir()}/{name}-"  # an input that fails
    atheris.Setup([sys.argv[0], *options, where, str(found)], parser.try_one)
    atheris.Fuzz()


def with_hypothesis(name: str, runs: int, folder: Path) -> None:
    from hypothesis import HealthCheck, given, settings

    from torture.tools.parsers import parser_of
    from torture.tools.spoiling import spoilt

    parser, tried = parser_of(name, folder), 0
    began = time.monotonic()

    @settings(
        max_examples=runs, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(spoilt(parser.samples))
    def all_of_them(data: bytes) -> None:
        nonlocal tried
        tried += 1
        parser.try_one(data)

    while tried < runs:  # hypothesis ends early if it believes that it has tried everything
        all_of_them()
    print(f"{name}: {tried} inputs in {time.monotonic() - began:.0f} s, no fault")


if __name__ == "__main__":
    sys.exit(main())
