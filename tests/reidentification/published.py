"""The published data of a dialogue while its votes arrive, taken from its pages and files."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client

from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap, Vote
from middleground.dialogues.results.open_data import map_document
from middleground.dialogues.results.published import newest_map
from middleground.disclosure.bands import may_publish_exact
from middleground.disclosure.cells import NO_GROUP
from reidentification.attack import ANSWERS, Cell, Ends, Record, Snapshot
from support.camps import publish_after_newcomers
from support.cast import make_dialogue
from support.reading import words

STAGES = (0.4, 0.8, 1.0)
NAMES = {1: "agree", 0: "pass", -1: "disagree"}
Counts = dict[Cell, int]


@dataclass(frozen=True)
class Stage:
    """A map in the making: its record in the log, and the true counts by population."""

    map: dict[str, Any]
    totals: Counts
    truth: dict[str, Counts]


@dataclass(frozen=True)
class Story:
    """A dialogue from the first votes to its open data."""

    dialogue: Dialogue
    stages: list[Stage]
    votes: dict[int, dict[int, int]]  # participant → statement → answer


def simulated() -> Dialogue:
    """120 participants in two camps, who see 20 of 30 statements each."""
    dialogue = make_dialogue("simulated", statements=30)
    rng = random.Random(8)
    statements = list(dialogue.statements.order_by("number"))
    participants = [
        Participant(id=dialogue.pk * 1_000_000 + n, dialogue=dialogue) for n in range(120)
    ]
    Participant.objects.bulk_create(participants)
    votes = []
    for place, person in enumerate(participants):
        for statement in rng.sample(statements, 20):
            side = 1 if (place + statement.number) % 2 else -1
            answer = 0 if rng.random() < 0.15 else (side if rng.random() < 0.85 else -side)
            votes.append(Vote(participant=person, statement=statement, value=answer))
    Vote.objects.bulk_create(votes)
    return dialogue


def publish(dialogue: Dialogue, seed: int = 3) -> Story:
    """Let participants arrive in a random order, make a map at each stage, and close."""
    rows = list(
        Vote.objects.filter(participant__dialogue=dialogue).values_list(
            "participant_id", "statement_id", "value"
        )
    )
    answers: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, statement, value in rows:
        answers[person].append((statement, value))
    # Pseudonyms differ with each key, so they cannot give the same order in each run.
    number = dict(dialogue.statements.values_list("pk", "number"))
    participants = sorted(
        answers, key=lambda p: sorted((number[s], value) for s, value in answers[p])
    )
    random.Random(seed).shuffle(participants)
    Vote.objects.filter(participant__dialogue=dialogue).delete()
    Dialogue.objects.filter(pk=dialogue.pk).update(state="open")
    stages, before, maps = [], 0, LiveMaps()
    for share in STAGES:
        until = int(len(participants) * share)
        here = set(participants[before:until])
        Vote.objects.bulk_create(
            [Vote(participant_id=p, statement_id=s, value=v) for p, s, v in rows if p in here],
            batch_size=5_000,
        )
        before = until
        if share == 1.0:
            Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
            assert finalise(dialogue.pk, maps)
        else:
            assert publish_after_newcomers(dialogue, maps)
        stages.append(_stage(dialogue))
    number = _shown(dialogue)
    votes: dict[int, dict[int, int]] = defaultdict(dict)
    for person, statement, value in rows:
        if statement in number:
            votes[person][number[statement]] = value
    return Story(dialogue, stages, votes)


def _shown(dialogue: Dialogue) -> dict[int, int]:
    shown = Statement.objects.votable().filter(dialogue=dialogue)
    return dict(shown.values_list("pk", "number"))


def _stage(dialogue: Dialogue) -> Stage:
    published = newest_map(dialogue)
    assert published is not None
    data, number = json.loads(map_document(published)), _shown(dialogue)
    totals: Counts = {}
    truth: dict[str, Counts] = defaultdict(dict)
    for item in StoredMap.objects.get(pk=published.pk).facts.statements:
        parts = {rate.group: rate.tally for rate in item.groups}
        for answer, name in zip(ANSWERS, ("agree", "passed", "disagree"), strict=True):
            cell = (number[item.statement], answer)
            totals[cell] = rest = int(getattr(item.everyone.tally, name))
            for label, tally in parts.items():
                truth[label][cell] = int(getattr(tally, name))
                rest -= truth[label][cell]
            truth[NO_GROUP if parts else "all"][cell] = rest
    return Stage(data, totals, dict(truth))


# The published data as an analyst reads it


def open_data(client: Client, story: Story) -> list[Record]:
    """The file of the results page, as one record for each population."""
    text = client.get(f"/d/{story.dialogue.slug}/results/statements.csv").content.decode(
        "utf-8-sig"
    )
    records: dict[str, dict[Cell, Ends]] = defaultdict(dict)
    for row in csv.DictReader(io.StringIO(text)):
        for answer, name in NAMES.items():
            ends = int(row[f"{name}_from"]), int(row[f"{name}_to"])
            records[row["population"]][int(row["statement"]), answer] = ends
    return [Record(cells) for cells in records.values()]


def person_rows(story: Story) -> list[Record]:
    """The data that Polis and others publish: each participant's votes in a row, without a name."""
    return [Record(dict.fromkeys(votes.items(), (1, 1))) for votes in story.votes.values()]


def snapshots(story: Story, minimum: int) -> Iterator[tuple[Cell, list[Snapshot]]]:
    """Each answer to each statement over time, with exact totals where the log opens them.

    The log's order gives the exact totals of earlier times, too.
    """
    last = story.stages[-1].totals
    for statement in sorted({statement for statement, _ in last}):
        counts = [last[statement, answer] for answer in ANSWERS]
        opened = may_publish_exact(*counts, minimum)
        for cell in [(statement, answer) for answer in ANSWERS]:
            found = [
                Snapshot(_bands(stage, cell), _total(stage, cell, opened=opened))
                for stage in story.stages
                if _bands(stage, cell)
            ]
            yield cell, found


def _bands(stage: Stage, cell: Cell) -> dict[str, Ends]:
    for item in stage.map["statements"]:
        if item["number"] == cell[0]:
            name = NAMES[cell[1]]
            return {label: tuple(counts[name]) for label, counts in item["counts"].items()}
    return {}


def _total(stage: Stage, cell: Cell, *, opened: bool) -> Ends:
    exact = stage.totals.get(cell, 0)
    if opened:
        return exact, exact
    bands = _bands(stage, cell).values()
    return sum(low for low, _ in bands), sum(high for _, high in bands)


def counters(client: Client, story: Story) -> list[int]:
    """Every number of participants or votes on pages, which write “at least 10” for 10 to 14."""
    slug, found = story.dialogue.slug, []
    first = min(statement for statement, _ in story.stages[-1].totals)
    for address in ("/", f"/d/{slug}/", f"/d/{slug}/s/{first}/", f"/d/{slug}/results/"):
        text = words(client, address)
        found += re.findall(r"at least ([\d,]+) (?:people|participants|votes)", text, re.IGNORECASE)
    return [int(number.replace(",", "")) for number in found]
