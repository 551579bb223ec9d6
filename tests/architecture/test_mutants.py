"""The table of mutants fits the source: each text stands there once, and its tests are there."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.house import ROOT

TABLE = ROOT / "tests" / "mutation" / "mutants.toml"
FEWEST = 100
ROOMS = (
    "src/middleground/disclosure/",
    "src/middleground/engine/findings/",
    "src/middleground/dialogues/voting/",
    "src/middleground/dialogues/sealing/",
    "src/middleground/dialogues/privacy/retention",
    "src/middleground/publiclog/",
    "src/middleground/people/permissions",
    "src/middleground/ledger/checks/",
)


@pytest.fixture(scope="module")
def mutate() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "mutate"))


def test_each_mutant_changes_one_place_into_other_python(mutate: dict[str, Any]) -> None:
    mutants = mutate["read_mutants"](TABLE)
    assert len(mutants) >= FEWEST
    for mutant in mutants:
        source = (ROOT / mutant.file).read_text("utf-8")
        changed = mutant.mutated(source)
        assert changed != source, mutant.name
        if mutant.file.endswith(".py"):
            compile(changed, mutant.file, "exec")


def test_each_has_a_name_of_its_own_and_tests_that_are_there(mutate: dict[str, Any]) -> None:
    mutants = mutate["read_mutants"](TABLE)
    assert [n for n, times in Counter(m.name for m in mutants).items() if times > 1] == []
    named = {test for mutant in mutants for test in mutant.tests}
    assert [mutant.name for mutant in mutants if not mutant.tests] == []
    assert [test for test in sorted(named) if not is_there(test)] == []


def is_there(test: str) -> bool:
    """Whether there is a file or folder of this name, and in it the function after the colons."""
    file, _, function = test.partition("::")
    path = ROOT / file
    return path.exists() and (
        not function or f"def {function.split('[')[0]}(" in path.read_text("utf-8")
    )


def test_a_test_that_was_renamed_is_missed() -> None:
    own = Path(__file__).relative_to(ROOT).as_posix()
    assert is_there(own)
    assert is_there(f"{own}::test_a_test_that_was_renamed_is_missed")
    assert not is_there(f"{own}::test_no_function_of_this_name")
    assert not is_there("tests/architecture/test_no_file_of_this_name.py")


def test_every_room_that_carries_a_promise_has_mutants(mutate: dict[str, Any]) -> None:
    found = [mutant.file for mutant in mutate["read_mutants"](TABLE)]
    assert [room for room in ROOMS if not any(file.startswith(room) for file in found)] == []


def test_a_text_that_stands_twice_or_nowhere_is_refused(mutate: dict[str, Any]) -> None:
    for old in ("a", "b"):
        with pytest.raises(LookupError):
            mutate["Mutant"]("name", "file", old, "c", ("tests",)).mutated("a + a")


QUICK, SLOW, BROKEN = "test_quick.py", "test_slow.py", "test_broken.py"
CHANGES = (
    ("noticed", "min(", "max(", (SLOW, QUICK), ""),
    ("endless", "min(a, b)", "a + b", (SLOW,), ""),
    ("survives", "min(a, b)", "min(a, b, 9)", (SLOW, QUICK), ""),
    ("explained", "min(a, b)", "min(b, a)", (SLOW,), "the order makes no difference"),
    ("lost", "sum(", "max(", (SLOW,), ""),
    ("wrongly explained", "min(", "max(", (SLOW,), "it makes no difference"),
    ("beside a broken test", "min(", "max(", (BROKEN,), ""),
)


def test_what_is_not_noticed_is_trouble(
    mutate: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On a repository of one function, whose quicker test notices nothing."""
    source = tmp_path / "least.py"
    source.write_text("def least(a, b):\n    return min(a, b)\n")

    def run_tests(copy: Path, test: str, limit: float) -> Any:
        least = runpy.run_path(str(copy / "least.py"))["least"](1, 2)
        if test == SLOW and least == 3:
            return mutate["Run"](None, "", limit)
        noticed = test == BROKEN or (test == SLOW and least != 1)
        return mutate["Run"](int(noticed), test if noticed else "", 0.1 if test == QUICK else 50.0)

    script = mutate["troubles"].__globals__
    monkeypatch.setitem(script, "ROOT", tmp_path)
    monkeypatch.setitem(script, "run_tests", run_tests)
    mutants = [
        mutate["Mutant"](name, "least.py", old, new, tests, equivalent)
        for name, old, new, tests, equivalent in CHANGES
    ]
    assert list(mutate["troubles"](mutants, 1)) == [
        "without any mutant this fails: test_broken.py",
        "survives: survived",
        "lost: its text stands 0 times in least.py",
        "wrongly explained is not equivalent: it was killed",
        "beside a broken test: not tried, because its tests fail without it",
    ]
    said = capsys.readouterr().out.splitlines()
    found = [line.split("  ")[-1] for line in said if line.endswith("]") and "[]" not in line]
    assert found == ["[test_slow.py]"] * 3
    assert said[-1].split() == ["all", "7", "2", "1", "1", "1", "2", "0"]


RUNS = """
import runpy, sys
from pathlib import Path

mutate = runpy.run_path(sys.argv[1])
for test in ("test_fails.py", "test_passes.py", "test_waits.py"):
    run = mutate["run_tests"](Path(sys.argv[2]), test, 5.0 if "waits" in test else 60.0)
    print(run.status, run.failed, run.seconds < 30.0)
"""


def test_an_endless_run_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    """Real runs: one that fails, one that passes, one that waits for a process for ever."""
    for name, body in (
        ("fails", "assert 1 == 2"),
        ("passes", "assert 1 == 1"),
        ("waits", "import subprocess; subprocess.run(['sleep', '987'])"),
    ):
        (tmp_path / f"test_{name}.py").write_text(f"def test_it():\n    {body}\n")
    command = [sys.executable, "-c", RUNS, str(ROOT / "scripts" / "mutate"), str(tmp_path)]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    assert done.stdout.splitlines() == [
        "1 test_fails.py::test_it True",
        "0  True",
        "None  True",
    ]
