"""Imports and relations between tables point only to lower layers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from support.house import ROOT, package_of, rows, upward_relations


def lint_imports(folder: Path) -> tuple[int, str]:
    """import-linter on the package in ``folder/src``, with ``folder/pyproject.toml``."""
    command = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "*.html", "*.css", "*.js", "*.svg")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    return tmp_path


def test_imports_follow_the_layers(copy: Path) -> None:
    code, output = lint_imports(copy)
    assert code == 0, output


def test_an_import_upwards_is_found(copy: Path) -> None:
    with (copy / "src/middleground/core/page/errors.py").open("a") as file:
        file.write("\nimport middleground.dialogues\n")
    code, output = lint_imports(copy)
    assert code == 1
    assert "middleground.core is not allowed to import middleground.dialogues" in output


def test_a_package_without_a_place_is_found(copy: Path) -> None:
    (copy / "src/middleground/stray").mkdir()
    (copy / "src/middleground/stray/__init__.py").touch()
    assert lint_imports(copy)[0] == 1


def test_a_pure_package_that_reads_the_clock_is_found(copy: Path) -> None:
    (copy / "src/middleground/engine/clock.py").write_text("import time\n")
    assert lint_imports(copy)[0] == 1


def test_every_package_has_a_layer() -> None:
    packages = {path.parent.name for path in (ROOT / "src/middleground").glob("*/__init__.py")}
    assert packages - set(rows()) == set()


def test_no_relation_points_to_a_higher_layer() -> None:
    ours = [model for model in apps.get_models() if package_of(model)]
    assert "Vote" in {model.__name__ for model in ours}
    assert upward_relations(ours) == []


@pytest.mark.django_isolate_apps("middleground.people", "middleground.dialogues")
def test_relations_to_a_higher_layer_are_found() -> None:
    class Dialogue(models.Model):
        class Meta:
            app_label = "dialogues"

        __module__ = "middleground.dialogues.models"

    class Membership(models.Model):
        dialogue = models.ForeignKey("dialogues.Dialogue", models.CASCADE)
        friends = models.ManyToManyField("self")
        others = models.ManyToManyField("dialogues.Dialogue", related_name="+")

        class Meta:
            app_label = "people"

        __module__ = "middleground.people.models"

    assert upward_relations([Dialogue, Membership]) == [
        "Membership.dialogue → Dialogue",
        "Membership.others → Dialogue",
    ]
