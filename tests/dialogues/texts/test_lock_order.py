"""Whoever locks a dialogue and texts locks the dialogue first: else two could deadlock."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.correcting import correct_statement
from middleground.dialogues.participation.own_data import delete_all_of_mine, take_text_back
from middleground.dialogues.statements.merging import merge
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.texts.appeals import change_decision, let_stand, submit_appeal
from middleground.dialogues.texts.decisions import approve, reject, take_back
from middleground.people.models import User
from support.cast import make_dialogue, make_staff

# SQLite has one writer at a time.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

LOCKS = re.compile(
    r"""(?:^UPDATE "(?P<changed>\w+)"|FROM "(?P<read>\w+)".* FOR (?:NO KEY )?UPDATE)""", re.DOTALL
)
TABLES = {"dialogues_dialogue": "dialogue", "dialogues_statement": "text"}


def locked(act: Callable[[], object]) -> list[str]:
    """What it locks, in order, each once."""
    with CaptureQueriesContext(connection) as captured:
        act()
    found = [LOCKS.search(query["sql"]) for query in captured.captured_queries]
    tables = [TABLES.get(match["changed"] or match["read"]) for match in found if match]
    return list(dict.fromkeys(name for name in tables if name))


class Desk:
    """A dialogue with a waiting statement of somebody, and a moderator."""

    def __init__(self) -> None:
        self.dialogue, self.token = make_dialogue(), new_token()
        self.staff: User = make_staff()
        self.waiting = submit_statement(self.dialogue, self.token, "A prak")

    @property
    def author(self) -> int:
        assert self.waiting.author_id
        return self.waiting.author_id

    def rejected(self) -> Statement:
        return reject(self.staff, self.waiting, "waiting", "off_topic")

    def appealed(self) -> Statement:
        statement = self.rejected()
        submit_appeal(self.dialogue, self.author, statement.number, "Look again.")
        return statement


def of_authors(desk: Desk) -> dict[str, Callable[[], object]]:
    dialogue, token, number = desk.dialogue, desk.token, desk.waiting.number
    return {
        "correct": lambda: correct_statement(dialogue, token, number, "A park"),
        "take back": lambda: take_text_back(dialogue, token, number, kind_of(Statement)),
        "delete all": lambda: delete_all_of_mine(dialogue, token),
        "appeal": lambda: submit_appeal(dialogue, desk.author, desk.rejected().number, "No."),
    }


def of_moderators(desk: Desk) -> dict[str, Callable[[], object]]:
    staff, waiting = desk.staff, desk.waiting
    first = Statement.objects.get(number=1)
    other = make_staff(email="other@example.org")
    return {
        "approve": lambda: approve(staff, waiting, "waiting"),
        "reject": desk.rejected,
        "merge": lambda: merge(staff, waiting, "waiting", first),
        "undo": lambda: take_back(staff, desk.rejected(), "rejected"),
        "stand": lambda: let_stand(other, desk.appealed(), "off_topic"),
        "change": lambda: change_decision(other, desk.appealed()),
    }


@pytest.mark.parametrize("act", ["correct", "take back", "delete all", "appeal"])
def test_authors_lock_the_dialogue_first(act: str) -> None:
    assert locked(of_authors(Desk())[act]) == ["dialogue", "text"]


@pytest.mark.parametrize("act", ["approve", "reject", "merge", "undo", "stand", "change"])
def test_moderators_lock_the_dialogue_first(act: str) -> None:
    assert locked(of_moderators(Desk())[act]) == ["dialogue", "text"]


def test_control_the_other_order_is_found() -> None:
    desk = Desk()

    def text_first() -> None:
        with transaction.atomic():
            Statement.objects.select_for_update().get(pk=desk.waiting.pk)
            Dialogue.objects.filter(pk=desk.dialogue.pk).update(revision=9)

    assert locked(text_first) == ["text", "dialogue"]
