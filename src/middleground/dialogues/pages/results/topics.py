"""The published map by topic: all topics, one topic, and what is in none."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures, findings
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.dialogues.results.summary import statement_counts
from middleground.dialogues.results.topics.by_topic import (
    OTHER,
    TopicPart,
    part_of,
    topic_parts,
)

LONGEST_LIST = 100


@cached_page()
@require_safe
@conditional_page
def show_topics(request: HttpRequest, slug: str) -> HttpResponse:
    """List the topics: how many statements each has, and what the map found of them."""
    dialogue = public_dialogue(slug)
    published = newest_map(dialogue)
    page = {
        "dialogue": dialogue,
        "published": published,
        "any_topics": dialogue.topics.exists(),
        "parts": topic_parts(published) if published else [],
        "divided": published is not None and published.facts.status == "groups",
        "phase": dialogue.phase(timezone.now()),
    }
    return _kept(render(request, "dialogues/topics.html", page))


@cached_page()
@require_safe
@conditional_page
def show_topic(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what the map found of the statements of one topic."""
    if number == OTHER:  # which has its own address
        raise Http404
    return _one(request, slug, number)


@cached_page()
@require_safe
@conditional_page
def show_other(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the same of the statements without a topic."""
    return _one(request, slug, OTHER)


def _one(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = public_dialogue(slug)
    published = newest_map(dialogue)
    parts = topic_parts(published) if published else []
    part = next((each for each in parts if each.number == number), None)
    if published is None or part is None:
        raise Http404
    page = {
        "dialogue": dialogue,
        "part": part,
        "parts": parts,
        **_findings(published, part),
    }
    return _kept(render(request, "dialogues/topic.html", page))


def _findings(published: PublishedMap, part: TopicPart) -> dict[str, object]:
    alone, facts = part_of(published, part.keys), published.facts
    labels = [group.label for group in facts.groups] if facts.status == "groups" else []
    middle = findings.middle_ground_entries(alone, holding=True, most=LONGEST_LIST)
    divisive = findings.divisive_entries(alone, holding=True, most=LONGEST_LIST) if labels else []
    return {
        "published": published,
        "labels": labels,
        "middle_ground": middle,
        "divisive": divisive,
        "statements_picture": figures.statements_figure(
            alone, href=alone.address, name=f"topic-{part.number}"
        ),
        "statement_counts": statement_counts(alone),
        "all_statements": findings.overview(alone),
        **figures.numbers_of_participants(published),
    }


def _kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_cache=True)
    return response
