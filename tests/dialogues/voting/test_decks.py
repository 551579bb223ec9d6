"""Decks are renewed beside the thread that writes votes, which never counts all votes itself."""

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
from middleground.dialogues.voting.dealing import Decks
from middleground.dialogues.voting.store import Ballot, Taken, take_ballots
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
    return any("GROUP BY" in query["sql"] for query in asked)


def vote(dialogue: Dialogue, decks: Decks, number: int = 1) -> None:
    me, statement = voter(), dialogue.statements.get(number=number)
    ballot = Ballot(dialogue.slug, me.token, number, 1, me.form(statement)["proof"])
    (outcome,) = take_ballots([ballot], decks, timezone.now())
    assert isinstance(outcome, Taken)


def seen(decks: Decks, dialogue: Dialogue) -> dict[int, int]:
    return {key: count for key, count in decks._seen[dialogue.pk].items() if count}


def stored(dialogue: Dialogue) -> dict[int, int]:
    found: dict[int, int] = {}
    for key in Vote.objects.filter(statement__dialogue=dialogue).values_list(
        "statement_id", flat=True
    ):
        found[key] = found.get(key, 0) + 1
    return found


def test_the_writer_never_counts_all_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "RECOUNT_SECONDS", 0.0)
    dialogue, decks = make_dialogue(statements=8), Decks()
    add_voters(dialogue, 20)
    assert not counts_all_votes(lambda: vote(dialogue, decks))  # the first one after a start
    publish.refresh_map(dialogue.pk, LiveMaps())
    assert not counts_all_votes(lambda: vote(dialogue, decks))
    make_statement(dialogue, 9)
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=1)
    assert not counts_all_votes(lambda: vote(dialogue, decks, number=9))
    # The control: the clock does.
    assert counts_all_votes(lambda: decks.renew(timezone.now()))


def test_the_clock_brings_counts_and_maps() -> None:
    dialogue, decks = make_dialogue(statements=8), Decks()
    add_voters(dialogue, 20)
    decks.renew(timezone.now())
    first = decks.of(dialogue)
    assert (seen(decks, dialogue), first.map.pk) == (stored(dialogue), None)
    vote(dialogue, decks)
    assert seen(decks, dialogue) == stored(dialogue)
    made = publish.refresh_map(dialogue.pk, LiveMaps())
    assert made is not None
    assert decks.of(dialogue) is first
    decks.renew(timezone.now())
    assert decks.of(dialogue).map.pk == made.pk
    assert seen(decks, dialogue) == stored(dialogue)


def test_nothing_new_costs_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "RECOUNT_SECONDS", 0.0)
    dialogue, decks = make_dialogue(statements=8), Decks()
    decks.renew(timezone.now())
    deck = decks.of(dialogue)
    assert not counts_all_votes(lambda: decks.renew(timezone.now()))
    assert decks.of(dialogue) is deck


def test_votes_that_are_stored_while_all_are_counted_are_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialogue, decks = make_dialogue(statements=8), Decks()
    add_voters(dialogue, 20)
    decks.of(dialogue)
    count = dealing._votes_by_statement

    def count_slowly(asked: Dialogue) -> object:
        found = count(asked)
        vote(dialogue, decks)
        return found

    monkeypatch.setattr(dealing, "_votes_by_statement", count_slowly)
    decks.renew(timezone.now())
    assert seen(decks, dialogue) == stored(dialogue)
