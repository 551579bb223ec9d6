"""Batches of ballots, as the vote writer stores them, and the votes that result."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.utils import timezone

from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, StoredVote, store_votes
from support.cast import make_dialogue

VALUES = (1, 0, -1, 1, 0, -1, None)
Votes = dict[tuple[int, int], int]


@dataclass
class Crowd:
    """Participants of one dialogue who vote, change their votes and withdraw them."""

    dialogue: Dialogue
    statements: list[Statement]
    chance: random.Random
    participants: list[bytes] = field(default_factory=list)
    votes: Votes = field(default_factory=dict)  # (pseudonym, statement's key) → value
    pools: StatementPools = field(default_factory=StatementPools)

    def batch(self) -> list[Ballot]:
        return [self._ballot() for _ in range(self.chance.choice([1, 1, 2, 5, 20, 60]))]

    def cast(self, ballots: Sequence[Ballot]) -> Votes:
        """Store a batch with the product's own function; return the votes after it."""
        outcomes = store_votes(ballots, self.pools, timezone.now())
        assert all(isinstance(outcome, StoredVote) for outcome in outcomes)
        self.votes = self.after(ballots)
        return self.votes

    def after(self, ballots: Sequence[Ballot]) -> Votes:
        votes = dict(self.votes)
        keys = {statement.number: statement.pk for statement in self.statements}
        for ballot in ballots:
            key = pseudonym(self.dialogue.pk, ballot.token), keys[ballot.number]
            if ballot.value is None:
                votes.pop(key, None)
            else:
                votes[key] = ballot.value
        return votes

    def _ballot(self) -> Ballot:
        if not self.participants or self.chance.random() < 0.3:
            self.participants.append(new_token())
        token, statement = (
            self.chance.choice(self.participants),
            self.chance.choice(self.statements),
        )
        mark = proof(self.dialogue.pk, token, statement.pk, dealt=True)
        value = self.chance.choice(VALUES)
        return Ballot(self.dialogue.slug, token, statement.number, value, mark)


def site(folder: Path, seed: int, statements: int = 12) -> Crowd:
    """A database file made by the product, with one open dialogue, and a crowd for it."""
    Dialogue.objects.all().delete()
    dialogue = make_dialogue(statements=statements)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "site.sqlite3")])
    return Crowd(dialogue, list(dialogue.statements.order_by("number")), random.Random(seed))


def found(file: Path) -> Votes:
    """The votes that the product's own SQLite finds in the file, which must be undamaged."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = database.execute("SELECT participant_id, statement_id, value FROM dialogues_vote")
        return {(participant, statement): value for participant, statement, value in rows}
