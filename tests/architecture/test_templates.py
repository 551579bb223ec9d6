"""Every template can be compiled, also those that are shown only when something goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import TemplateSyntaxError
from django.template.engine import Engine
from django.template.loader import get_template

SOURCE = Path(__file__).resolve().parents[2] / "src" / "middleground"
TEMPLATES = {
    str(file.relative_to(folder)): file
    for folder in sorted(SOURCE.glob("**/templates"))
    for file in sorted(folder.rglob("*.html"))
}


def test_there_are_templates() -> None:
    assert {"base.html", "error.html", "dialogues/_card.html"} < TEMPLATES.keys()


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_compiles(name: str) -> None:
    assert get_template(name).origin.name == str(TEMPLATES[name])  # type: ignore[attr-defined]


def test_the_check_can_fail() -> None:
    with pytest.raises(TemplateSyntaxError, match="front_path"):
        Engine(libraries={}).from_string('<a href="{% front_path %}"></a>')
