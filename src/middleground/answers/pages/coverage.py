"""The public list of all concerns of a dialogue, each with what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from middleground.answers.agreement import agreed_by_group, middle_ground
from middleground.answers.checks.told import ToldCheck
from middleground.answers.pages.flow_figure import flow_figure
from middleground.answers.pages.news import news_of, residents_of, told_once
from middleground.answers.pages.today import today
from middleground.answers.queries import (
    CaseLine,
    ConcernRow,
    ConcernState,
    concern_rows,
    coverage_of,
)
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results.figures import Figure, file_of
from middleground.dialogues.results.picture_files import PictureFile
from middleground.dialogues.results.published import newest_map
from middleground.people.models import Level

CONCERNS_ON_A_PAGE = 100
OPEN = "open"  # all that has no answer yet
ALL_GROUPS = "all"  # the middle ground


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to list. An empty field lists all."""

    body: str = ""
    level: str = ""
    state: str = ""
    group: str = ""

    def takes(self, row: ConcernRow, agreed: Mapping[str, Collection[int]]) -> bool:
        """``agreed``: numbers of the statements that each group agrees with."""
        right = row.is_open if self.state == OPEN else self.state in ("", row.state)
        right = right and (not self.group or row.number in agreed[self.group])
        of_a_body = self.body or self.level
        return right and (not of_a_body or any(self._has(line) for line in row.cases))

    def _has(self, line: CaseLine) -> bool:
        right_body = not self.body or line.body == self.body
        return right_body and (not self.level or line.level == self.level)

    def query(self) -> str:
        """The part of an address that chooses the same, to put another field behind."""
        named = asdict(self)
        chosen = urlencode({name: value for name, value in named.items() if value})
        return f"{chosen}&" if chosen else ""


@cached_page(query=("page", "body", "level", "state", "group"))
@require_safe
def show_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    rows = concern_rows(dialogue, today())
    bodies = {line.body: line.body_name for row in rows for line in row.cases if line.body}
    agreed = _agreed(dialogue)
    chosen = _chosen(request.GET, bodies, agreed)
    found = [row for row in rows if chosen.takes(row, agreed)]
    listed = Paginator(found, CONCERNS_ON_A_PAGE).get_page(request.GET.get("page"))
    residents = residents_of(rows)
    levels = {line.level for row in rows for line in row.cases}
    page = {
        "dialogue": dialogue,
        "coverage": coverage_of(rows),
        "has_cases": any(row.cases or row.aside for row in rows),
        "figure": _drawn(rows, residents, slug) if listed.number == 1 else None,
        "chosen": chosen,
        "bodies": sorted(bodies.items(), key=lambda each: each[1].casefold()),
        "levels": [choice for choice in Level.choices if choice[0] in levels],
        "states": ConcernState.choices,
        "groups": [label for label in agreed if label != ALL_GROUPS],
        "found": len(found),
        "listed": listed,
        "concerns": told_once(news_of(dialogue, list(listed), residents)),
    }
    return render(request, "answers/coverage.html", page)


def _drawn(rows: Sequence[ConcernRow], residents: Mapping[int, ToldCheck], slug: str) -> Figure:
    return flow_figure(rows, residents, file_of("answers-picture", slug))


def flow_picture(slug: str) -> PictureFile:
    """The way from concern to answer as a file."""
    dialogue, on = public_dialogue(slug), today()
    rows = concern_rows(dialogue, on)
    if not any(row.cases or row.aside for row in rows):
        raise Http404
    figure = flow_figure(rows, residents_of(rows))
    page = reverse("answers", args=[slug])
    return PictureFile(figure.svg, figure.caption, dialogue, page, on)


def _agreed(dialogue: Dialogue) -> dict[str, set[int]]:
    """By group, and for all groups, what they agree with; empty without distinct groups."""
    published = newest_map(dialogue)
    agreed = agreed_by_group(published) if published else {}
    return {ALL_GROUPS: middle_ground(published), **agreed} if published and agreed else {}


def _chosen(sent: QueryDict, bodies: Collection[str], groups: Collection[str]) -> Chosen:
    """What the form asks for; what it does not offer chooses nothing."""
    offered = {
        "body": bodies,
        "level": Level.values,
        "state": (OPEN, *ConcernState.values),
        "group": groups,
    }
    values = {name: sent.get(name, "") for name in offered}
    return Chosen(**{name: value for name, value in values.items() if value in offered[name]})
