"""Run lint, types and the unit tests of what changed since the main branch, in about a minute.

It runs no browser, no server and no PostgreSQL. ``make test`` runs everything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv/bin"
MAIN = ("origin/main", "main", "HEAD")
SECONDS_FOR_TESTS = 75
UNIT_TESTS = "not browser and not slow and not postgresql"
# These tests start processes or request every address, which takes minutes.
LONG = ("addresses", "browser", "cli", "cluster", "infrastructure", "reidentification", "seizure",
        "sites", "support", "torture")  # fmt: skip
# Rooms whose tests are not at the same place below ``tests``.
ELSEWHERE = {
    "dialogues/desk": "desk",
    "dialogues/templates/dialogues/desk": "desk",
    "dialogues/templates": "dialogues/pages",
    "dialogues/static": "dialogues/pages",
    "dialogues/results": "dialogues/pages/results",
    "dialogues/lifecycle": "desk",
    "people": "desk/people",
    "witness.py": "ledger/notes",
}
# These rules about sizes, rooms and words concern every file.
ALWAYS = ("architecture/test_sizes.py", "architecture/test_rooms.py", "architecture/test_words.py")


def tests_of(changed: Iterable[str], tests: Path) -> list[str]:
    """Return the tests of the changed files as files and folders, changed tests first."""
    own: list[str] = []
    rooms: list[str] = []
    for name in sorted(changed):
        path = PurePosixPath(name)
        if path.is_relative_to("tests") and path.name.startswith("test_"):
            own.append(str(path.relative_to("tests")))
        elif path.is_relative_to("tests") and len(path.parts) > 2:
            rooms.append(str(path.parent.relative_to("tests")))
        elif path.is_relative_to("src/middleground"):
            rooms.append(_room_of(path.relative_to("src/middleground"), tests))
    found = [*own, *rooms, *ALWAYS]
    wanted = [name for name in found if name and name.split("/")[0] not in LONG]
    return [name for name in dict.fromkeys(wanted) if (tests / name).exists()]


def _room_of(path: PurePosixPath, tests: Path) -> str:
    """Return the nearest folder of tests at the same place, or ""."""
    place = next((p for p in (path, *path.parents) if str(p) in ELSEWHERE), None)
    moved = PurePosixPath(ELSEWHERE[str(place)]) / path.relative_to(place) if place else path
    folders = (str(folder) for folder in (moved, *moved.parents) if folder.parts)
    return next((folder for folder in folders if (tests / folder).is_dir()), "")


def changed_files() -> list[str]:
    """Return the files that differ from the main branch, including untracked ones."""
    known = next(name for name in MAIN if _git("rev-parse", "--verify", "--quiet", name))
    base = _git("merge-base", "HEAD", known)[0]
    return _git("diff", "--name-only", base) + _git("ls-files", "--others", "--exclude-standard")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def run_tests(names: list[str]) -> int:
    """Run pytest and return its status. At the time limit, stop and report what has passed."""
    places = [f"tests/{name}" for name in names]
    command = [BIN / "python", "-m", "pytest", "-x", "-m", UNIT_TESTS, *places]
    try:
        return subprocess.run(command, cwd=ROOT, timeout=SECONDS_FOR_TESTS, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"\n· stopped after {SECONDS_FOR_TESTS} s; what ran has passed. make test runs all.")
        return 0


def main() -> int:
    began = time.monotonic()
    names = tests_of(changed_files(), ROOT / "tests")
    print("· tests:", " ".join(names), flush=True)
    for words in (("check", "--quiet", "."), ("format", "--check", "--quiet", ".")):
        if subprocess.run([BIN / "ruff", *words], cwd=ROOT, check=False).returncode:
            return 1
    types = subprocess.Popen([BIN / "mypy", "--no-error-summary"], cwd=ROOT)
    try:
        tests = run_tests(names)
        wrong = types.wait() or tests
    finally:
        types.kill()
    print(f"· {'something is wrong' if wrong else 'all is well'}; {time.monotonic() - began:.0f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
