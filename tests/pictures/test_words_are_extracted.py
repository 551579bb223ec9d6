"""Every word of the pictures is found by ``makemessages``, which reads the source alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields

from middleground.pictures import Words
from support.house import ROOT

SOURCE = ROOT / "src" / "middleground"

# The names that xgettext is told by ``makemessages``, and the arguments that hold the text.
MARKS = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": (1,),
    "pgettext_lazy": (1,),
    "npgettext": (1, 2),
}
# The one call whose text is not written there: the words of the pictures, which are marked.
UNWRITTEN = {("dialogues/results/figures.py", "gettext(str(field.default))")}


def marked(source: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Each call that marks a text, with the argument that holds it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for place in MARKS.get(name, ()):
                if place < len(node.args):
                    yield node, node.args[place]


def extracted(source: str) -> set[str]:
    """The texts that an extractor finds: string literals, joined where they stand side by side."""
    return {
        text.value
        for _, text in marked(source)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    }


def unreadable(source: str) -> list[str]:
    """Calls whose text is put together while the program runs, so that no extractor sees it."""
    return [
        ast.unparse(call) for call, text in marked(source) if not isinstance(text, ast.Constant)
    ]


def test_every_word_is_found() -> None:
    found = extracted((SOURCE / "pictures" / "labels.py").read_text("utf-8"))
    assert {str(field.default) for field in fields(Words)} <= found


def test_no_text_is_hidden_from_translators() -> None:
    hidden = {
        (str(path.relative_to(SOURCE)), call)
        for path in sorted(SOURCE.rglob("*.py"))
        for call in unreadable(path.read_text("utf-8"))
    }
    assert hidden == UNWRITTEN


def test_an_extractor_does_not_see_what_is_put_together() -> None:
    """The control: as the words were written once."""
    assert extracted('people = "{n}" + NBSP + "people"') == set()
    assert unreadable('gettext("{n}" + NBSP + "people")') == ["gettext('{n}' + NBSP + 'people')"]
    assert extracted('gettext_noop("one " "text")') == {"one text"}
