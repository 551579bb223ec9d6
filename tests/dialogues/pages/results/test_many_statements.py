"""The cost of lists of all statements grows linearly with the statements, not quadratically."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dialogues.pages.results.test_results import with_results
from disclosure.made_facts import Counts
from middleground.dialogues.models import StatementExposureCount
from middleground.dialogues.results import findings, open_data
from middleground.dialogues.results.published import PublishedMap, final_map

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FEW, MANY = 30, 240
COUNTS: dict[str, Counts] = {"A": (40, 3, 7), "B": (33, 6, 8)}
Work = Callable[[PublishedMap], object]


def steps(work: Work, published: PublishedMap) -> int:
    """The number of Python instructions that run, which is the same each time."""
    found = 0

    def step(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal found
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        found += event == "opcode"
        return step

    work(published)  # the first run fills the caches
    before = sys.gettrace()
    sys.settrace(step)
    try:
        work(published)
    finally:
        sys.settrace(before)
    return found


def published_map(statements: int) -> PublishedMap:
    found = final_map(with_results(dict.fromkeys(range(1, statements + 1), COUNTS)))
    assert found is not None
    return found


def first_of(published: PublishedMap, count: int) -> PublishedMap:
    """The same map with its first statements only."""
    kept, facts = dict(list(published.statements.items())[:count]), published.facts
    facts = replace(
        facts,
        statements=facts.statements[:count],
        middle_ground=tuple(item for item in facts.middle_ground if item.statement in kept),
        divisive=tuple(item for item in facts.divisive if item.statement in kept),
        groups=tuple(
            replace(g, representative=tuple(r for r in g.representative if r.statement in kept))
            for g in facts.groups
        ),
    )
    disclosed = replace(published.disclosed, facts=facts)
    return replace(published, statements=kept, disclosed=disclosed)


def all_shown(published: PublishedMap) -> object:
    return findings.overview(published)


def all_rows(published: PublishedMap) -> object:
    return list(open_data.rows(published))


def the_document(published: PublishedMap) -> object:
    return open_data.map_data(published)


def looked_for(published: PublishedMap) -> object:
    """The control: a linear search for each statement."""
    return [
        next(item for item in published.facts.statements if item.statement == key)
        for key in published.statements
    ]


@pytest.mark.parametrize(
    ("work", "linear"),
    [(all_shown, True), (all_rows, True), (the_document, True), (looked_for, False)],
)
def test_steps_grow_linearly_with_the_statements(work: Work, linear: bool) -> None:
    many = published_map(MANY)
    few = first_of(many, FEW)
    grown = steps(work, many) / steps(work, few)
    assert (grown < 1.3 * MANY / FEW) == linear


def test_the_table_has_a_row_for_each_statement_with_its_own_address(client: Client) -> None:
    dialogue = with_results(dict.fromkeys(range(1, FEW + 1), COUNTS))
    odd = dialogue.statements.get(number=2)
    dialogue.statements.filter(pk=odd.pk).update(text="{address} %s <b> & {share1}")
    html = client.get(dialogue.get_absolute_url() + "results/").text
    table = html[html.index('class="results-table"') :]
    assert "{address} %s &lt;b&gt; &amp; {share1}" in table
    for statement in dialogue.statements.all():
        address = reverse("statement", args=[dialogue.slug, statement.number])
        assert statement.get_absolute_url() == address
        assert table.count(f'<a href="{address}">') == 1
        assert f'<td class="number">{statement.number}</td>' in table


def test_the_document_is_written_as_pythons_json_writes_it(client: Client) -> None:
    dialogue = with_results(dict.fromkeys(range(1, FEW + 1), COUNTS))
    text = 'É "so"\\ \t\x01\x7f\u2028 </b> 🙂'
    dialogue.statements.filter(number=2).update(text=text)
    first = dialogue.statements.get(number=1)
    StatementExposureCount.objects.create(statement=first, dealt=57, expected=52.5)
    body = client.get(f"{dialogue.get_absolute_url()}results/map.json").content
    data = json.loads(body)
    assert json.dumps(data, ensure_ascii=False, indent=1).encode() == body
    assert data["statements"][1]["text"] == text
    assert [each["exposure"] for each in data["statements"][:2]] == [
        {"dealt": [55, 59], "expected": [50, 54]},
        None,
    ]
