"""Benchmarks run rarely, so what they import is checked here: it may have moved meanwhile."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "benchmarks").rglob("*.py"))


def missing(source: str) -> Iterator[str]:
    """Names that the source imports from the product and that are not there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("middleground"):
            assert node.module
            module = import_module(node.module)
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if not hasattr(module, alias.name) and find_spec(name) is None:
                    yield name


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_a_benchmark_imports_is_there(file: Path) -> None:
    assert list(missing(file.read_text("utf-8"))) == []


def test_control_what_moved_is_found() -> None:
    moved = "def fill():\n    from middleground.texts import normalise, gone\n"
    assert list(missing(moved)) == ["middleground.texts.gone"]
