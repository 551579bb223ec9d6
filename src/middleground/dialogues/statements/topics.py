"""Sorting statements into topics: what staff do, and nothing that changes a figure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, GoneNumber, StatementTopic, Topic, Verb
from middleground.dialogues.models.texts.topic import (
    LONGEST_NAME,
    MOST_OF_A_STATEMENT,
    MOST_TOPICS,
)
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User
from middleground.texts.normalise import normalise

COLLECTION = "topics"  # of numbers that are gone


class TopicRefused(Refused):
    """A topic is not made or changed as asked. Of names only these are looked at."""

    refusals = {
        "no_name": RefusalText(_("Write a name for the topic.")),
        "too_long": RefusalText(
            ngettext_lazy(
                "“%(name)s” has %(have)d character; the limit is %(most)d.",
                "“%(name)s” has %(have)d characters; the limit is %(most)d.",
                "have",
            )
        ),
        "name_taken": RefusalText(_("There is a topic “%(name)s” already. Choose another name.")),
        "too_many": RefusalText(
            ngettext_lazy(
                "A dialogue has at most %(most)d topic. Merge or delete some first.",
                "A dialogue has at most %(most)d topics. Merge or delete some first.",
                "most",
            )
        ),
        "no_other": RefusalText(_("Choose the other topic.")),
        "gone": RefusalText(_("This topic is not there any more. Nothing was changed.")),
    }


@dataclass(frozen=True, slots=True)
class SortedStatements:
    """How many came into a topic, and the numbers of those that stayed out.

    ``full`` are in the most topics already, ``gone`` are not among the shown statements.
    """

    added: int
    full: list[int]
    gone: list[int]


@transaction.atomic
def add_topic(
    staff: User, dialogue: Dialogue, name: str, numbers: Collection[int] = ()
) -> tuple[Topic, SortedStatements]:
    """Make a topic, the last in the order, and put statements into it. Raises ``TopicRefused``."""
    dialogue = _locked(dialogue)
    name = _free_name(dialogue, name)
    last = dialogue.topics.aggregate(n=Count("pk"), place=Max("place"))
    if last["n"] >= MOST_TOPICS:
        raise TopicRefused("too_many", most=MOST_TOPICS)
    topic = Topic.objects.create(
        dialogue=dialogue,
        name=name,
        # An address never comes to name another topic.
        number=GoneNumber.objects.next(dialogue, COLLECTION, dialogue.topics.all()),
        place=(last["place"] or 0) + 1,
    )
    log_staff_action(staff, dialogue, Verb.ADD_TOPIC, name=name)
    return topic, _put(staff, topic, numbers)


@transaction.atomic
def add_topics(
    staff: User, dialogue: Dialogue, topics: Sequence[tuple[str, Collection[int]]]
) -> list[tuple[Topic, SortedStatements]]:
    """Make several topics, or none of them. Raises ``TopicRefused``."""
    return [add_topic(staff, dialogue, name, numbers) for name, numbers in topics]


@transaction.atomic
def rename_topic(staff: User, topic: Topic, name: str) -> Topic:
    """Raises ``TopicRefused``."""
    topic = _still_there(topic)
    name = _free_name(topic.dialogue, name, but_not=topic)
    if name != topic.name:
        before, topic.name = topic.name, name
        topic.save(update_fields=["name"])
        log_staff_action(staff, topic.dialogue, Verb.RENAME_TOPIC, before=before, name=name)
    return topic


@transaction.atomic
def delete_topic(staff: User, topic: Topic) -> None:
    """The statements stay as they are. Raises ``TopicRefused``."""
    topic = _still_there(topic)
    _delete(topic)
    log_staff_action(staff, topic.dialogue, Verb.DELETE_TOPIC, name=topic.name)


@transaction.atomic
def merge_topics(staff: User, topic: Topic, into: Topic) -> Topic:
    """Put all statements of ``topic`` into another one, and delete it. Raises ``TopicRefused``."""
    topic, into = _still_there(topic), _still_there(into)
    if topic.pk == into.pk or topic.dialogue_id != into.dialogue_id:
        raise TopicRefused("gone")
    there = into.links.values("statement")
    topic.links.exclude(statement__in=there).update(topic=into)
    _delete(topic)
    log_staff_action(staff, into.dialogue, Verb.MERGE_TOPICS, name=topic.name, into=into.name)
    return into


@transaction.atomic
def move_topic(staff: User, topic: Topic, *, up: bool) -> bool:
    """Let it change places with its neighbor; whether it has one. Raises ``TopicRefused``."""
    topic = _still_there(topic)
    order = list(topic.dialogue.topics.all())
    at = order.index(topic)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(order):
        return False
    order[at], order[other] = order[other], order[at]
    for place, each in enumerate(order, start=1):
        each.place = place
    Topic.objects.bulk_update(order, ["place"])
    log_staff_action(staff, topic.dialogue, Verb.ORDER_TOPICS, name=topic.name)
    return True


@transaction.atomic
def put_into(staff: User, topic: Topic, numbers: Collection[int]) -> SortedStatements:
    """Put shown statements into the topic by their numbers. Raises ``TopicRefused``."""
    return _put(staff, _still_there(topic), numbers)


@transaction.atomic
def take_out(staff: User, topic: Topic, numbers: Collection[int]) -> int:
    """Take statements out of the topic; how many were in it. Raises ``TopicRefused``."""
    topic = _still_there(topic)
    wanted = set(numbers)
    found = topic.links.values_list("pk", "statement__number")
    links = [pk for pk, number in found if number in wanted]
    for part in _parts(links):
        StatementTopic.objects.filter(pk__in=part).delete()
    if links:
        _log_sorted(staff, topic, count=len(links), out=True)
    return len(links)


def _put(staff: User, topic: Topic, numbers: Collection[int]) -> SortedStatements:
    wanted = set(numbers)
    if not wanted:
        return SortedStatements(0, [], [])
    shown = topic.dialogue.statements.votable().values_list("number", "pk")
    found = {number: pk for number, pk in shown if number in wanted}
    links = StatementTopic.objects.filter(topic__dialogue=topic.dialogue).order_by()
    counted = links.values_list("statement").annotate(n=Count("pk"))
    full = {pk for pk, count in counted if count >= MOST_OF_A_STATEMENT}
    there = set(topic.links.values_list("statement", flat=True))
    added = [pk for pk in found.values() if pk not in there and pk not in full]
    StatementTopic.objects.bulk_create(StatementTopic(topic=topic, statement_id=pk) for pk in added)
    if added:
        _log_sorted(staff, topic, count=len(added))
    stayed = sorted(number for number, pk in found.items() if pk in full - there)
    return SortedStatements(len(added), stayed, sorted(wanted - set(found)))


def _log_sorted(staff: User, topic: Topic, **details: Any) -> None:
    verb = Verb.SORT_STATEMENTS
    log_staff_action(staff, topic.dialogue, verb, name=topic.name, **details)


def _parts(keys: Sequence[int], size: int = 500) -> list[Sequence[int]]:
    """Databases limit the number of values in a query."""
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def _locked(dialogue: Dialogue) -> Dialogue:
    return Dialogue.objects.select_for_update().get(pk=dialogue.pk)


def _delete(topic: Topic) -> None:
    GoneNumber.objects.create(dialogue=topic.dialogue, collection=COLLECTION, number=topic.number)
    topic.delete()


def _still_there(topic: Topic) -> Topic:
    """The topic as it is now, with its dialogue locked, so that colleagues take turns."""
    dialogue = _locked(topic.dialogue)
    found = dialogue.topics.filter(pk=topic.pk).first()
    if found is None:
        raise TopicRefused("gone")
    found.dialogue = dialogue
    return found


def _free_name(dialogue: Dialogue, name: str, but_not: Topic | None = None) -> str:
    name = normalise(name)
    if not name:
        raise TopicRefused("no_name")
    if len(name) > LONGEST_NAME:
        raise TopicRefused("too_long", name=name[:60], have=len(name), most=LONGEST_NAME)
    others = dialogue.topics.exclude(pk=but_not.pk) if but_not else dialogue.topics.all()
    taken = {each.casefold() for each in others.values_list("name", flat=True)}
    if name.casefold() in taken:
        raise TopicRefused("name_taken", name=name)
    return name
