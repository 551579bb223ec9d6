"""Texts are in American spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.house import ROOT
from words.marked import BLANK, SOURCE, marked_texts

# British form: American form. A few that could slip in, no dictionary.
BRITISH = {
    r"\w*colour\w*": "color",
    r"\w*favour\w*": "favor",
    r"\w*neighbour\w*": "neighbor",
    r"\w*behaviour\w*": "behavior",
    r"labour\w*": "labor",
    r"honour\w*": "honor",
    r"harbour\w*": "harbor",
    r"\w*organis\w+": "organiz…",
    r"\w*recognis\w+": "recogniz…",
    r"summaris\w+": "summariz…",
    r"apologis\w+": "apologiz…",
    r"anonymis\w+": "anonymiz…",
    r"emphasis(?:e|ed|es|ing)": "emphasiz…",
    r"analys(?:ed|ing)": "analyzed",  # “analyse” is a command
    r"centres?": "center",
    r"metres?|kilometres?": "meter",
    r"programmes?": "program",
    r"cancell(?:ed|ing)": "canceled",
    r"travell(?:ed|ing|er)": "traveled",
    r"labell(?:ed|ing)": "labeled",
    r"licence[ds]?": "license",
    r"defence": "defense",
    r"cheques?": "check",
    r"grey": "gray",
    r"whilst|amongst": "while, among",
    r"per cent": "percent",
    r"learnt|spelt": "learned, spelled",
}
FORM = re.compile(rf"\b(?:{'|'.join(BRITISH)})\b", re.IGNORECASE)
SPACED_PERCENT = re.compile(r"\d[ \u00a0]%(?!\()|\}[ \u00a0]%(?![}(])")
CODE = re.compile(r"“middleground [\w -]+”|`[^`]*`|“slug”|<[^>]+>|\{\{[^}]*\}\}")
# Documents for hosts. Addresses, commands and quotations in them are not spelled by us.
DOCUMENTS = (
    "README.md", "docs/cli.md", "docs/demo.md", "docs/hosting.md", "docs/settings.md",
    "docs/words.md",
)  # fmt: skip


def british(text: str) -> list[str]:
    plain = CODE.sub(" ", text)
    return [*FORM.findall(BLANK.sub(" ", plain)), *SPACED_PERCENT.findall(plain)]


def test_texts_are_in_american_spelling() -> None:
    found = [
        (text.file, text.line, forms) for text in marked_texts() if (forms := british(text.words))
    ]
    assert found == []


def test_documents_for_hosts_are_in_american_spelling() -> None:
    found = {}
    for name in DOCUMENTS:
        plain = re.sub(r"```.*?```", " ", (ROOT / name).read_text("utf-8"), flags=re.DOTALL)
        if forms := british(plain):
            found[name] = forms
    assert found == {}


def strings_of(folder: Path) -> Iterator[tuple[str, int, str]]:
    """What a program may print: all its strings of several words, help of commands among them."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                yield path.name, node.lineno, node.value


@pytest.mark.parametrize("folder", ["cli", "config/doctor"])
def test_the_command_line_is_in_american_spelling(folder: str) -> None:
    texts = list(strings_of(SOURCE / folder))
    assert len(texts) > 50
    found = [(file, line, forms) for file, line, text in texts if (forms := british(text))]
    assert found == []


def test_a_british_help_text_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "demo.py").write_text('def demo():\n    """All are labelled so."""\n')
    assert [british(text) for _file, _line, text in strings_of(tmp_path)] == [["labelled"]]


def test_british_forms_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "refusals.py").write_text(
        '_("The organisation recognised the colour of 62 % of the neighbours’ programmes.")'
    )
    (text,) = marked_texts(tmp_path)
    assert british(text.words) == [
        "organisation", "recognised", "colour", "neighbours", "programmes", "2 %",
    ]  # fmt: skip
    american = "The organization recognized the color of 62% of the neighbors’ programs."
    assert british(american) == []
    assert british("%(n)d %(what)s, “analyse”, `colour`") == []
