"""No file is longer than 400 lines, and no function longer than 40."""

from __future__ import annotations

import ast
from pathlib import Path

from support.house import ROOT, files

FILE_LINES = 400
FUNCTION_LINES = 40
KINDS = {".py", ".html", ".css", ".js", ".mjs", ".sh"}
# Readers save each of them as one file, which shares no code with the rest (decision 17).
LONGER = {"src/middleground/ledger/verify.mjs": 1900, "src/middleground/witness.py": 550}


def is_ours(path: Path) -> bool:
    return path.suffix in KINDS and "migrations" not in path.parts


def long_functions(source: str) -> list[str]:
    """Names of functions with too many lines, not counting the docstring and decorators."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            if (node.end_lineno or 0) - node.lineno + 1 - docstring > FUNCTION_LINES:
                found.append(node.name)
    return found


def test_no_file_is_too_long() -> None:
    long = {
        name: lines
        for path in files()
        if is_ours(path)
        and (name := str(path.relative_to(ROOT)))
        and (lines := len(path.read_text("utf-8").splitlines())) > LONGER.get(name, FILE_LINES)
    }
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files()
        if is_ours(path) and path.suffix == ".py"
        for name in long_functions(path.read_text("utf-8"))
    ]
    assert long == []


def test_a_long_function_is_found_and_a_documented_one_is_not() -> None:
    body = "\n".join(["    x = 1"] * 40)
    assert long_functions(f"def long():\n{body}\n") == ["long"]
    assert long_functions(f'def fine():\n    """One.\n\n    Two.\n    """\n{body[10:]}\n') == []
