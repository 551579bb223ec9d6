"""A published map in parts: what it says of the statements of each topic.

A part is the same published map with fewer statements, so it holds nothing that the whole map does
not show, and every figure of a statement is the same in both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from middleground.dialogues.models import Dialogue, StatementTopic, Topic
from middleground.dialogues.results.published import PublishedMap
from middleground.dialogues.translations.shown import ShownText, shown_text

OTHER = 0  # stands for the statements without a topic


@dataclass(frozen=True, slots=True)
class TopicPart:
    """A topic that has public statements, or the statements without one (number ``OTHER``).

    ``keys`` are its statements; of them ``shared`` are middle ground and ``split`` divisive.
    """

    number: int
    name: str
    shown: ShownText
    address: str
    keys: frozenset[int]
    shared: int
    split: int

    @property
    def statements(self) -> int:
        return len(self.keys)


def topic_parts(published: PublishedMap) -> list[TopicPart]:
    """The topics in the order of staff, then what is in none; empty if there is no topic."""
    if published.tier or published.facts.status == "too_little":
        return []
    topics = list(published.dialogue.topics.all())
    if not topics:
        return []
    inside: dict[int, set[int]] = {topic.pk: set() for topic in topics}
    links = StatementTopic.objects.filter(topic__dialogue=published.dialogue)
    for topic, statement in links.values_list("topic_id", "statement_id"):
        if statement in published.statements and topic in inside:
            inside[topic].add(statement)
    found = [_part(published, each, inside[each.pk]) for each in topics if inside[each.pk]]
    other = set(published.statements).difference(*inside.values())
    return [*found, _other(published, other)] if found and other else found


def part_of(published: PublishedMap, keys: Collection[int]) -> PublishedMap:
    """The published map with these statements alone."""
    facts = published.facts
    groups = tuple(
        replace(group, representative=tuple(r for r in group.representative if r.statement in keys))
        for group in facts.groups
    )
    part = replace(
        facts,
        groups=groups,
        statements=tuple(item for item in facts.statements if item.statement in keys),
        middle_ground=tuple(item for item in facts.middle_ground if item.statement in keys),
        divisive=tuple(item for item in facts.divisive if item.statement in keys),
    )
    return replace(
        published,
        disclosed=replace(published.disclosed, facts=part),
        statements={key: each for key, each in published.statements.items() if key in keys},
    )


def topics_of_statement(dialogue: Dialogue, statement: int) -> list[Topic]:
    """In the order of staff."""
    found = list(dialogue.topics.filter(links__statement=statement))
    for topic in found:
        topic.dialogue = dialogue
    return found


def _part(published: PublishedMap, topic: Topic, keys: Collection[int]) -> TopicPart:
    topic.dialogue = published.dialogue
    address = topic.get_absolute_url()
    shown, counts = shown_text(topic), _counts(published, keys)
    return TopicPart(topic.number, topic.name, shown, address, frozenset(keys), *counts)


def _other(published: PublishedMap, keys: Collection[int]) -> TopicPart:
    address = reverse("topic-other", args=[published.dialogue.slug])
    name = _("Other statements")
    shown = ShownText(name, get_language() or "")
    return TopicPart(OTHER, name, shown, address, frozenset(keys), *_counts(published, keys))


def _counts(published: PublishedMap, keys: Collection[int]) -> tuple[int, int]:
    facts = published.facts
    shared = sum(item.holds and item.statement in keys for item in facts.middle_ground)
    if facts.status != "groups":
        return shared, 0
    return shared, sum(item.holds and item.statement in keys for item in facts.divisive)
