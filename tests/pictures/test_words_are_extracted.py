"""``makemessages``, which only reads the source, finds every text of the pictures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields

from middleground.pictures import Words
from middleground.pictures.labels import CountedText
from support.house import ROOT

SOURCE = ROOT / "src" / "middleground"

# The names that ``makemessages`` gives to xgettext, and the arguments that hold the text.
MARKS = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "ngettext_noop": (0, 1),
    "pgettext": (1,),
    "pgettext_noop": (1,),
    "pgettext_lazy": (1,),
    "npgettext": (1, 2),
}
# The calls without a literal text; their texts are marked where they are written.
UNWRITTEN = {
    ("dialogues/results/figures.py", "gettext(str(told))"),
    ("dialogues/results/figures.py", "pgettext(context, str(told))"),
    ("dialogues/results/figures.py", "ngettext(told.one, told.many, n)"),
}


def marked(source: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Each call that marks a text, with the argument that holds it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for place in MARKS.get(name, ()):
                if place < len(node.args):
                    yield node, node.args[place]


def forms(told: object) -> tuple[str, ...]:
    return (told.one, told.many) if isinstance(told, CountedText) else (str(told),)


def extracted(source: str) -> set[str]:
    """The texts that an extractor finds: string literals, joined where they stand side by side."""
    return {
        text.value
        for _, text in marked(source)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    }


def unreadable(source: str) -> list[str]:
    """Calls whose text is assembled at run time, so that no extractor finds it."""
    return [
        ast.unparse(call) for call, text in marked(source) if not isinstance(text, ast.Constant)
    ]


def test_every_text_of_the_pictures_is_extracted() -> None:
    found = extracted((SOURCE / "pictures" / "labels.py").read_text("utf-8"))
    assert {text for field in fields(Words) for text in forms(field.default)} <= found


def test_no_text_is_hidden_from_translators() -> None:
    hidden = {
        (str(path.relative_to(SOURCE)), call)
        for path in sorted(SOURCE.rglob("*.py"))
        for call in unreadable(path.read_text("utf-8"))
    }
    assert hidden == UNWRITTEN


def test_a_text_assembled_at_run_time_is_not_extracted() -> None:
    """The control: a text assembled at run time is reported."""
    assert extracted('people = "{n}" + NBSP + "people"') == set()
    assert unreadable('gettext("{n}" + NBSP + "people")') == ["gettext('{n}' + NBSP + 'people')"]
    assert extracted('gettext_noop("one " "text")') == {"one text"}
