"""A meeting of 26, from its votes to its pages and files: one true figure for each thing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from middleground.dialogues.maps import worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import Dialogue, Participant, Vote
from support.cast import make_dialogue
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PEOPLE = 26
UNANIMOUS, OPPOSED = range(1, 5), range(5, 13)
# The ends of the scale, its middle, and the certainty of the ranges.
OTHER_PERCENT = {"0", "50", "90", "100"}


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


@pytest.fixture
def dialogue() -> Dialogue:
    """All agree with four statements; on eight, 13 agree and 13 disagree."""
    dialogue = make_dialogue(statements=12)
    people = [
        Participant(id=dialogue.pk * 1_000 + n, dialogue=dialogue, tier="open")
        for n in range(PEOPLE)
    ]
    Participant.objects.bulk_create(people)
    Vote.objects.bulk_create(
        Vote(
            participant=person,
            statement=statement,
            value=1 if statement.number in UNANIMOUS or (n + statement.number) % 2 else -1,
        )
        for statement in dialogue.statements.all()
        for n, person in enumerate(people)
    )
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    assert finalise(dialogue.pk, LiveMaps())
    return dialogue


def told(share: dict[str, float | None]) -> str:
    low, high = (round(100 * (share[end] or 0)) for end in ("low", "high"))
    assert share["agree"] is None  # none of them is known well enough
    if low == 0:
        return f"at most {high}%"
    return f"at least {low}%" if high == 100 else f"{low}–{high}%"


def test_pages_and_files_tell_one_range_for_each_group(client: Client, dialogue: Dialogue) -> None:
    document = json.loads(client.get("/d/harbour/results/map.json").content)
    assert [group["label"] for group in document["groups"]] == ["A", "B"]
    page = words(client, "/d/harbour/results/")
    overview = page.split("All statements")[-1]
    seen = set()
    for item in document["statements"]:
        shares = {label: told(share) for label, share in item["shares"].items()}
        row = f"{item['number']} Statement number {item['number']}. {shares['A']} {shares['B']}"
        assert row in overview
        own = words(client, f"/d/harbour/s/{item['number']}/")
        assert f"Group A: {shares['A']}. Group B: {shares['B']}." in own
        seen |= {number for text in shares.values() for number in re.findall(r"\d+", text)}
        # The truth: 13 of 13 in both groups, or 13 of 13 in one and none in the other.
        agreeing = [item["shares"][label] for label in "AB"]
        if item["number"] in UNANIMOUS:
            assert [share["high"] for share in agreeing] == [1, 1]
        else:
            assert {share["low"] for share in agreeing} & {0}
            assert {share["high"] for share in agreeing} & {1}
        assert set(re.findall(r"(\d+)%", own)) <= seen | OTHER_PERCENT
    for address in ("results/", "map/", "map/undecided/", "map/group/A/"):
        shown = words(client, f"/d/harbour/{address}")
        assert set(re.findall(r"(\d+)%", shown)) <= seen | OTHER_PERCENT
    assert "withheld" not in overview.split("Cite")[0]


def test_the_open_data_have_the_same_ranges(client: Client, dialogue: Dialogue) -> None:
    document = json.loads(client.get("/d/harbour/results/map.json").content)
    shares = {item["number"]: item["shares"] for item in document["statements"]}
    text = client.get("/d/harbour/results/statements.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["population"] in "AB"]
    assert len(rows) == 24
    for row in rows:
        share = shares[int(row["statement"])][row["population"]]
        ends = float(row["share_low"]), float(row["share_high"])
        assert (row["share_agree"], *ends) == ("", share["low"], share["high"])


def test_counts_are_told_as_their_steps(client: Client, dialogue: Dialogue) -> None:
    page = words(client, "/d/harbour/s/1/")
    assert "All: 25–29 agree, fewer than 5 pass, fewer than 5 disagree." in page
