"""The picture of the way from concern to answer, and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from middleground.answers.queries import ConcernRow, ConcernState
from middleground.dialogues.results.figures import Figure, words
from middleground.pictures import FlowPath, flow, flow_table

MOST_BODIES = 6  # the others are drawn as one
_STATES = list(ConcernState)


def flow_figure(rows: Sequence[ConcernRow]) -> Figure:
    """Concerns by way: case, body, and whether it is answered."""
    paths, stages = flow_paths(rows), (_("Concerns"), _("Case"), _("Body"), _("Answer"))
    svg = mark_safe(flow(paths, stages, words=words()))  # noqa: S308 -- drawn and escaped by us
    table = flow_table(paths, stages, words=words())
    return Figure("flow", svg, table, _("From concern to answer"), "")


def flow_paths(rows: Sequence[ConcernRow]) -> list[FlowPath]:
    """The bodies with the most concerns first; within each, answered first."""
    by_body = Counter(row.cases[0].body_name for row in rows if row.cases)
    shown = [name for name, _count in sorted(by_body.items(), key=lambda each: (-each[1], each[0]))]
    place = {name: min(at, MOST_BODIES) for at, name in enumerate(name for name in shown if name)}
    named = {at: name for name, at in place.items() if at < MOST_BODIES}
    counts: Counter[tuple[int, int]] = Counter()
    for row in rows:
        last = len(_STATES) - _STATES.index(row.state)
        if not row.cases:
            counts[MOST_BODIES + 2, last] += 1
        else:
            counts[place.get(row.cases[0].body_name, MOST_BODIES + 1), last] += 1
    return [
        FlowPath(_stops(body, named, _STATES[len(_STATES) - last]), count)
        for (body, last), count in sorted(counts.items())
    ]


def _stops(body: int, named: dict[int, str], state: ConcernState) -> tuple[str, ...]:
    start, end = _("all"), _("waiting") if state is ConcernState.WAITING else str(state.label)
    if body == MOST_BODIES + 2:
        return (start, end)
    told = {MOST_BODIES: _("other bodies"), MOST_BODIES + 1: _("no body yet")}
    return (start, _("in a case"), named.get(body) or told[body], end)
