"""The report in the terminal: rich tables of plain text."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from middleground.cli.analysis import report_text as say
from middleground.engine.facts import Finding, MapFacts
from middleground.polis import PolisExport

_TOP, _PROBLEMS = 5, 5
_DIVISIVE = "answered oppositely by the groups"


def print_report(export: PolisExport, facts: MapFacts) -> None:
    """Print the map, and unreadable rows to the error stream."""
    out, errors = Console(highlight=False), Console(stderr=True, highlight=False)
    texts = {item.id: say.one_line(item.text) for item in export.statements}
    # Text objects instead of markup, because a statement may contain square brackets.
    out.print(Text(say.one_line(export.topic) or "An opinion map", style="bold"))
    out.print(Text(f"{say.counted(facts)}. Seed {facts.seed}. Votes: {export.sign.reason}."))
    out.print(Text(say.status(facts)))
    if facts.parity:
        out.print(Text(say.PARITY))
    _groups(out, facts)
    if facts.status != "too_little":
        _findings(out, "Middle ground", say.meaning(facts), facts, facts.middle_ground, texts)
    if facts.status == "groups":
        _findings(out, "Divisive", _DIVISIVE, facts, facts.divisive, texts)
        _representative(out, facts, texts)
    out.print(Text("How sure", style="bold"))
    for line in [*say.sureness_lines(facts), *export.notes]:
        out.print(Text(f"  {line}"))
    _problems(errors, export)


def _groups(out: Console, facts: MapFacts) -> None:
    if facts.status != "groups":
        return
    table = Table(title="Opinion groups", title_justify="left")
    heads = ("Group", "People", "Clearly in it")[: 2 if facts.parity else 3]
    for head in heads:
        table.add_column(head)
    for group in facts.groups:
        table.add_row(*(group.label, say.size(group), say.sure(group))[: len(heads)])
    out.print(table)


def _findings(
    out: Console,
    title: str,
    meaning: str,
    facts: MapFacts,
    findings: tuple[Finding, ...],
    texts: Mapping[int, str],
) -> None:
    found = say.earned(findings)
    if not found:
        out.print(Text(f"{title}: no statement is {meaning}{say.certainty(facts)}."))
        return
    name = f"{title}: {len(found)} statements {meaning}"
    table = Table(title=name, title_justify="left", show_lines=True)
    # "fold", because texts in languages without spaces have no other line breaks.
    table.add_column("Statement", ratio=1, overflow="fold")
    for rate in found[0].groups:
        table.add_column(rate.group or say.SHAPING, no_wrap=True)
    table.add_column("Margin", justify="right")
    # The number of fake participants that would remove the label, and in which group.
    table.add_column("Overturned by")
    for item in found[:_TOP]:
        cells = [Text(say.figure(rate)) for rate in item.groups]
        cells += [Text(say.margin(item)), Text(say.strength(item))]
        table.add_row(Text(texts[item.statement]), *cells)
    out.print(table)
    if len(found) > _TOP:
        out.print(Text(f"  and {len(found) - _TOP} more"))


def _representative(out: Console, facts: MapFacts, texts: Mapping[int, str]) -> None:
    table = Table(title="What marks each group", title_justify="left", show_lines=True)
    for head in ("Group", "Statement", "How"):
        table.add_column(head, ratio=None if head == "Group" else 1, overflow="fold")
    for group in facts.groups:
        for item in group.representative:
            table.add_row(group.label, Text(texts[item.statement]), say.marked(item, facts))
    out.print(table)


def _problems(errors: Console, export: PolisExport) -> None:
    if not export.problems:
        return
    errors.print(Text(f"Left out or mended: {len(export.problems)}"))
    for problem in export.problems[:_PROBLEMS]:
        errors.print(Text(f"  {problem}"))
    if len(export.problems) > _PROBLEMS:
        errors.print(Text(f"  and {len(export.problems) - _PROBLEMS} more"))
