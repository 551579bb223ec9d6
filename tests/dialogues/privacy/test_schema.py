"""The database tables store only what they must."""

import pytest
from django.db import connection

from middleground.dialogues.models import Participant, Vote
from support.cast import make_dialogue, make_participant, make_vote

pytestmark = pytest.mark.django_db


@pytest.mark.sqlite
def test_sqlite_does_not_store_the_order_of_votes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [Vote._meta.db_table])
        (sql,) = cursor.fetchone()
    assert sql.endswith("WITHOUT ROWID")


@pytest.mark.sqlite
def test_sqlites_integrity_check_passes() -> None:
    """SQLite 3.40 reports a table without row ids as corrupt if its key is not the first column."""
    dialogue = make_dialogue(statements=1)
    make_vote(make_participant(dialogue)[1], dialogue.statements.get(), 1)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_participants_and_votes_have_exactly_these_fields() -> None:
    assert [field.name for field in Participant._meta.fields] == [
        "id", "dialogue", "tier",
    ]  # fmt: skip
    assert [field.name for field in Vote._meta.fields] == [
        "pk", "participant", "statement", "value", "dealt",
    ]  # fmt: skip
