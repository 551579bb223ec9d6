"""Days are counted in the host's time zone, not in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from middleground.dialogues.desk.listing.home import _sparks
from middleground.dialogues.models import DailyCount, Dialogue
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, StoredVote, store_votes
from support.cast import make_dialogue
from support.serving.asgi_client import voter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys", "in_los_angeles")]

# 23:30 on the third and 0:30 on the fourth in Los Angeles; both are on the fourth in UTC.
LATE = datetime(2027, 3, 4, 7, 30, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
THIRD, FOURTH = date(2027, 3, 3), date(2027, 3, 4)


def vote_at(dialogue: Dialogue, now: datetime) -> None:
    who, statement = voter(), dialogue.statements.get(number=1)
    ballot = Ballot(dialogue.slug, who.token, 1, 1, who.form(statement)["proof"])
    (outcome,) = store_votes([ballot], StatementPools(), now)
    assert isinstance(outcome, StoredVote)


def counted() -> list[tuple[date, int, int, int]]:
    return list(DailyCount.objects.values_list("day", "participants", "votes", "statements"))


def test_votes_around_midnight_count_on_two_days() -> None:
    dialogue = make_dialogue()
    for now in (LATE, LATE, AFTER_MIDNIGHT):
        vote_at(dialogue, now)
    assert counted() == [(THIRD, 2, 2, 0), (FOURTH, 1, 1, 0)]


def test_a_statement_is_received_on_the_hosts_day(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = make_dialogue()
    for now, text in ((LATE, "More boats."), (AFTER_MIDNIGHT, "A pier for all.")):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        statement = submit_statement(dialogue, voter().token, text)
        assert statement.received_on == (THIRD if now is LATE else FOURTH)
    assert counted() == [(THIRD, 1, 0, 1), (FOURTH, 1, 0, 1)]


def test_the_desk_shows_the_same_days(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = make_dialogue()
    for _ in range(5):
        vote_at(dialogue, LATE)
    monkeypatch.setattr(timezone, "now", lambda: LATE)
    columns = _sparks([dialogue])[dialogue.pk]["columns"]
    assert [column["height"] for column in columns][-2:] == [1, 20]  # the last column is today
    monkeypatch.setattr(timezone, "now", lambda: AFTER_MIDNIGHT)
    columns = _sparks([dialogue])[dialogue.pk]["columns"]
    assert [column["height"] for column in columns][-2:] == [20, 1]
