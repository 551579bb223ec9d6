"""Re-identification: eight known votes of a person find nobody in the published data."""

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
# The tolerated share of small counts that several maps narrow down further: see decision 16.
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
    """Participants with enough votes: eight known votes, and the other statements they voted on."""
    rng = random.Random(5)
    # Pseudonyms differ with each key, so they cannot give the same order in each run.
    often = sorted(
        (votes for votes in story.votes.values() if len(votes) > KNOWN),
        key=lambda votes: sorted(votes.items()),
    )
    found = []
    for votes in rng.sample(often, min(TARGETS, len(often))):
        known = dict(rng.sample(sorted(votes.items()), KNOWN))
        found.append((known, [statement for statement in votes if statement not in known]))
    return found


def singled_out(story: Story, records: list[Record]) -> float:
    """The share of the targets for whom one record is left, which then is theirs."""
    found = [candidates(records, known) == 1 for known, _ in targets(story)]
    return sum(found) / len(found)


def found_out(story: Story, records: list[Record]) -> float:
    """The share of the targets for whom a ninth vote can be determined."""
    found = [
        any(len(learnt(records, known, statement)) == 1 for statement in rest)
        for known, rest in targets(story)
    ]
    return sum(found) / len(found)


def isolated(
    story: Story, minimum: int = MINIMUM
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], int]:
    """Small counts with too few possible values by one map and over time; and how many were tried.

    Given one snapshot, all of 0 to 4 must remain possible. Given all of them, several must, even if
    the analyst's guess that nobody changed groups between maps is right.
    """
    by_one_map: list[tuple[object, ...]] = []
    over_time: list[tuple[object, ...]] = []
    small = 0
    for cell, times in snapshots(story, minimum):
        for place, snapshot in enumerate(times):
            stage = story.stages[len(STAGES) - len(times) + place]
            for population in snapshot.bands:
                truth = stage.truth[population][cell]
                # The log's order gives the total of an earlier time, independently of the maps.
                if population in ("none", "all") or truth >= minimum:
                    continue
                small += 1
                low, high = bounds_of([snapshot], 0, population)
                if high - low + 1 < min(minimum, stage.totals[cell] + 1):
                    by_one_map.append((cell, place, population))
                low, high = bounds_of(times, place, population)
                # Where participants changed groups, the analyst's bounds may be wrong.
                if low <= truth <= high and high - low + 1 < min(SEVERAL, stage.totals[cell] + 1):
                    over_time.append((cell, place, population, times, low, high))
    return by_one_map, over_time, small


def test_no_participant_is_found_and_no_small_count_isolated(client: Client, story: Story) -> None:
    published = open_data(client, story)
    assert singled_out(story, published) == found_out(story, published) == 0
    told = counters(client, story)
    assert told
    assert [number for number in told if number % MINIMUM] == []
    by_one_map, over_time, small = isolated(story)
    assert by_one_map == []
    assert len(over_time) <= OVER_TIME * small
    # The control: given each participant's row of votes, the same attack finds many of them.
    rows = person_rows(story)
    found, told_of = singled_out(story, rows), found_out(story, rows)
    assert found > 0.3
    assert told_of > 0.3


def _a_band_each(total: int, groups: dict[str, int], minimum: int) -> tuple[dict[str, Band], Band]:
    """The earlier rule: every population has its own band."""
    steps = {label: floor_to_step(count, minimum) for label, count in groups.items()}
    rest = floor_to_step(total - sum(groups.values()), minimum)
    bands = {label: (step, step + minimum - 1) for label, step in steps.items()}
    return bands, (rest, rest + minimum - 1)


def test_separate_bands_let_differencing_isolate_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the rule of decision 16 the same attack succeeds."""
    monkeypatch.setattr(cells, "consistent_bands", _a_band_each)
    by_one_map, over_time, _ = isolated(publish(simulated()))
    assert len(by_one_map) + len(over_time) > 20


def test_the_attack_finds_the_tightest_bounds() -> None:
    """Given a total of 20, “20 to 24” and “0 to 4” can only be 20 and 0."""
    cracked = [Snapshot({"A": (20, 24), "B": (0, 4), "none": (0, 4)}, (20, 20))]
    assert bounds_of(cracked, 0, "B") == (0, 0)
    # Over time: two snapshots together reveal more than either alone.
    early = Snapshot({"A": (15, 24), "B": (0, 4), "none": (0, 4)}, (24, 24))
    late = Snapshot({"A": (15, 19), "B": (0, 9), "none": (0, 9)}, (29, 29))
    assert bounds_of([early], 0, "B") == (0, 4)
    assert bounds_of([early, late], 0, "B") == (1, 4)
