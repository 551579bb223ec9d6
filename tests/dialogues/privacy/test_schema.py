"""The database tables store only what they must."""

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Model

from middleground.answers.models import CheckAnswer
from middleground.dialogues.models import Participant, Vote, VoteSeal, WithdrawnTag
from middleground.threads.models import Reaction
from support.cast import make_dialogue, make_participant, make_vote

pytestmark = pytest.mark.django_db


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "model", [Participant, Vote, VoteSeal, WithdrawnTag, Reaction, CheckAnswer]
)
def test_sqlite_stores_no_order_in_which_people_joined_or_voted(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [model._meta.db_table])
        (sql,) = cursor.fetchone()
        with pytest.raises(OperationalError, match="no such column: _rowid_"), transaction.atomic():
            cursor.execute(f"SELECT _rowid_ FROM {model._meta.db_table}")
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
        "id", "dialogue", "tier", "set_aside_hour", "batch",
    ]  # fmt: skip
    assert [field.name for field in Vote._meta.fields] == [
        "pk", "participant", "statement", "value", "dealt",
    ]  # fmt: skip
