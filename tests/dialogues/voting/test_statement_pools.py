"""Pools are renewed in parallel with the vote writer, which never counts all votes itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.models import Dialogue, Vote
from middleground.dialogues.voting import dealing
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, StoredVote, store_votes
from support.camps import add_voters
from support.cast import make_dialogue, make_statement
from support.serving.asgi_client import voter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def counts_all_votes(work: Callable[[], object]) -> bool:
    with CaptureQueriesContext(connection) as asked:
        work()
    return any("COUNT(" in query["sql"] and "GROUP BY" in query["sql"] for query in asked)


def vote(dialogue: Dialogue, pools: StatementPools, number: int = 1) -> None:
    me, statement = voter(), dialogue.statements.get(number=number)
    ballot = Ballot(dialogue.slug, me.token, number, 1, me.form(statement)["proof"])
    (outcome,) = store_votes([ballot], pools, timezone.now())
    assert isinstance(outcome, StoredVote)


def seen(pools: StatementPools, dialogue: Dialogue) -> dict[int, int]:
    return {key: count for key, count in pools._seen[dialogue.pk].items() if count}


def stored(dialogue: Dialogue) -> dict[int, int]:
    found: dict[int, int] = {}
    for key in Vote.objects.filter(statement__dialogue=dialogue).values_list(
        "statement_id", flat=True
    ):
        found[key] = found.get(key, 0) + 1
    return found


def test_the_writer_never_counts_all_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "RECOUNT_SECONDS", 0.0)
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    add_voters(dialogue, 20)
    assert not counts_all_votes(lambda: vote(dialogue, pools))  # the first vote after a start
    publish.refresh_map(dialogue.pk, LiveMaps())
    assert not counts_all_votes(lambda: vote(dialogue, pools))
    make_statement(dialogue, 9)
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=1)
    assert not counts_all_votes(lambda: vote(dialogue, pools, number=9))
    # The control: the clock counts them.
    assert counts_all_votes(lambda: pools.renew(timezone.now()))


def test_the_clock_renews_counts_and_maps() -> None:
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    add_voters(dialogue, 20)
    pools.renew(timezone.now())
    first = pools.of(dialogue)
    assert (seen(pools, dialogue), first.map.pk) == (stored(dialogue), None)
    vote(dialogue, pools)
    assert seen(pools, dialogue) == stored(dialogue)
    made = publish.refresh_map(dialogue.pk, LiveMaps())
    assert made is not None
    assert pools.of(dialogue) is first
    pools.renew(timezone.now())
    assert pools.of(dialogue).map.pk == made.pk
    assert seen(pools, dialogue) == stored(dialogue)


def test_without_new_votes_the_clock_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "RECOUNT_SECONDS", 0.0)
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    pools.renew(timezone.now())
    pool = pools.of(dialogue)
    assert not counts_all_votes(lambda: pools.renew(timezone.now()))
    assert pools.of(dialogue) is pool


def test_votes_stored_during_a_count_are_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialogue, pools = make_dialogue(statements=8), StatementPools()
    add_voters(dialogue, 20)
    pools.of(dialogue)
    count = dealing._votes_by_statement

    def count_slowly(asked: Dialogue) -> object:
        found = count(asked)
        vote(dialogue, pools)
        return found

    monkeypatch.setattr(dealing, "_votes_by_statement", count_slowly)
    pools.renew(timezone.now())
    assert seen(pools, dialogue) == stored(dialogue)
