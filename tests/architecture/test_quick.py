"""``make quick`` runs the tests of changed files and reports their failures."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from support.house import ROOT

TESTS = ROOT / "tests"


@pytest.fixture(scope="module")
def quick() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quick", ROOT / "scripts/quick.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("src/middleground/dialogues/voting/writer.py", "dialogues/voting"),
        ("src/middleground/dialogues/desk/statements/merge.py", "desk/statements"),
        ("src/middleground/dialogues/desk/dialogues.py", "desk"),
        ("src/middleground/dialogues/templates/dialogues/desk/home.html", "desk"),
        ("src/middleground/dialogues/templates/dialogues/map.html", "dialogues/pages"),
        ("src/middleground/engine/arrays/csr.py", "engine/arrays"),
        ("src/middleground/engine/facts.py", "engine"),
        ("src/middleground/people/permissions.py", "desk/people"),
        ("src/middleground/texts/similarity.py", "texts"),
        ("src/middleground/witness.py", "ledger/notes"),
        ("tests/polis/test_read.py", "polis/test_read.py"),
        ("tests/polis/folders.py", "polis"),
    ],
)
def test_a_changed_file_selects_the_tests_of_its_room(
    quick: ModuleType, changed: str, tests: str
) -> None:
    assert quick.tests_of([changed], TESTS) == [tests, *quick.ALWAYS]


@pytest.mark.parametrize(
    "changed",
    [
        "docs/ledger.md",
        "pyproject.toml",
        "tests/conftest.py",
        "tests/support/cast.py",
        "tests/browser/test_voting.py",  # takes too long
        "tests/torture/tools/samples.py",
        "src/middleground/cli/app.py",
        "src/middleground/__main__.py",
    ],
)
def test_other_files_select_only_the_general_rules(quick: ModuleType, changed: str) -> None:
    assert quick.tests_of([changed], TESTS) == list(quick.ALWAYS)


def test_changed_tests_come_first_and_nothing_runs_twice(quick: ModuleType) -> None:
    changed = [
        "src/middleground/texts/similarity.py",
        "src/middleground/texts/normalise.py",
        "tests/texts/test_similarity.py",
        "tests/texts/test_that_was_deleted.py",
    ]
    assert quick.tests_of(changed, TESTS) == ["texts/test_similarity.py", "texts", *quick.ALWAYS]


def test_a_failing_test_is_told_and_one_that_does_not_end_is_stopped(
    quick: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests").mkdir()
    monkeypatch.setattr(quick, "ROOT", tmp_path)
    cases = {"good": "assert True", "bad": "assert False", "endless": "while True: pass"}
    for name, body in cases.items():
        (tmp_path / f"tests/test_{name}.py").write_text(f"def test_it():\n    {body}\n")
    assert quick.run_tests(["test_good.py"]) == 0
    assert quick.run_tests(["test_bad.py"]) == 1
    monkeypatch.setattr(quick, "SECONDS_FOR_TESTS", 3)
    assert quick.run_tests(["test_endless.py"]) == 0


def test_every_place_that_is_named_exists(quick: ModuleType) -> None:
    source = ROOT / "src/middleground"
    assert [name for name in quick.LONG if not (TESTS / name).is_dir()] == []
    assert [name for name in quick.ELSEWHERE if not (source / name).exists()] == []
    assert [name for name in quick.ELSEWHERE.values() if not (TESTS / name).is_dir()] == []
    assert [name for name in quick.ALWAYS if not (TESTS / name).is_file()] == []
