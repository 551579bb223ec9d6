"""The layers that ``pyproject.toml`` gives to import-linter, and the files of the repository."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.db.models import Field, Model

ROOT = Path(__file__).resolve().parents[2]


@cache
def rows() -> dict[str, int]:
    """Each package with its layer's number, counted from the top."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = next(
        contract["layers"]
        for contract in contracts["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    return {
        package.strip(" ()"): number
        for number, row in enumerate(layers)
        for package in re.split(r"[|:]", row)
    }


@cache
def files() -> tuple[Path, ...]:
    """All files that are tracked or could be added to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def package_of(model: type[Model]) -> str | None:
    """The package that a model belongs to, or None for models of other projects."""
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "middleground" else None


def upward_relations(models: Iterable[type[Model]]) -> list[str]:
    """Relations from a model to one in a higher layer or to another package in the same layer."""
    return sorted(
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in models
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field.related_model, type) and _points_up(model, field)
    )


def _points_up(model: type[Model], field: Field) -> bool:
    source, target = package_of(model), package_of(field.related_model)
    if source is None or target is None or source == target:
        return False
    return rows()[target] <= rows()[source]
