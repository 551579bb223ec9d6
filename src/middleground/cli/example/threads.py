"""Comments below some statements of the example: of simulated participants, and of posts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from middleground.cli.example.bodies import Cast
from middleground.core import dates
from middleground.demo import ExampleDialogue
from middleground.demo.answered import Entry, number_of, working_day
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.texts.moderation import TextState
from middleground.texts.sameness import dedup_hash
from middleground.threads.models import NUMBERS, Comment, StatementThread, Thread
from middleground.threads.posts.speak import say_for_post
from middleground.threads.posts.taking_part import admit_body

WRITTEN = -20


def store_threads(
    dialogue: Dialogue, example: ExampleDialogue, told: tuple[Entry, ...], today: date
) -> None:
    """Store the comments as moderators left them. Their numbers are drawn by lot, with a seed."""
    numbers = iter(random.Random(example.seed).sample(NUMBERS, 1000))  # noqa: S311
    for entry in told:
        statement = dialogue.statements.get(number=number_of(example, entry["below"]))
        written = working_day(today, entry.get("on", WRITTEN))
        _store_thread(statement, entry["comments"], numbers, written)


def store_words_of_posts(
    cast: Cast, dialogue: Dialogue, example: ExampleDialogue, told: tuple[Entry, ...], today: date
) -> None:
    """Let posts say what they say, in the names of their bodies."""
    for entry in told:
        statement = dialogue.statements.get(number=number_of(example, entry["below"]))
        for each in entry.get("posts", []):
            post, holder = cast.posts[each["post"]], cast.holders[each["post"]]
            admit_body(cast.staff, dialogue, post.body)
            with dates.entering(working_day(today, WRITTEN)):
                said = say_for_post(
                    holder,
                    post,
                    statement,
                    each["text"],
                    each["stance"],
                    for_others=post.body.speaks_for_people,
                )
            said.move_to(TextState.SHOWN)


def comment_called(dialogue: Dialogue, beginning: str) -> int:
    """The number of the one comment that begins so."""
    return Comment.objects.get(dialogue=dialogue, text__startswith=beginning).number


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
