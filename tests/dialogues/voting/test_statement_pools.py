"""Pools are renewed in parallel with the vote writer, and depend on no vote that no map shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import OwnVotes
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, StoredVote, store_votes
from middleground.publiclog.publisher import newest_checkpoint, publish_log
from support.camps import add_voters
from support.cast import make_dialogue, make_statement
from support.serving.asgi_client import voter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def reads_votes(work: Callable[[], object]) -> bool:
    with CaptureQueriesContext(connection) as asked:
        work()
    return any(re.search(r'FROM "?dialogues_vote\b', query["sql"]) for query in asked)


def vote(dialogue: Dialogue, pools: StatementPools, number: int = 1) -> None:
    me, statement = voter(), dialogue.statements.get(number=number)
    ballot = Ballot(dialogue.slug, me.token, number, 1, me.form(statement)["proof"])
    (outcome,) = store_votes([ballot], pools, timezone.now())
    assert isinstance(outcome, StoredVote)


def dealt(
    pools: StatementPools, dialogue: Dialogue, outsiders: Sequence[bytes]
) -> list[int | None]:
    return [
        card.number for card in pools.of(dialogue).next_cards([(o, OwnVotes()) for o in outsiders])
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("has_map", [False, True])
def test_an_outsider_with_many_cookies_does_not_see_that_somebody_voted(has_map: bool) -> None:
    """The same cards before and after, and when the pools were renewed."""
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    outsiders = [new_token() for _ in range(2_000)]
    if has_map:
        add_voters(dialogue, 20)
        assert publish.refresh_map(dialogue.pk, LiveMaps())
    before = dealt(pools, dialogue, outsiders)
    for _ in range(2):
        vote(dialogue, pools)
        assert dealt(pools, dialogue, outsiders) == before
        pools.renew(timezone.now())
        assert dealt(pools, dialogue, outsiders) == before
    # The control: with a selector that counts these votes, some cards are others.
    selector = pools.of(dialogue).selector
    selector.count(dialogue.statements.get(number=1).pk, 2)
    assert dealt(pools, dialogue, outsiders) != before


@pytest.mark.parametrize("somebody_votes", [False, True])
def test_a_new_checkpoint_gives_new_draws_whether_or_not_somebody_voted(
    folder: Path, somebody_votes: bool
) -> None:
    """Once, only votes renewed the draws. So new cards told that somebody had voted."""
    dialogue, pools = make_dialogue(statements=30), StatementPools()
    publish_log()
    first, outsiders = newest_checkpoint().root, [new_token() for _ in range(40)]
    before = dealt(pools, dialogue, outsiders)
    if somebody_votes:
        vote(dialogue, pools)
    publish_log()
    assert newest_checkpoint().root != first
    assert dealt(pools, dialogue, outsiders) == before  # the control: not renewed yet
    pools.renew(timezone.now())
    assert pools.of(dialogue).root == newest_checkpoint().root
    assert dealt(pools, dialogue, outsiders) != before
    assert folder.exists()


def test_neither_writer_nor_clock_reads_all_votes() -> None:
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    add_voters(dialogue, 20)
    vote(dialogue, pools)
    assert not reads_votes(lambda: pools.renew(timezone.now()))
    publish.refresh_map(dialogue.pk, LiveMaps())
    assert not reads_votes(lambda: pools.renew(timezone.now()))
    make_statement(dialogue, 9)
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=1)
    vote(dialogue, pools, number=9)
    # The control: a vote reads those of its own participant.
    assert reads_votes(lambda: vote(dialogue, pools))


def test_the_clock_renews_the_map() -> None:
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    add_voters(dialogue, 20)
    pools.renew(timezone.now())
    first = pools.of(dialogue)
    assert first.map.pk is None
    made = publish.refresh_map(dialogue.pk, LiveMaps())
    assert made is not None
    assert pools.of(dialogue) is first
    pools.renew(timezone.now())
    renewed = pools.of(dialogue)
    assert renewed.map.pk == made.pk
    pools.renew(timezone.now())
    assert pools.of(dialogue) is renewed
