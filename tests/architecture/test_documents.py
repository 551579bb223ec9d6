"""The build fails if documentation does not agree with the code."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import typer

from middleground.cli.app import app
from middleground.config.environment import SETTINGS
from support.house import ROOT, files

SETTING_ROW = re.compile(
    r"^\| `(MIDDLEGROUND_\w+)` \| (?:`([^`]*)`|\*empty\*) \| \S.* \|$", re.MULTILINE
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_every_setting_is_documented_with_its_default() -> None:
    documented = set(SETTING_ROW.findall(read("docs/settings.md")))
    assert documented == {(setting.name, setting.default) for setting in SETTINGS}


def commands() -> dict[str, click.Command]:
    """Every command by its full name, groups included."""
    found: dict[str, click.Command] = {}

    def walk(name: str, command: click.Command) -> None:
        found[name] = command
        for child_name, child in getattr(command, "commands", {}).items():
            walk(f"{name} {child_name}", child)

    walk("middleground", typer.main.get_command(app))
    return found


def sections(text: str) -> dict[str, str]:
    """Heading, such as ``## `middleground serve` `` → the section's text."""
    parts = re.split(r"^#+ `(middleground[^`]*)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def words_of(command: click.Command) -> set[str]:
    """The names of options, and of arguments in capitals."""
    found = set()
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            found.add((parameter.metavar or parameter.name or "").upper())
        else:
            found.update(name for name in parameter.opts if name.startswith("--"))
            found.update(name for name in parameter.secondary_opts if name.startswith("--"))
    return found


def test_every_command_is_documented() -> None:
    assert set(sections(read("docs/cli.md"))) == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_and_argument_is_documented(name: str) -> None:
    table = re.findall(
        r"^\| `(--[a-z-]+|[A-Z]+)[^`]*` \| \S", sections(read("docs/cli.md"))[name], re.MULTILINE
    )
    assert set(table) == words_of(commands()[name])


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_has_help(name: str) -> None:
    command = commands()[name]
    assert (command.help or "").strip() != ""
    silent = [
        parameter.name
        for parameter in command.params
        if not getattr(parameter, "help", None) and parameter.name != "help"
    ]
    assert silent == []


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-")
        for heading in HEADING.findall(FENCE.sub("", text))
    }


def broken_links(document: Path) -> list[str]:
    text = FENCE.sub("", document.read_text("utf-8"))
    broken = []
    for pair in LINK.findall(text):
        target = pair[0] or pair[1]
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        if not file.exists() or (
            anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8"))
        ):
            broken.append(target)
    return broken


def test_links_between_documents_have_a_target() -> None:
    # Translations of docs/method.md have the links of the original; their own test compares them.
    translations = ROOT / "src/middleground/dialogues/method"
    documents = [p for p in files() if p.suffix == ".md" and p.parent != translations]
    assert ROOT / "README.md" in documents
    broken = {str(path.relative_to(ROOT)): broken_links(path) for path in documents}
    assert {name: links for name, links in broken.items() if links} == {}


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("# A b\n[one](b.md) [two](#a-b) [three](#c) [four](https://example.org)\n")
    assert broken_links(document) == ["b.md", "#c"]


def test_the_changelog_has_a_place_for_the_next_version() -> None:
    assert re.search(r"^## \[Unreleased\]$", read("CHANGELOG.md"), re.MULTILINE)


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    folder = ROOT / "docs/decisions"
    names = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert names != []
    index = (folder / "README.md").read_text("utf-8")
    assert sorted(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index)) == names


def test_the_make_targets_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    said = set(re.findall(r"(?:`|^)make ([a-z]+)\b", read("README.md"), re.MULTILINE))
    assert {"demo", "test", "check"} <= said
    assert said - targets == set()
