"""Pure packages may use the calendar but no clock: the time is always an argument."""

from __future__ import annotations

import ast
import tomllib

from support.house import ROOT

CLOCKS = {"now", "today", "utcnow"}
CONTRACT = "What computes, hashes, draws or reads texts is pure"


def clocks_read(source: str) -> list[str]:
    """Calls such as ``datetime.now()``, and such methods passed on without a call."""
    return [
        f"{node.attr} in line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]


def pure_packages() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (pure,) = [each for each in contracts if each["name"] == CONTRACT]
    assert "datetime" not in pure["forbidden_modules"]
    assert "time" in pure["forbidden_modules"]
    return [name.replace(".", "/") for name in pure["source_modules"]]


def test_no_pure_package_reads_a_clock() -> None:
    found = {
        str(path.relative_to(ROOT)): clocks
        for package in pure_packages()
        for path in (ROOT / "src" / package).rglob("*.py")
        if (clocks := clocks_read(path.read_text("utf-8")))
    }
    assert found == {}


def test_each_clock_is_found() -> None:
    for clock in ("datetime.now(UTC)", "date.today()", "datetime.utcnow()", "f(datetime.now)"):
        assert len(clocks_read(f"x = {clock}")) == 1
    assert clocks_read("x = datetime(2026, 1, 1, tzinfo=UTC)") == []
