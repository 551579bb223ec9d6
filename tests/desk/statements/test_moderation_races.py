"""If two moderators decide at the same moment, one decision counts and the other is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from copy import copy

import pytest
from django.db import connection

from middleground.dialogues.models import StaffAction, Statement
from middleground.dialogues.texts import decisions as actions
from support.cast import make_dialogue, make_staff, make_statement

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15


def at_once(*decisions: Callable[[], Statement]) -> Counter[str]:
    """Make the decisions in threads that start together, and count the outcomes."""
    outcomes: Counter[str] = Counter()
    start = threading.Barrier(len(decisions))

    def take(decide: Callable[[], Statement]) -> None:
        start.wait()
        try:
            outcomes[decide().status] += 1
        except actions.DecisionRefused as refused:
            outcomes["told so" if refused.code == "decided_already" else refused.code] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(decide,)) for decide in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def decide_both(statement: Statement) -> Counter[str]:
    one = make_staff("moderator", f"one{statement.number}@example.org")
    two = make_staff("moderator", f"two{statement.number}@example.org")
    return at_once(
        lambda: actions.approve(one, statement, "waiting"),
        lambda: actions.reject(two, statement, "waiting", "unclear"),
    )


def waiting() -> list[Statement]:
    dialogue = make_dialogue(statements=0)
    return [
        make_statement(dialogue, number, f"Say {number}.", status="pending", origin="participant")
        for number in range(1, ROUNDS + 1)
    ]


def test_one_decision_counts_and_the_other_moderator_is_told() -> None:
    for statement in waiting():
        outcomes = decide_both(statement)
        statement.refresh_from_db()
        assert outcomes == Counter({statement.status: 1, "told so": 1})
        assert StaffAction.objects.filter(statement=statement).count() == 1


def test_control_without_the_lock_both_decisions_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(statement: Statement, *_: object) -> Statement:
        return copy(statement)  # as read before the other decision

    monkeypatch.setattr(actions, "locked_as_seen", unlocked)
    for statement in waiting()[:3]:
        assert decide_both(statement) == Counter({"approved": 1, "rejected": 1})
        assert StaffAction.objects.filter(statement=statement).count() == 2
