"""The shown statements with their topics, filtered and page by page, and the topics with counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse

from middleground.core.page.paging import list_page
from middleground.dialogues.desk.statements.chosen import as_ranges, is_number
from middleground.dialogues.models import (
    Dialogue,
    Statement,
    StatementQuerySet,
    StatementTopic,
    Topic,
)
from middleground.dialogues.models.texts.topic import MOST_OF_A_STATEMENT
from middleground.dialogues.texts.search import containing

PAGE = 100
WITHOUT = "none"  # the value of ``in`` for statements without a topic
_PLACE = ("q", "in", "page")


def topics_of(dialogue: Dialogue) -> list[Topic]:
    """In the order of staff, each with ``shown``: how many shown statements it has."""
    shown = Count("links", filter=Q(links__statement__status=Statement.Status.APPROVED))
    return list(dialogue.topics.annotate(shown=shown))


def listing(dialogue: Dialogue, place: QueryDict, chosen: Collection[int]) -> dict[str, Any]:
    """The template context; ``chosen`` are the ticked numbers."""
    topics, words = topics_of(dialogue), _words(place)
    inside = place.get("in", "")
    found = matching(dialogue, place)
    page = list_page(place, found, PAGE, others=("q", "in"))
    ticked = place.get("tick") == "page"
    if ticked:
        chosen = {statement.number for statement in page.rows}
    return {
        "topics": topics,
        "query": words,
        "inside": inside,
        "inside_topic": next((each for each in topics if str(each.number) == inside), None),
        "page": page,
        "rows": _rows(page.rows, topics, chosen),
        "of": as_ranges(list(found.values_list("number", flat=True))) if page.has_others else "",
        "all_shown": dialogue.statements.votable().count(),
        "without": _without(dialogue.statements.votable()).count(),
        "place": urlencode(place_in(place)),
        "ticked": ticked,
        "most": MOST_OF_A_STATEMENT,
    }


def _rows(
    statements: Sequence[Statement], topics: Sequence[Topic], chosen: Collection[int]
) -> list[tuple[Statement, bool, list[str]]]:
    """Each statement, whether it is ticked, and the names of its topics."""
    keys = [statement.pk for statement in statements]
    links = StatementTopic.objects.filter(statement__in=keys)
    inside: dict[int, set[int]] = defaultdict(set)
    for statement, topic in links.values_list("statement_id", "topic_id"):
        inside[statement].add(topic)
    return [
        (
            each,
            each.number in chosen,
            [topic.name for topic in topics if topic.pk in inside[each.pk]],
        )
        for each in statements
    ]


def matching(dialogue: Dialogue, place: Mapping[str, str]) -> StatementQuerySet:
    """The shown statements of the list at ``place``, on all its pages."""
    found, words, inside = dialogue.statements.votable(), _words(place), place.get("in", "")
    if inside == WITHOUT:
        found = _without(found)
    elif is_number(inside):
        found = found.filter(topic_links__topic__number=int(inside))
    if words:
        by_number = Q(number=int(words)) if is_number(words) else Q()
        found = found.filter(containing(words, found) | by_number)
    return found.order_by("number")


def place_in(query: Mapping[str, str]) -> dict[str, str]:
    """The query parameters that give the position in the list."""
    return {name: query[name] for name in _PLACE if query.get(name)}


def address_of(dialogue: Dialogue, place: Mapping[str, str]) -> str:
    """The same list again."""
    address, query = reverse("desk_topics", args=[dialogue.slug]), place_in(place)
    return f"{address}?{urlencode(query)}" if query else address


def _without(statements: StatementQuerySet) -> StatementQuerySet:
    return statements.filter(topic_links=None)


def _words(place: Mapping[str, str]) -> str:
    return place.get("q", "").replace("\0", "")[:200].strip()
