"""Comments of simulated participants below some statements of the example."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from middleground.demo import ExampleDialogue
from middleground.demo.answered import Entry, number_of, working_day
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.texts.normalise import dedup_hash
from middleground.threads.models import NUMBERS, Comment, StatementThread, Thread

WRITTEN = -20


def store_threads(
    dialogue: Dialogue, example: ExampleDialogue, told: tuple[Entry, ...], today: date
) -> None:
    """Store the comments as moderators left them. Their numbers are drawn by lot, with a seed."""
    numbers = iter(random.Random(example.seed).sample(NUMBERS, 1000))  # noqa: S311
    for entry in told:
        statement = dialogue.statements.get(number=number_of(example, entry["below"]))
        _store_thread(statement, entry["comments"], numbers, working_day(today, WRITTEN))


def _store_thread(
    statement: Statement, comments: list[Entry], numbers: Iterator[int], on: date
) -> None:
    thread = Thread.objects.create(dialogue=statement.dialogue)
    StatementThread.objects.create(statement=statement, thread=thread)
    agree, disagree = _voters(statement, 1), _voters(statement, -1)

    def say(text: str, author: Participant, **where: object) -> Comment:
        return Comment.objects.create(
            dialogue=statement.dialogue,
            thread=thread,
            number=next(numbers),
            text=text,
            dedup_hash=dedup_hash(text),
            author=author,
            tier=author.tier,
            status=Comment.Status.APPROVED,
            reviewed=True,
            received_on=on,
            **where,
        )

    for each in comments:
        others = agree if each["stance"] == "against" else disagree
        author = next(disagree if each["stance"] == "against" else agree)
        comment = say(each["text"], author, stance=each["stance"])
        for words in each.get("replies", []):
            say(words, next(others), parent=comment)


def _voters(statement: Statement, value: int) -> Iterator[Participant]:
    """Participants who voted so on the statement."""
    voted = Participant.objects.filter(votes__statement=statement, votes__value=value)
    return iter(voted.order_by("pk")[:20])
