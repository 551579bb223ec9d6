"""Exposure counts: how often the server dealt each statement, and how often it was expected to."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest
from django.test import Client

from dialogues.pages.results.test_results import with_results
from middleground.dialogues.models import Dialogue, StatementExposureCount
from middleground.dialogues.queries import OwnVotes
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.exposures import store_exposures
from middleground.engine import StatementSelector
from support.cast import make_dialogue
from support.serving.asgi_client import vote, voter

pytestmark = pytest.mark.django_db


def stored() -> dict[int, tuple[int, float]]:
    rows = StatementExposureCount.objects.values_list("statement__number", "dealt", "expected")
    return {number: (dealt, round(expected, 6)) for number, dealt, expected in rows}


def deal(pools: StatementPools, dialogue: Dialogue, times: int) -> None:
    rng = np.random.default_rng(5)
    for _ in range(times):
        pools.of(dialogue).next_card(rng.bytes(16), OwnVotes())


def test_the_selector_counts_choices_and_their_expectations() -> None:
    selector = StatementSelector.from_facts(None, [7, 8, 9], {7: 0, 8: 1, 9: 9})
    participants = [([7], [1])] * 400 + [([7, 8, 9], [1, 1, 1])]
    choices = selector.choose_many(participants, np.random.default_rng(2).random(401))
    taken = selector.take_exposures()
    chosen = [choice.statement for choice in choices if choice]
    assert {s: e.dealt for s, e in taken.items()} == {8: chosen.count(8), 9: chosen.count(9)}
    # Without a map, 0.7 of the probability is proportional to (1 + seen)^-2 and 0.3 is uniform.
    # Statement 7 is answered already.
    need = 0.25 / (0.25 + 0.01)
    assert taken[8].expected == pytest.approx(400 * (0.7 * need + 0.15))
    assert taken[9].expected == pytest.approx(400 * (0.7 * (1 - need) + 0.15))
    spread = np.sqrt(400 * 0.82 * 0.18)
    assert abs(taken[8].dealt - taken[8].expected) < 4 * spread
    assert selector.take_exposures() == {}


@pytest.mark.usefixtures("keys")
def test_exposures_add_up_over_writes_and_pools() -> None:
    dialogue, pools = make_dialogue(statements=2), StatementPools()
    deal(pools, dialogue, 10)
    store_exposures(pools)
    dialogue.revision += 1  # a new pool starts while the first one's counts are unstored
    deal(pools, dialogue, 6)
    dialogue.revision += 1
    deal(pools, dialogue, 4)
    store_exposures(pools)
    store_exposures(pools)
    found = stored()
    assert sum(dealt for dealt, _ in found.values()) == 20
    assert {number: expected for number, (_, expected) in found.items()} == {1: 10.0, 2: 10.0}


@pytest.mark.usefixtures("keys")
def test_exposures_of_a_deleted_statement_are_dropped() -> None:
    dialogue, pools = make_dialogue(statements=2), StatementPools()
    deal(pools, dialogue, 3)
    dialogue.statements.get(number=2).delete()
    store_exposures(pools)
    assert list(stored()) == [1]


@pytest.mark.usefixtures("keys")
def test_no_exposure_is_lost_between_threads() -> None:
    dialogue, pools = make_dialogue(statements=3), StatementPools()
    pool = pools.of(dialogue)

    def many() -> None:
        rng = np.random.default_rng(threading.get_ident())
        for _ in range(300):
            pool.next_card(rng.bytes(16), OwnVotes())

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = pools.take_exposures()
    assert sum(exposure.dealt for exposure in taken.values()) == 1_200
    assert sum(exposure.expected for exposure in taken.values()) == pytest.approx(1_200.0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_the_next_card_after_a_vote_is_counted() -> None:
    from middleground.config import asgi

    dialogue = make_dialogue(statements=2)
    asgi.vote_writer.pools.take_exposures()
    assert vote(voter(), dialogue.statements.get(number=1)).status == 200
    store_exposures(asgi.vote_writer.pools)
    assert stored() == {2: (1, 1.0)}


def test_open_data_has_exposures_in_bands(client: Client) -> None:
    dialogue = with_results()
    first = dialogue.statements.get(number=1)
    StatementExposureCount.objects.create(statement=first, dealt=123, expected=118.7)
    data = json.loads(client.get("/d/harbour/results/map.json").content)
    found = {item["number"]: item["exposure"] for item in data["statements"]}
    assert found.pop(1) == {"dealt": [120, 124], "expected": [115, 119]}
    assert set(found.values()) == {None}
