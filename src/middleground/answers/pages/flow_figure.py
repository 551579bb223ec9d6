"""The picture of the way from concern to answer, and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from middleground.answers.checks.told import NOT_ASKED, ToldCheck
from middleground.answers.queries import ConcernRow, ConcernState
from middleground.dialogues.results.figures import Figure, words
from middleground.pictures import FlowPath, flow, flow_table

MOST_BODIES = 6  # the others are drawn as one
_STATES = list(ConcernState)
# What residents say of an answer, in the order of the picture.
_CHECKS = {
    "yes": gettext_lazy("most say yes"),
    "divided": gettext_lazy("divided"),
    "no": gettext_lazy("most say no"),
    "few": gettext_lazy("too few to tell"),
    "asked": gettext_lazy("being asked"),
    NOT_ASKED: gettext_lazy("not asked yet"),
}


def flow_figure(
    rows: Sequence[ConcernRow], residents: Mapping[int, ToldCheck], file: str = ""
) -> Figure:
    """Concerns by way: case, body, whether it is answered, and whether that answers residents."""
    paths = flow_paths(rows, {case: told.state for case, told in residents.items()})
    stages = (
        _("Concerns"),
        _("Case"),
        _("Body"),
        pgettext("of officials", "Answer"),
        _("Residents"),
    )
    svg = mark_safe(flow(paths, stages, words=words()))  # noqa: S308 -- drawn and escaped by us
    table = flow_table(paths, stages, words=words())
    return Figure("flow", svg, table, _("From concern to answer"), "", file)


def flow_paths(rows: Sequence[ConcernRow], checks: Mapping[int, str]) -> list[FlowPath]:
    """The bodies with the most concerns first; within each, answered first.

    ``checks``: how the checks of answered cases stand, by the case's primary key.
    """
    by_body = Counter(row.cases[0].body_name for row in rows if row.cases)
    shown = [name for name, _count in sorted(by_body.items(), key=lambda each: (-each[1], each[0]))]
    place = {name: min(at, MOST_BODIES) for at, name in enumerate(name for name in shown if name)}
    named = {at: name for name, at in place.items() if at < MOST_BODIES}
    counts: Counter[tuple[int, int, int]] = Counter()
    for row in rows:
        last = len(_STATES) - _STATES.index(row.state)
        if not row.cases:
            counts[MOST_BODIES + 2, last, 0] += 1
        else:
            asked = _asked(row, checks)
            counts[place.get(row.cases[0].body_name, MOST_BODIES + 1), last, asked] += 1
    return [
        FlowPath(_stops(body, named, _STATES[len(_STATES) - last], asked), count)
        for (body, last, asked), count in sorted(counts.items())
    ]


def _asked(row: ConcernRow, checks: Mapping[int, str]) -> int:
    """The place of what residents say in ``_CHECKS``; 0 without an answer."""
    if row.state is not ConcernState.ANSWERED:
        return 0
    return 1 + list(_CHECKS).index(checks.get(row.cases[0].pk, NOT_ASKED))


def _stops(body: int, named: dict[int, str], state: ConcernState, asked: int) -> tuple[str, ...]:
    start, end = pgettext("concerns", "all"), str(state.label)
    if body == MOST_BODIES + 2:
        return (start, end)
    told = {MOST_BODIES: _("other bodies"), MOST_BODIES + 1: _("no body yet")}
    way = (start, _("in a case"), named.get(body) or told[body], end)
    return (*way, str(list(_CHECKS.values())[asked - 1])) if asked else way
