"""What is owed when a body or a post ends. An app that keeps debts registers how they pass on.

Whoever ends a body need not know who keeps what: each keeper is called in the same transaction.
"""

from __future__ import annotations

from typing import Protocol

from middleground.people.models import Body, Post, User


class DebtKeeper(Protocol):
    """What an app does with what it keeps."""

    def body_ended(self, by: User | None, body: Body, heir: Body | None) -> None:
        """The body was merged into ``heir``, or abolished. Its posts have moved or ended."""

    def post_ended(self, by: User | None, post: Post) -> None:
        """The post ended, and its body goes on."""


_keepers: list[DebtKeeper] = []


def keep_debts(keeper: DebtKeeper) -> None:
    _keepers.append(keeper)


def pass_on_body(by: User | None, body: Body, heir: Body | None) -> None:
    for keeper in _keepers:
        keeper.body_ended(by, body, heir)


def pass_on_post(by: User | None, post: Post) -> None:
    for keeper in _keepers:
        keeper.post_ended(by, post)
