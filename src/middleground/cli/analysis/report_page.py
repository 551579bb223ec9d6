"""The report as one HTML file without external resources or scripts; all texts are escaped.

Only the description may be Markdown. It is rendered and sanitised as on the web pages.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from importlib.resources import files

from middleground import pictures
from middleground.cli.analysis import report_text as say
from middleground.core.page import markdown
from middleground.engine.facts import Finding, Group, MapFacts
from middleground.pictures import ENGLISH, Table
from middleground.polis import PolisExport

_TOP, _PROBLEMS = 15, 50


def report_page(export: PolisExport, facts: MapFacts) -> str:
    """The whole report. Figures about fewer than five participants are withheld."""
    texts = {item.id: say.one_line(item.text) for item in export.statements}
    style = files(__package__).joinpath("report.css").read_text("utf-8") + pictures.css()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = say.one_line(export.topic) or "An opinion map"
    body = [
        _header(export, facts, title),
        _statements(facts, texts),
        _map(facts, texts),
        _middle(facts, texts),
        _divisive(facts, texts),
        _sureness(facts),
        _all_statements(facts, texts),
        _method(export, facts),
    ]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{''.join(body)}\n</body>\n</html>\n"
    )


def _foreign(text: str) -> str:
    """Escape words of a participant or host, and isolate their language and direction."""
    return f'<bdi lang="" dir="auto">{escape(text)}</bdi>'


def _header(export: PolisExport, facts: MapFacts, title: str) -> str:
    d = facts.diagnostics
    numbers = (
        (d.participants, "participants"),
        (d.statements, "statements"),
        (d.votes, "votes"),
    )
    shown = "".join(f"<div><dt>{name}</dt><dd>{n:,}</dd></div>" for n, name in numbers)
    rendered = markdown.render(export.description)
    about = f'<div class="about" lang="" dir="auto">{rendered}</div>\n' if rendered else ""
    url = export.url.strip()
    source = f'<p><a href="{escape(url)}" rel="noreferrer">{escape(url)}</a></p>'
    parity = f"<p><strong>{escape(say.PARITY)}</strong></p>\n" if facts.parity else ""
    safe = url.startswith(("https://", "http://"))
    return (
        f'<header>\n<p class="soft">Opinion map</p>\n<h1>{_foreign(title)}</h1>\n'
        f'{about}{source if safe else ""}<dl class="figures">{shown}</dl>\n'
        f"<p>{escape(say.status(facts))}</p>\n{parity}</header>\n<main>\n"
    )


def _table(table: Table, caption: str, *, foreign: bool = False) -> str:
    """A table; ``foreign``: the first column holds participants' words."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.header)
    rows = []
    for first, *rest in table.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        name = _foreign(first) if foreign else escape(first)
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _folded(table: Table, caption: str, *, foreign: bool = False) -> str:
    shown = _table(table, caption, foreign=foreign)
    return f"<details><summary>The figures as a table</summary>{shown}</details>"


def _section(name: str, title: str, *parts: str) -> str:
    heading = f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n'
    return f"{heading}{''.join(parts)}</section>\n"


def _statements(facts: MapFacts, texts: Mapping[int, str]) -> str:
    if facts.status == "too_little":
        return ""
    picture = pictures.statement_plot(facts, texts, minimum=say.MINIMUM)
    figures = pictures.statement_plot_table(facts, texts, minimum=say.MINIMUM)
    caption = "What people agree on, statement by statement"
    folded = _folded(figures, caption, foreign=True)
    return _section("statements", caption, f"<figure>{picture}</figure>", folded)


def _map(facts: MapFacts, texts: Mapping[int, str]) -> str:
    picture = pictures.opinion_map(facts, texts, prefix="map", minimum=say.MINIMUM)
    figures = pictures.opinion_map_table(facts, minimum=say.MINIMUM)
    parts = [f"<figure>{picture}</figure>", _table(figures, "What the map shows")]
    if facts.status == "groups":
        parts += [_marks(facts, group, texts) for group in facts.groups]
    return _section("groups", "Opinion groups", *parts)


def _marks(facts: MapFacts, group: Group, texts: Mapping[int, str]) -> str:
    items = [
        f"<li>{_foreign(texts[item.statement])}<br>"
        f'<span class="soft">{escape(say.marked(item, facts))}</span></li>'
        for item in group.representative
    ]
    listed = f"<ul>{''.join(items)}</ul>" if items else "<p>No statement marks it surely.</p>"
    return f"<h3>What marks group {escape(group.label)}</h3>{listed}"


