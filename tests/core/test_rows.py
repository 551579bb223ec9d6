"""The tag for rows of a table gives what a loop gives, and renders its content once."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.template.base import VariableNode

AS_ROWS = Template(
    "{% load rows %}<b>{% each_row rows %}"
    '<tr><td class="{{ kind }}">{number}</td><th>{text}</th>'
    "{% for _ in heads %}<td>{share{{ forloop.counter }}}</td>{% endfor %} 5 % { }</tr>"
    "{% endeach_row %}</b>"
)
AS_A_LOOP = Template(
    "<b>{% for row in rows %}"
    '<tr><td class="{{ kind }}">{{ row.number }}</td><th>{{ row.text }}</th>'
    "<td>{{ row.share1 }}</td><td>{{ row.share2 }}</td> 5 % { }</tr>"
    "{% endfor %}</b>"
)
TEXTS = ("plain", '<b> & "it\'s"', "{number} {text} {x.y} {0} %s %(n)s {{ kind }} {% now %}", "")


def context(count: int) -> Context:
    rows = [
        {"number": str(n), "text": TEXTS[n % len(TEXTS)], "share1": f"{n} %", "share2": "<5"}
        for n in range(count)
    ]
    return Context({"rows": rows, "heads": ["A", "B"], "kind": '"><x>'})


@pytest.mark.parametrize("count", [0, 1, 9])
def test_rows_are_those_of_a_loop(count: int) -> None:
    assert AS_ROWS.render(context(count)) == AS_A_LOOP.render(context(count))


@pytest.mark.parametrize(("template", "once"), [(AS_ROWS, True), (AS_A_LOOP, False)])
def test_the_content_is_rendered_once(
    template: Template, once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = []
    render = VariableNode.render

    def count_and_render(node: VariableNode, given: Context) -> str:
        rendered.append(node)
        return render(node, given)

    monkeypatch.setattr(VariableNode, "render", count_and_render)
    template.render(context(2))
    few = len(rendered)
    rendered.clear()
    template.render(context(200))
    assert few > 0
    assert (len(rendered) == few) == once


def test_a_name_that_no_row_has_is_an_error() -> None:
    template = Template("{% load rows %}{% each_row rows %}{nmber}{% endeach_row %}")
    with pytest.raises(KeyError, match="nmber"):
        template.render(context(1))
