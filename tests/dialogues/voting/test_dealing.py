"""The engine chooses the next statement among all shown ones, and never a removed one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import OwnVotes
from middleground.dialogues.voting.dealing import StatementPool, StatementPools
from middleground.engine import StatementSelector
from middleground.engine.selection.selector import EXPLORATION
from middleground.ledger.merkle.hashing import EMPTY_ROOT
from middleground.publiclog.publisher import newest_checkpoint, publish_log
from middleground.texts.sameness import dedup_hash
from support.cast import make_dialogue, make_statement
from support.serving.asgi_client import vote, voter

Deal = Callable[[StatementPool, np.random.Generator], int]


def by_the_selector(pool: StatementPool, rng: np.random.Generator) -> int:
    number = pool.next_card(rng.bytes(16), OwnVotes()).number
    assert number is not None
    return number


def uniformly(pool: StatementPool, rng: np.random.Generator) -> int:
    """The known-bad control: a uniform choice."""
    return int(rng.choice(sorted(pool.by_number)))


def many_statements(dialogue: Dialogue, count: int) -> None:
    like = make_statement(dialogue, 1)
    Statement.objects.bulk_create(
        Statement(
            dialogue=dialogue, number=number, text=f"Number {number}", status="approved",
            dedup_hash=dedup_hash(f"Number {number}"), received_on=like.received_on,
        )
        for number in range(2, count + 1)
    )  # fmt: skip


def counts(pool: StatementPool, deal: Deal, times: int) -> list[int]:
    rng = np.random.default_rng(11)
    dealt = Counter(deal(pool, rng) for _ in range(times))
    return [dealt[number] for number in sorted(pool.by_number)]


def follows(found: Sequence[int], expected: Sequence[float]) -> bool:
    """Whether a chi-square test accepts these shares for the counts (5 sigma, normal limit)."""
    wanted = np.array(expected) * sum(found)
    statistic = float((((np.array(found) - wanted) ** 2) / wanted).sum())
    free = len(found) - 1
    return statistic < free + 5 * (2 * free) ** 0.5


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_the_choice_follows_the_selector_and_is_not_uniform() -> None:
    dialogue = make_dialogue(statements=6)
    pool = StatementPools().of(dialogue)
    for votes, statement in enumerate(dialogue.statements.all()):
        pool.selector.count(statement.pk, 3 * votes)  # as a map would tell them
    # Without a map, 0.7 of the probability is proportional to (1 + seen)^-2 and 0.3 is uniform.
    need = np.array([(1 + 3 * votes) ** -2.0 for votes in range(6)])
    expected = 0.7 * need / need.sum() + 0.3 / 6
    assert follows(counts(pool, by_the_selector, 3_000), expected)
    assert not follows(counts(pool, uniformly, 3_000), expected)  # the control
    assert follows(counts(pool, uniformly, 3_000), [1 / 6] * 6)


def within_reach(numbers: Sequence[int]) -> set[int]:
    """The statements that exploration can choose where most are well known and a few are new."""
    seen = {number: 0 if number % 100 == 0 else 50 for number in numbers}
    selector = StatementSelector.from_facts(None, numbers, seen)
    probabilities = selector.probabilities([], [])
    assert probabilities is not None
    share = EXPLORATION / len(numbers) * (1 - 1e-9)
    return {number for number, p in zip(selector.ids, probabilities, strict=True) if p >= share}


def test_exploration_reaches_each_of_1500_statements() -> None:
    numbers = list(range(1, 1_501))
    assert within_reach(numbers) == set(numbers)
    assert within_reach(numbers[:999]) != set(numbers)  # the control: only the oldest 999


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_one_participant_can_answer_all_statements_of_a_pool() -> None:
    dialogue = make_dialogue(statements=0)
    many_statements(dialogue, 1_500)
    pool, token = StatementPools().of(dialogue), new_token()
    assert sorted(pool.by_number) == list(range(1, 1_501))
    votes = OwnVotes()
    while (card := pool.next_card(token, votes)).number is not None:
        votes.values[pool.by_number[card.number].pk] = 1
    assert len(votes.values) == 1_500
    assert (card.answered, card.total) == (1_500, 1_500)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_new_statements_are_dealt_at_once_and_rejected_ones_never() -> None:
    """A running server notices the change by the dialogue's revision, without a restart."""
    dialogue = make_dialogue(statements=2)
    one, two = dialogue.statements.all()
    assert "All 1 of them" not in vote(voter(), one).text
    three = make_statement(dialogue, 3, "A statement that came later.")
    Dialogue.objects.update(revision=1)
    me = voter()
    vote(me, one)
    assert three.text in vote(me, two).text
    Statement.objects.filter(pk=two.pk).update(status="rejected", reviewed=True, reason="spam")
    Dialogue.objects.update(revision=2)
    answers = [vote(voter(), one).text for _ in range(60)]
    assert [text for text in answers if two.text in text] == []
    assert all(three.text in text for text in answers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_control_without_a_new_revision_no_change_is_noticed() -> None:
    dialogue = make_dialogue(statements=1)
    vote(voter(), dialogue.statements.get())
    make_statement(dialogue, 2)
    answer = vote(voter(), dialogue.statements.get(number=1))
    assert "You have answered every statement" in answer.text
    assert 'href="/you/forget/"' in answer.text  # somebody else may use this device next


def dealt_to(participants: Sequence[bytes], pool: StatementPool) -> list[int | None]:
    return [pool.next_card(token, OwnVotes()).number for token in participants]


@pytest.mark.django_db
@pytest.mark.usefixtures("folder", "keys")
def test_the_draws_are_determined_by_the_newest_checkpoint() -> None:
    dialogue = make_dialogue(statements=30)
    participants = [new_token() for _ in range(40)]
    before = dealt_to(participants, StatementPools().of(dialogue))
    assert before == dealt_to(
        participants, StatementPools().of(dialogue)
    )  # a restart does not change the draws
    publish_log()
    pool = StatementPools().of(dialogue)
    assert pool.root == newest_checkpoint().root != EMPTY_ROOT
    after = dealt_to(participants, pool)
    assert after != before
    assert after == dealt_to(participants, StatementPools().of(dialogue))
    assert len(set(after)) > 10  # participants get different statements


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_damaged_log_does_not_stop_dealing(folder: Path) -> None:
    dialogue = make_dialogue(statements=3)
    publish_log()
    (folder / "checkpoint").write_text("not a checkpoint")
    pool = StatementPools().of(dialogue)
    assert pool.root == EMPTY_ROOT
    assert pool.next_card(new_token(), OwnVotes()).number in {1, 2, 3}
