"""Vote, undo, change, delete, close and reopen in any order, compared with a model in Python.

MIDDLEGROUND_TORTURE_HISTORIES sets the number of histories.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.lifecycle.actions import close_dialogue, reopen_dialogue
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Vote, VoteSeal
from middleground.dialogues.participation.own_data import OwnDataRefused, delete_own_votes
from middleground.dialogues.voting.store import VALUES
from middleground.people.models import User
from support.cast import make_dialogue, make_staff
from support.serving.asgi_client import post, server, vote, voter
from torture.tools.progress import figures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]

HISTORIES = int(os.environ.get("MIDDLEGROUND_TORTURE_HISTORIES", "12"))
PARTICIPANTS, STATEMENTS = 3, 3
person = st.integers(0, PARTICIPANTS - 1)
statement = st.integers(1, STATEMENTS)


class VotingHistory(RuleBasedStateMachine):
    """``votes``: the vote that each participant should have on each statement."""

    def __init__(self) -> None:
        super().__init__()
        Dialogue.objects.all().delete()
        self.staff = User.objects.first() or make_staff()
        self.dialogue = make_dialogue(statements=STATEMENTS)
        self.statements = {s.number: s for s in self.dialogue.statements.all()}
        for each in self.statements.values():
            each.dialogue = self.dialogue
        self.participants = [voter() for _ in range(PARTICIPANTS)]
        self.votes: dict[tuple[int, int], int] = {}
        self.is_open = True
        self.given = 0

    @rule(who=person, what=statement, word=st.sampled_from(["agree", "disagree", "pass"]))
    def cast(self, who: int, what: int, word: str) -> None:
        """Send a new vote, a changed one or the same again."""
        answer = vote(self.participants[who], self.statements[what], word)
        assert answer.status == (200 if self.is_open else 409)
        if self.is_open:
            self.given += (who, what) not in self.votes
            self.votes[who, what] = VALUES[word]  # type: ignore[assignment]

    @rule(who=person, what=statement)
    def undo(self, who: int, what: int) -> None:
        answer = vote(self.participants[who], self.statements[what], "withdraw")
        assert answer.status == (200 if self.is_open else 409)
        if self.is_open:
            self.votes.pop((who, what), None)

    @rule(who=person)
    def delete_all(self, who: int) -> None:
        mine = [key for key in self.votes if key[0] == who]
        try:
            deleted = delete_own_votes(
                self.dialogue, self.participants[who].token, texts_too=False
            ).votes
        except OwnDataRefused:
            assert not self.is_open
            return
        assert self.is_open
        assert deleted == len(mine)
        for key in mine:
            del self.votes[key]

    @precondition(lambda self: self.is_open)
    @rule()
    def close(self) -> None:
        close_dialogue(self.staff, self.dialogue)
        self.is_open = False

    @precondition(lambda self: not self.is_open)
    @rule()
    def reopen(self) -> None:
        reopen_dialogue(self.staff, self.dialogue)
        self.is_open = True

    @rule(who=person, what=statement, junk=st.sampled_from(["proof", "vote", "statement"]))
    def send_junk(self, who: int, what: int, junk: str) -> None:
        fields: dict[str, Any] = {junk: "999999" if junk == "statement" else "AAAA"}
        form = self.participants[who].form(self.statements[what], "agree", **fields)
        answer = post("/d/harbour/vote", form, self.participants[who].headers())
        assert 400 <= answer.status < 500

    @invariant()
    def what_is_stored_is_what_the_model_has(self) -> None:
        pseudonyms = {
            pseudonym(self.dialogue.pk, p.token): i for i, p in enumerate(self.participants)
        }
        rows = Vote.objects.values_list("participant_id", "statement__number", "value")
        assert {(pseudonyms[p], number): value for p, number, value in rows} == self.votes
        assert sum(DailyCount.objects.values_list("votes", flat=True)) == self.given
        assert Dialogue.objects.get().is_open(timezone.now()) == self.is_open
        voted = {pseudonym(self.dialogue.pk, self.participants[who].token) for who, _ in self.votes}
        assert voted <= set(Participant.objects.values_list("pk", flat=True))

    @invariant()
    def every_vote_can_be_opened_and_nothing_else(self) -> None:
        """Each vote has a seal; withdrawn votes have none."""
        key = "participant_id", "statement_id"
        assert set(VoteSeal.objects.values_list(*key)) == set(Vote.objects.values_list(*key))


def play(machine: type[RuleBasedStateMachine], histories: int, shrink: bool = True) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=histories,
            stateful_step_count=30,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_history_ends_in_the_models_state() -> None:
    play(VotingHistory, HISTORIES)
    figures("histories of 30 acts", tried=HISTORIES, differing=0)


class BeginsWithUndoing(VotingHistory):
    """Chance alone would leave out undoing a vote in some runs of the control."""

    @initialize()
    def undo_a_vote(self) -> None:
        self.cast(0, 1, "agree")
        self.undo(0, 1)


def test_control_a_lost_deletion_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawing a vote reports success and does nothing."""
    from middleground.dialogues.voting import store

    sql = store._DELETE_VOTE.replace("participant_id = %s", "participant_id = -%s")
    monkeypatch.setattr(store, "_DELETE_VOTE", sql)
    assert server()
    with pytest.raises(AssertionError):
        play(BeginsWithUndoing, 2, shrink=False)
