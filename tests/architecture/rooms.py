"""Checks of rooms: files per folder, repeated class names, private names of other rooms."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from support.house import ROOT

CODE = ("src", "tests", "benchmarks")
# The packages that are divided into rooms. Every other package is one room.
CUT = ("dialogues", "engine", "ledger")


def code_files(paths: Iterable[Path]) -> list[Path]:
    """Python files below src, tests and benchmarks, without migrations, relative to the root."""
    names = [path.relative_to(ROOT) for path in paths if path.suffix == ".py"]
    return [name for name in names if name.parts[0] in CODE and "migrations" not in name.parts]


def full_folders(names: Iterable[Path], most: int) -> dict[str, int]:
    """Folder → number of Python files in it, where there are more than ``most``."""
    counts = Counter(str(name.parent) for name in names)
    return {folder: count for folder, count in sorted(counts.items()) if count > most}


def repeated_classes(sources: dict[str, str]) -> dict[str, list[str]]:
    """Public class name → files, for each name that more than one module defines."""
    defined: defaultdict[str, list[str]] = defaultdict(list)
    for name, source in sorted(sources.items()):
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                defined[node.name].append(name)
    return {name: files for name, files in sorted(defined.items()) if len(files) > 1}


def private_names_of_other_rooms(name: Path, source: str) -> list[str]:
    """``package.module._name`` for each private name that the file takes from another room.

    A file can use one by ``from module import _name`` or by ``module._name``. A test belongs to the
    room at the same place below ``src``.
    """
    tree = ast.parse(source)
    modules: dict[str, str] = {}
    taken: set[str] = set()
    for origin, imported, bound in _imports(tree):
        if _is_private(imported):
            taken.add(f"{origin}.{imported}")
        elif _is_module(f"{origin}.{imported}"):
            modules[bound] = f"{origin}.{imported}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            origin = modules.get(written := ast.unparse(node.value), written)
            if origin in modules.values() or origin.startswith("middleground."):
                taken.add(f"{origin}.{node.attr}")
    own = _room_of(".".join(_place(name)))
    return sorted(full for full in taken if _is_ours(full) and _room_of(full) != own)


def _place(name: Path) -> list[str]:
    """The parts of a file's dotted name, without ``src/middleground``, ``tests`` or ``benchmarks``.

    The staff's pages are tested in ``tests/desk``.
    """
    parts = list(name.with_suffix("").parts[1:])
    if name.parts[0] == "tests" and parts[0] == "desk":
        parts.insert(0, "dialogues")
    return parts


def _room_of(full_name: str) -> str:
    """``middleground.dialogues.voting.store._x`` → ``dialogues.voting``."""
    parts = full_name.removeprefix("middleground.").split(".")
    return ".".join(parts[: 2 if parts[0] in CUT else 1])


def _imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """(module, name, the file's own name for it) of every import anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name, alias.asname or alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    origin, _, imported = alias.name.rpartition(".")
                    yield origin, imported, alias.asname


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _is_ours(full_name: str) -> bool:
    top = full_name.split(".")[0]
    return top == "middleground" or (ROOT / "tests" / top).is_dir()


def _is_module(full_name: str) -> bool:
    paths = (ROOT.joinpath(top, *full_name.split(".")) for top in CODE)
    return any(path.is_dir() or path.with_suffix(".py").is_file() for path in paths)
