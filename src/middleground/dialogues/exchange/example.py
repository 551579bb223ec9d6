"""Stores the example dialogue with simulated participants."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from middleground.demo import ExampleDialogue, simulate
from middleground.dialogues.exchange.polis import add_participants, count_day, import_votes
from middleground.dialogues.models import Dialogue, Participant, Statement, StatementTopic, Topic
from middleground.dialogues.sealing.records import seal_example
from middleground.texts.sameness import dedup_hash

DAYS = 120  # so long ago it began: long enough for answers to be late


def store_example(example: ExampleDialogue, today: date, *, closed: bool = False) -> Dialogue:
    """Store the example with its simulated votes, unless it is there already."""
    there = Dialogue.objects.filter(slug=example.slug).first()
    if there is not None:
        return there
    with transaction.atomic():
        dialogue = Dialogue.objects.create(
            slug=example.slug,
            question=example.question,
            background=example.background,
            host_name=example.host,
            promise=example.outcome,
            state=Dialogue.State.CLOSED if closed else Dialogue.State.OPEN,
            takes_comments=not closed,
            simulated=True,
        )
        first_day = today - timedelta(days=DAYS)
        keys = _store_statements(dialogue, example, first_day)
        _store_topics(dialogue, example, keys)
        votes = simulate(example).votes
        numbers = set(votes.participant.tolist())
        participants = add_participants(dialogue, numbers, Participant.Tier.OPEN)
        import_votes(dialogue, votes, participants, keys)
        seal_example(dialogue)
        _spread_over_days(dialogue, first_day, len(numbers), len(votes))
    return dialogue


def _store_statements(dialogue: Dialogue, example: ExampleDialogue, day: date) -> dict[int, int]:
    """Store the statements in the order of the file; return primary keys by index in it."""
    shown = [
        Statement(
            dialogue=dialogue,
            number=number,
            text=item.text,
            dedup_hash=dedup_hash(item.text),
            origin=Statement.Origin.SEED,
            status=Statement.Status.APPROVED,
            reviewed=True,
            received_on=day,
        )
        for number, item in enumerate(example.statements, start=1)
    ]
    queued = [
        Statement(
            dialogue=dialogue,
            number=number,
            text=queue_item.text,
            dedup_hash=dedup_hash(queue_item.text),
            status=queue_item.state,
            reason=queue_item.reason,
            reviewed=queue_item.state == "rejected",
            rejected_on=day + timedelta(days=DAYS) if queue_item.state == "rejected" else None,
            received_on=day + timedelta(days=DAYS - 1),
        )
        for number, queue_item in enumerate(example.queue, start=len(shown) + 1)
    ]
    Statement.objects.bulk_create([*shown, *queued])
    numbers = dict(dialogue.statements.values_list("number", "pk"))
    return {index: numbers[index + 1] for index in range(len(shown))}


def _store_topics(dialogue: Dialogue, example: ExampleDialogue, keys: dict[int, int]) -> None:
    topics = {
        name: Topic(dialogue=dialogue, number=number, place=number, name=name)
        for number, name in enumerate(example.topics, start=1)
    }
    Topic.objects.bulk_create(topics.values())
    StatementTopic.objects.bulk_create(
        StatementTopic(topic=topics[item.topic], statement_id=keys[index])
        for index, item in enumerate(example.statements)
        if item.topic
    )


def _spread_over_days(dialogue: Dialogue, first: date, participants: int, votes: int) -> None:
    """Store daily counts that fall over time, as is usual, and add up to the totals."""
    weights = [1 / (day + 2) for day in range(DAYS)]
    shares = [weight / sum(weights) for weight in weights]
    so_far = [sum(shares[: day + 1]) for day in range(DAYS)]
    before = (0, 0)
    for day, share in enumerate(so_far):
        now = (round(participants * share), round(votes * share))
        count_day(dialogue, first + timedelta(days=day), now[0] - before[0], now[1] - before[1])
        before = now
