"""Re-identification: who knows eight votes of a person finds nobody in what is published."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.test import Client

from middleground.dialogues.exchange.polis import import_conversation
from middleground.dialogues.maps import worker
from middleground.disclosure import cells
from middleground.disclosure.bands import Band
from middleground.disclosure.rounding import floor_to_step
from middleground.polis import read_export
from reidentification.attack import Record, Snapshot, bounds_of, candidates, learnt
from reidentification.published import (
    STAGES,
    Story,
    counters,
    open_data,
    person_rows,
    publish,
    simulated,
    snapshots,
)
from support.real_conversations import REAL_NAMES, real_folder

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KNOWN = 8
MINIMUM = 5
SEVERAL = 3
# The share of small counts of which fewer may remain over several maps: see decision 16.
OVER_TIME = 0.01
TARGETS = 200


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


@pytest.fixture(params=["simulated", *REAL_NAMES])
def story(request: pytest.FixtureRequest) -> Story:
    if request.param == "simulated":
        return publish(simulated())
    export = read_export(real_folder(request.param))
    return publish(import_conversation(export, request.param.replace(".", "-")).dialogue)


def targets(story: Story) -> list[tuple[dict[int, int], list[int]]]:
    """Of people who voted often enough, eight votes that are known, and what is not."""
    rng = random.Random(5)
    often = [votes for votes in story.votes.values() if len(votes) > KNOWN]
    found = []
    for votes in rng.sample(often, min(TARGETS, len(often))):
        known = dict(rng.sample(sorted(votes.items()), KNOWN))
        found.append((known, [statement for statement in votes if statement not in known]))
    return found


def singled_out(story: Story, records: list[Record]) -> float:
    """The share of the targets of whom one record is left, which then is theirs."""
    found = [candidates(records, known) == 1 for known, _ in targets(story)]
    return sum(found) / len(found)


def found_out(story: Story, records: list[Record]) -> float:
    """The share of the targets of whom a ninth vote can be told for certain."""
    found = [
        any(len(learnt(records, known, statement)) == 1 for statement in rest)
        for known, rest in targets(story)
    ]
    return sum(found) / len(found)


def isolated(
    story: Story, minimum: int = MINIMUM
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], int]:
    """Small counts of which too few values remain beside exact totals; and of how many.

    First by one snapshot, where all of 0 to 4 must remain. Then by all together, where several
    must, if the analyst rightly guesses that nobody changed groups from map to map.
    """
    by_one_map: list[tuple[object, ...]] = []
    over_time: list[tuple[object, ...]] = []
    small = 0
    for cell, times in snapshots(story, minimum):
        for place, snapshot in enumerate(times):
            stage = story.stages[len(STAGES) - len(times) + place]
            for population in snapshot.bands:
                truth = stage.truth[population][cell]
                # The total of an earlier time is what the log's order tells, whatever maps say.
                if population in ("none", "all") or truth >= minimum:
                    continue
                small += 1
                low, high = bounds_of([snapshot], 0, population)
                if high - low + 1 < min(minimum, stage.totals[cell] + 1):
                    by_one_map.append((cell, place, population))
                low, high = bounds_of(times, place, population)
                # Where people changed groups, what the analyst works out may be wrong.
                if low <= truth <= high and high - low + 1 < min(SEVERAL, stage.totals[cell] + 1):
                    over_time.append((cell, place, population, times, low, high))
    return by_one_map, over_time, small


def test_nobody_is_found_and_no_small_number_isolated(client: Client, story: Story) -> None:
    published = open_data(client, story)
    assert singled_out(story, published) == found_out(story, published) == 0
    told = counters(client, story)
    assert told
    assert [number for number in told if number % MINIMUM] == []
    by_one_map, over_time, small = isolated(story)
    assert by_one_map == []
    assert len(over_time) <= OVER_TIME * small
    # The control: where everyone's votes stand in a row, the same attack finds most people.
    rows = person_rows(story)
    found, told_of = singled_out(story, rows), found_out(story, rows)
    assert found > 0.4
    assert told_of > 0.4


def _a_band_each(total: int, groups: dict[str, int], minimum: int) -> tuple[dict[str, Band], Band]:
    """The rule as it was once: every population has a band of its own."""
    steps = {label: floor_to_step(count, minimum) for label, count in groups.items()}
    rest = floor_to_step(total - sum(groups.values()), minimum)
    bands = {label: (step, step + minimum - 1) for label, step in steps.items()}
    return bands, (rest, rest + minimum - 1)


def test_with_a_band_each_the_differencing_isolates_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the rule of decision 16 the same attack succeeds."""
    monkeypatch.setattr(cells, "consistent_bands", _a_band_each)
    by_one_map, over_time, _ = isolated(publish(simulated()))
    assert len(by_one_map) + len(over_time) > 20


def test_the_attack_works_out_what_it_can() -> None:
    """Of 20 people, “20 to 24” and “0 to 4” are 20 and nobody."""
    cracked = [Snapshot({"A": (20, 24), "B": (0, 4), "none": (0, 4)}, (20, 20))]
    assert bounds_of(cracked, 0, "B") == (0, 0)
    # And over time: three snapshots of which none alone tells.
    early = Snapshot({"A": (15, 24), "B": (0, 4), "none": (0, 4)}, (24, 24))
    late = Snapshot({"A": (15, 19), "B": (0, 9), "none": (0, 9)}, (29, 29))
    assert bounds_of([early], 0, "B") == (0, 4)
    assert bounds_of([early, late], 0, "B") == (1, 4)
