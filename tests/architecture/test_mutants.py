"""The table of mutants fits the source: each text stands there once, and its tests are there."""

from __future__ import annotations

import runpy
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
    for mutant in mutants:
        assert mutant.tests, mutant.name
        assert [t for t in mutant.tests if not (ROOT / t.split("::")[0]).exists()] == [], (
            mutant.name
        )


def test_every_room_that_carries_a_promise_has_mutants(mutate: dict[str, Any]) -> None:
    found = [mutant.file for mutant in mutate["read_mutants"](TABLE)]
    assert [room for room in ROOMS if not any(file.startswith(room) for file in found)] == []


def test_a_text_that_stands_twice_or_nowhere_is_refused(mutate: dict[str, Any]) -> None:
    for old in ("a", "b"):
        with pytest.raises(LookupError):
            mutate["Mutant"]("name", "file", old, "c", ("tests",)).mutated("a + a")


def test_a_survivor_and_a_lost_text_are_troubles(
    mutate: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a repository of one function, whose only test notices one of two changes."""
    source = tmp_path / "src" / "least.py"
    source.parent.mkdir()
    source.write_text("def least(a, b):\n    return min(a, b)\n")

    def run_tests(copy: Path, tests: tuple[str, ...]) -> int:
        assert tests == ("test_least.py",)
        return int(runpy.run_path(str(copy / "src" / "least.py"))["least"](1, 2) != 1)

    script = mutate["troubles"].__globals__
    monkeypatch.setitem(script, "ROOT", tmp_path)
    monkeypatch.setitem(script, "run_tests", run_tests)
    mutants = [
        mutate["Mutant"](name, "src/least.py", old, new, ("test_least.py",), equivalent)
        for name, old, new, equivalent in (
            ("killed", "min(", "max(", ""),
            ("survives", "min(a, b)", "min(a, b, 9)", ""),
            ("explained", "min(a, b)", "min(b, a)", "the least does not depend on the order"),
            ("lost", "sum(", "max(", ""),
            ("wrongly explained", "min(", "max(", "it makes no difference"),
        )
    ]
    troubles = mutate["troubles"](mutants, 1)
    assert [each.split(":")[0].split(" is not")[0] for each in troubles] == [
        "survives",
        "lost",
        "wrongly explained",
    ]