def _ranked(findings: Iterable[Finding], texts: Mapping[int, str], prefix: str) -> str:
    items, words = [], replace(ENGLISH, everyone=say.SHAPING)
    for k, item in enumerate(findings):
        picture = pictures.rate_bars(item, prefix=f"{prefix}-{k}", minimum=say.MINIMUM, words=words)
        figures = pictures.rate_bars_table(item, minimum=say.MINIMUM, words=words)
        items.append(
            f'<li><p class="text">{_foreign(texts[item.statement])}</p>'
            f'<p class="soft">{escape(say.overturned(item))}</p><figure>{picture}</figure>'
            f"{_folded(figures, f'Share that agrees, statement {item.statement}')}</li>"
        )
    return f'<ol class="findings">{"".join(items)}</ol>'


def _listed(
    facts: MapFacts,
    findings: tuple[Finding, ...],
    texts: Mapping[int, str],
    prefix: str,
    meaning: str,
) -> str:
    found, certainty = say.earned(findings), say.certainty(facts)
    if not found:
        return f"<p>No statement is {meaning}{certainty}.</p>"
    comma = "," if certainty else ""
    many = f"{len(found)} of {len(findings)} statements are {meaning}{comma}{certainty}."
    if len(found) > _TOP:
        many += f" The first {_TOP} are shown."
    return f"<p>{many}</p>" + _ranked(found[:_TOP], texts, prefix)


def _middle(facts: MapFacts, texts: Mapping[int, str]) -> str:
    if facts.status == "too_little":
        return ""
    listed = _listed(facts, facts.middle_ground, texts, "middle", say.meaning(facts))
    return _section("middle", "Middle ground", listed)


def _divisive(facts: MapFacts, texts: Mapping[int, str]) -> str:
    if facts.status != "groups":
        return ""
    meaning = "answered oppositely by the groups"
    listed = _listed(facts, facts.divisive, texts, "divisive", meaning)
    return _section("divisive", "Divisive", listed)


def _sureness(facts: MapFacts) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in say.sureness_lines(facts))
    parts = [f"<ul>{lines}</ul>"]
    if facts.status == "groups" and not facts.parity:
        picture = pictures.sureness(facts, prefix="sure", minimum=say.MINIMUM)
        figures = pictures.sureness_table(facts, minimum=say.MINIMUM)
        parts.append(f"<figure>{picture}</figure>{_folded(figures, 'How clearly people belong')}")
    return _section("sure", "How sure we are", *parts)


def _all_statements(facts: MapFacts, texts: Mapping[int, str]) -> str:
    """How many people gave each answer to every statement."""
    tallies = [item.everyone.tally for item in facts.statements]
    votes = [pictures.CountedVotes("", tally, tally) for tally in tallies]
    counted = pictures.vote_bars_table(votes, minimum=say.MINIMUM)
    rows = tuple(
        (texts[item.statement], *row[1:])
        for item, row in zip(facts.statements, counted.rows, strict=True)
    )
    table = Table(("Statement", *counted.header[1:]), rows)
    listed = _table(table, "Answers of all who voted on it", foreign=True)
    return _section("all", "All statements", listed)


def _method(export: PolisExport, facts: MapFacts) -> str:
    rejected = sum(item.status == "rejected" for item in export.statements)
    intervals = "There are no intervals." if facts.parity else "Intervals are 90% intervals."
    lines = [
        f"Read from a Polis export; {export.sign.reason}.",
        f"Rejected statements, left out with their votes: {rejected}.",
        f"Figures of fewer than {say.MINIMUM} people are withheld. {intervals}",
        f"middleground {facts.engine_version}, seed {facts.seed}, "
        f"{len(facts.model.scale)} dimensions. Hash of the votes: {facts.input_hash}.",
        *export.notes,
    ]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    parts = [f"<ul>{items}</ul>"]
    if export.problems:
        shown = "".join(f"<li>{escape(str(p))}</li>" for p in export.problems[:_PROBLEMS])
        more = len(export.problems) - _PROBLEMS
        rest = f"<p>and {more} more</p>" if more > 0 else ""
        parts.append(
            f"<details><summary>Rows left out or mended: {len(export.problems)}</summary>"
            f"<ul>{shown}</ul>{rest}</details>"
        )
    return _section("making", "How this was made", *parts) + "</main>"
