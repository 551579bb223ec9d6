"""Every change of votes, or of whether they count, is noted for its dialogue alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from middleground.core.processes.notices import notices
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.participation.admission import confirm
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.voting import store
from middleground.dialogues.voting.changes import note_changes, number_of_changes
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, store_votes
from support.cast import make_dialogue
from support.serving.asgi_client import Voter, voter

pytestmark = pytest.mark.django_db


def ballot_of(who: Voter, statement: Statement, value: int | None = 1) -> Ballot:
    mark = who.form(statement)["proof"]
    return Ballot(statement.dialogue.slug, who.token, statement.number, value, mark)


def changes_by(dialogue: Dialogue, work: object) -> int:
    before = number_of_changes(dialogue.pk)
    work()  # type: ignore[operator]
    return number_of_changes(dialogue.pk) - before


def test_each_way_to_change_votes_is_noted() -> None:
    dialogue, other = make_dialogue(statements=3), make_dialogue("other", statements=3)
    first, statement, pools = voter(), dialogue.statements.get(number=1), StatementPools()
    elsewhere = number_of_changes(other.pk)

    def vote(value: int | None = 1) -> None:
        store_votes([ballot_of(first, statement, value)], pools, timezone.now())

    assert changes_by(dialogue, vote) == 1
    assert changes_by(dialogue, lambda: vote(None)) == 1
    vote()
    assert changes_by(dialogue, lambda: confirm(dialogue, first.token, "work")) == 1
    assert (
        changes_by(dialogue, lambda: delete_own_votes(dialogue, first.token, texts_too=False)) == 1
    )
    assert changes_by(dialogue, lambda: None) == 0
    assert number_of_changes(other.pk) == elsewhere


def test_a_failed_write_is_noted_as_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("said nothing")

    dialogue = make_dialogue(statements=3)
    ballot = ballot_of(voter(), dialogue.statements.get(number=1))
    before = number_of_changes(dialogue.pk)
    monkeypatch.setattr(store, "_store", fail)
    with pytest.raises(OSError, match="said nothing"):
        store_votes([ballot], StatementPools(), timezone.now())
    assert number_of_changes(dialogue.pk) == before + 1


def test_several_dialogues_are_noted_at_once() -> None:
    before = number_of_changes(10**9)
    note_changes({10**9, 10**9 + 1})
    assert [number_of_changes(10**9 + n) - before for n in range(3)] == [1, 1, 0]


def test_another_process_tells_in_which_dialogue_votes_changed() -> None:
    before = number_of_changes(10**9 + 8)
    notices._handle("votes", str(10**9 + 7))
    assert [number_of_changes(10**9 + n) - before for n in (7, 8)] == [1, 0]


def test_after_a_gap_votes_may_have_changed_everywhere() -> None:
    before = [number_of_changes(n) for n in (10**9 + 20, 10**9 + 21)]
    notices._tell_gap()
    assert [number_of_changes(n) for n in (10**9 + 20, 10**9 + 21)] == [n + 1 for n in before]
