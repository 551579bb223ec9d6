"""Many simultaneous votes give one row each and exact counts, batched or not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from middleground.core.threads import urgent
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Vote
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import VALUES, Ballot, StoredVote, store_votes
from support.cast import make_dialogue
from support.serving.asgi_client import Answer, Voter, voter

pytestmark = pytest.mark.django_db(transaction=True)


def votes() -> list[tuple[int, int, int, bool]]:
    rows = Vote.objects.order_by("participant_id", "statement_id")
    return list(rows.values_list("participant_id", "statement__number", "value", "dealt"))


def days() -> list[tuple[int, int]]:
    return list(DailyCount.objects.values_list("participants", "votes"))


def together(*sent: tuple[Voter, Any, str]) -> list[Answer]:
    """Send all of these votes at the same time."""

    async def send_all() -> list[Answer]:
        return await asyncio.gather(*(who.send(what, vote) for who, what, vote in sent))

    return asyncio.run(send_all())


@pytest.mark.usefixtures("vote_writer")
def test_two_hundred_identical_votes_are_stored_once() -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    answers = together(*[(me, dialogue.statements.get(), "agree")] * 200)
    assert Counter(answer.status for answer in answers) == {200: 200}
    assert votes() == [(pseudonym(dialogue.pk, me.token), 1, 1, True)]
    assert Participant.objects.count() == 1
    assert days() == [(1, 1)]


@pytest.mark.usefixtures("vote_writer")
def test_two_hundred_simultaneous_participants_are_counted_exactly() -> None:
    dialogue = make_dialogue(statements=2)
    one, two = dialogue.statements.all()
    crowd = [voter() for _ in range(200)]
    words = ["agree", "disagree", "pass"]
    sent = [(who, one, words[i % 3]) for i, who in enumerate(crowd)]
    sent += [(who, two, words[i % 2]) for i, who in enumerate(crowd)]
    assert Counter(answer.status for answer in together(*sent)) == {200: 400}
    expected = [
        (pseudonym(dialogue.pk, who.token), statement.number, VALUES[word], True)
        for who, statement, word in sent
    ]
    assert votes() == sorted(expected)
    assert Participant.objects.count() == 200
    assert days() == [(200, 400)]


@pytest.mark.usefixtures("vote_writer")
def test_a_mixed_crowd_is_counted_exactly() -> None:
    """Many participants send new, repeated, changed and withdrawn votes at the same time."""
    dialogue = make_dialogue(statements=4)
    statements = list(dialogue.statements.all())
    rng = np.random.default_rng(7)
    last: dict[tuple[int, int], tuple[int, bool]] = {}
    participants: set[int] = set()
    given = 0
    for _ in range(12):
        # Each participant votes on a statement at most once a round, so the order does not matter.
        crowd = [voter() for _ in range(8)] if not participants else crowd  # noqa: F821
        pairs = [(p, s) for p, s in product(crowd, statements) if rng.random() < 0.6]
        sent = [
            (p, s, str(rng.choice(["agree", "pass", "disagree", "withdraw"]))) for p, s in pairs
        ]
        assert {answer.status for answer in together(*sent)} == {200}
        for who, statement, word in sent:
            key = pseudonym(dialogue.pk, who.token), statement.number
            if word == "withdraw":
                last.pop(key, None)
            else:
                given += key not in last
                participants.add(key[0])
                last[key] = VALUES[word], True
    assert votes() == sorted((*key, *value) for key, value in last.items())
    assert Participant.objects.count() == len(participants) == 8
    assert days() == [(8, given)]


# A batch has the same effect as its ballots one by one


def ballot(dialogue: Dialogue, token: bytes, number: int, word: str, dealt: bool) -> Ballot:
    statement = dialogue.statements.get(number=number)
    mark = proof(dialogue.pk, token, statement.pk, dealt)
    return Ballot(dialogue.slug, token, number, VALUES[word], mark)


def take(ballots: Sequence[Ballot], pools: StatementPools) -> None:
    outcomes = store_votes(ballots, pools, timezone.now())
    assert [type(outcome) for outcome in outcomes] == [StoredVote] * len(ballots)


@pytest.mark.usefixtures("keys")
def test_of_two_ballots_in_one_batch_the_last_counts() -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    words = ["agree", "disagree"]
    take([ballot(dialogue, me.token, 1, word, True) for word in words], StatementPools())
    assert votes() == [(pseudonym(dialogue.pk, me.token), 1, -1, True)]
    assert days() == [(1, 1)]


@pytest.mark.usefixtures("keys")
def test_each_card_of_a_batch_depends_on_its_own_participant() -> None:
    """Of three statements the first participant has voted on two, so the third comes next."""
    dialogue, first, second = make_dialogue(statements=3), voter(), voter()
    pools = StatementPools()
    take([ballot(dialogue, first.token, number, "agree", True) for number in (1, 2)], pools)
    batch = [
        ballot(dialogue, second.token, 3, "agree", True),
        ballot(dialogue, first.token, 1, "pass", True),
        ballot(dialogue, second.token, 1, "pass", True),
    ]
    outcomes = store_votes(batch, pools, timezone.now())
    cards = [outcome.card for outcome in outcomes if isinstance(outcome, StoredVote)]
    assert [(card.number, card.answered, card.value) for card in cards] == [
        (2, 2, None),
        (3, 2, None),
        (2, 2, None),
    ]
    for card, who in zip(cards, (second, first, second), strict=True):
        key = dialogue.statements.get(number=card.number).pk
        assert card.proof == proof(dialogue.pk, who.token, key, dealt=True)


def state() -> tuple[Any, ...]:
    """Everything that storing votes changes."""
    participants = sorted(Participant.objects.values_list("pk", flat=True))
    return votes(), participants, days()


def forget() -> None:
    Participant.objects.all().delete()
    DailyCount.objects.all().delete()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.usefixtures("keys")
def test_a_batch_has_the_same_effect_as_its_ballots_one_by_one(seed: int) -> None:
    dialogue = make_dialogue(statements=2)
    rng = np.random.default_rng(seed)
    tokens = [voter().token for _ in range(3)]
    words = ["agree", "disagree", "pass", "withdraw", "withdraw"]
    ballots = [
        ballot(
            dialogue, tokens[rng.integers(3)], int(rng.integers(1, 3)), str(rng.choice(words)),
            bool(rng.integers(2)),
        )
        for _ in range(40)
    ]  # fmt: skip
    results = []
    for size in (1, 40, 7):
        forget()
        pools = StatementPools()
        pools.of(dialogue)
        for start in range(0, len(ballots), size):
            take(ballots[start : start + size], pools)
        results.append(state())
    assert results[1:] == results[:1] * 2


@pytest.mark.usefixtures("keys")
def test_a_batch_over_several_dialogues_counts_them_separately() -> None:
    first, second = make_dialogue(statements=2), make_dialogue("bridge", statements=1)
    me, you = voter(), voter()
    take(
        [
            ballot(first, me.token, 1, "agree", True),
            ballot(second, me.token, 1, "pass", True),
            ballot(first, me.token, 2, "agree", True),
            ballot(first, you.token, 1, "withdraw", True),
        ],
        StatementPools(),
    )
    counts = DailyCount.objects.order_by("dialogue_id")
    assert list(counts.values_list("dialogue_id", "participants", "votes")) == [
        (first.pk, 1, 2), (second.pk, 1, 1),
    ]  # fmt: skip
    assert set(Participant.objects.values_list("pk", flat=True)) == {
        pseudonym(first.pk, me.token), pseudonym(second.pk, me.token),
    }  # fmt: skip


@pytest.mark.usefixtures("keys")
def test_a_withdrawal_does_not_cancel_another_vote_in_the_daily_count() -> None:
    dialogue, me, you = make_dialogue(statements=1), voter(), voter()
    pools = StatementPools()
    take([ballot(dialogue, me.token, 1, "agree", True)], pools)
    take(
        [
            ballot(dialogue, me.token, 1, "withdraw", True),
            ballot(dialogue, you.token, 1, "disagree", True),
        ],
        pools,
    )
    assert votes() == [(pseudonym(dialogue.pk, you.token), 1, -1, True)]
    assert days() == [(2, 2)]


def test_all_of_a_batch_is_urgent_but_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue, me, seen = make_dialogue(statements=1), voter(), list[tuple[str, bool]]()
    statement, commit = dialogue.statements.get(), connection.commit
    ballot = Ballot(dialogue.slug, me.token, 1, 1, me.form(statement)["proof"])

    def seen_commit() -> None:
        seen.append(("commit", urgent.votes.waits))
        commit()

    def seen_query(execute: Any, *query: Any) -> Any:
        seen.append(("query", urgent.votes.waits))
        return execute(*query)

    monkeypatch.setattr(connection, "commit", seen_commit)
    with urgent.votes.doing(), connection.execute_wrapper(seen_query):
        assert isinstance(store_votes([ballot], StatementPools(), timezone.now())[0], StoredVote)
        assert urgent.votes.waits
    assert set(seen) == {("query", True), ("commit", False)}
    assert not urgent.votes.waits
