"""What the tables must and must not hold."""

import pytest
from django.db import connection

from middleground.dialogues.models import Participant, Vote
from support.cast import make_dialogue, make_participant, make_vote

pytestmark = pytest.mark.django_db


@pytest.mark.sqlite
def test_votes_keep_no_row_order_on_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [Vote._meta.db_table])
        (sql,) = cursor.fetchone()
    assert sql.endswith("WITHOUT ROWID")


@pytest.mark.sqlite
def test_sqlite_finds_its_own_file_in_order() -> None:
    """SQLite 3.40 calls such a table corrupt where its key does not come first."""
    dialogue = make_dialogue(statements=1)
    make_vote(make_participant(dialogue)[1], dialogue.statements.get(), 1)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_participants_and_votes_hold_nothing_more_than_this() -> None:
    assert [field.name for field in Participant._meta.fields] == [
        "id", "dialogue", "tier",
    ]  # fmt: skip
    assert [field.name for field in Vote._meta.fields] == [
        "pk", "participant", "statement", "value", "dealt",
    ]  # fmt: skip
