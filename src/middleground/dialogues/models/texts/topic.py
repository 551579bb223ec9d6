"""The topics into which staff sort a dialogue's statements.

They are for finding one's way: no vote, map or figure depends on them. Tables of their own, so that
the statements of the map do not change when staff sort them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

LONGEST_NAME = 40
MOST_TOPICS = 40  # of a dialogue
MOST_OF_A_STATEMENT = 3
MANY_STATEMENTS = 60  # beyond, the desk suggests to sort them


class Topic(models.Model):
    """A topic of a dialogue. ``place`` is its place in the order that staff chose."""

    dialogue = models.ForeignKey("dialogues.Dialogue", models.CASCADE, related_name="topics")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    place = models.PositiveIntegerField()
    statements = models.ManyToManyField(
        "dialogues.Statement", through="StatementTopic", related_name="topics"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="topic_number_once"),
            models.UniqueConstraint(fields=["dialogue", "name"], name="topic_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.dialogue.slug, self.number])


class StatementTopic(models.Model):
    """That a statement belongs to a topic of its dialogue."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="links")
    statement = models.ForeignKey("dialogues.Statement", models.CASCADE, related_name="topic_links")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["topic", "statement"], name="statement_in_topic_once"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} in {self.topic_id}"
