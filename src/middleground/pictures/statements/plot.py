"""The picture of statements: one mark for each, its place the groups' agreement with it.

With two groups the axes are the groups. With more, the horizontal axis is the share that agrees in
the most willing group, and the vertical axis that in the least willing one: what all share is at
the top right in both. Without groups there is one axis, everyone's share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from middleground.engine.facts import MapFacts, Rate
from middleground.pictures.labels import ENGLISH, Words, percent, share_figure, who
from middleground.pictures.statements.plotted import Plotted, has_ranges, plotted
from middleground.pictures.statements.sheet import WIDTH, StatementSheet
from middleground.pictures.svg import picture
from middleground.pictures.tables import Table


def statement_plot(
    facts: MapFacts,
    texts: Mapping[int, str],
    *,
    minimum: int = 5,
    href: Callable[[int], str] | None = None,
    prefix: str = "statements",
    words: Words = ENGLISH,
    standalone: bool = False,
) -> str:
    """The picture of statements as SVG text.

    ``texts`` are the statements' words; ``href`` gives the address of a statement with a number.
    """
    marks = plotted(facts, minimum, words)
    sheet = StatementSheet(facts, marks, words)
    return picture(
        sheet.drawn(texts, href),
        prefix=prefix,
        size=(WIDTH, round(sheet.height)),
        title=words.plot_title,
        desc=_description(facts, marks, texts, words),
        class_="pic-wide",
        links=href is not None,
        standalone=standalone,
    )


def statement_plot_table(
    facts: MapFacts, texts: Mapping[int, str], *, minimum: int = 5, words: Words = ENGLISH
) -> Table:
    """The same facts: each statement, what it is, and the share that agrees in each group."""
    labels = [group.label for group in facts.groups] if facts.status == "groups" else [""]
    rows = []
    for each in plotted(facts, minimum, words):
        rates = {rate.group: rate for rate in (each.facts.everyone, *each.facts.groups)}
        shares = (share_figure(rates[label], words, minimum) for label in labels)
        rows.append((texts.get(each.facts.statement, ""), _finding(each, words), *shares))
    header = (words.head_statement, words.head_finding, *(who(label, words) for label in labels))
    return Table(header, tuple(rows))


def _finding(each: Plotted, words: Words) -> str:
    if not each.kind:
        return words.plot_neither
    name = words.plot_shared if each.kind == "middle_ground" else words.plot_divisive
    return f"{name} {each.rank}" if each.rank else name


def _description(
    facts: MapFacts, marks: Sequence[Plotted], texts: Mapping[int, str], words: Words
) -> str:
    if facts.status != "groups":
        axes = words.plot_desc_one
    else:
        axes = words.plot_desc_two if len(facts.groups) == 2 else words.plot_desc_more
    said = [axes, words.plot_ranges] if has_ranges(marks) else [axes]
    for each in _numbered(marks):
        shares = ", ".join(_share(rate, words) for rate in each.facts.groups or each.rates)
        quoted = texts.get(each.facts.statement, "")
        said.append(f"{_finding(each, words)}: “{quoted}” ({shares}).")
    return " ".join(said)


def _share(rate: Rate, words: Words) -> str:
    told = percent(rate.rate, words) if rate.rate is not None else share_figure(rate, words, 0)
    return f"{who(rate.group, words)} {told}"


def _numbered(marks: Sequence[Plotted]) -> list[Plotted]:
    """The statements with a number: first what is shared, then what divides."""
    numbered = [each for each in marks if each.rank]
    return sorted(numbered, key=lambda each: (each.kind == "divisive", each.rank))
