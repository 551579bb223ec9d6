"""The exported folder gives the published map, with what was looked up and who does not count."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from middleground.cli.app import app
from middleground.dialogues.exchange.polis import export_conversation, import_conversation
from middleground.dialogues.exchange.polis_map import _renumbered
from middleground.dialogues.maps.eligibility import counted_votes
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import Dialogue, Participant, StoredMap, Vote
from middleground.engine import Options, Votes, analyse
from middleground.polis import read_export, write_export
from support.camps import add_voters, publish_after_newcomers
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def closed() -> Dialogue:
    """Two camps; some looked statements up; some came in a way that does not count, or at once.

    Statements' numbers are not in the order of their keys, one was sent back, one rejected.
    """
    dialogue = make_dialogue(statements=0, uncounted_tiers=["invited"])
    for number in (12, 3, 9, 1, 7, 5, 2, 11, 4, 8, 6, 10):
        make_statement(dialogue, number)
    people = add_voters(dialogue, 60)
    publish_after_newcomers(dialogue)
    people += add_voters(dialogue, 40, first=1000)
    Participant.objects.filter(pk__in=people[60:75]).update(tier="invited")
    Participant.objects.filter(pk__in=people[75:80]).update(tier="verified")
    Participant.objects.filter(pk__in=people[80:84]).update(tier="unconfirmed")
    # A brigade that looked one statement up, and turned it over.
    Vote.objects.filter(participant_id__in=people[:25], statement__number=3).update(
        dealt=False, value=-1
    )
    dialogue.statements.filter(number=10).update(
        status="rejected", reviewed=True, reason="off_topic"
    )
    dialogue.statements.filter(number=11).update(status="pending", reviewed=False)
    Dialogue.objects.filter(pk=dialogue.pk).update(
        state="closed", closes_at=timezone.now() - timedelta(minutes=1)
    )
    dialogue.refresh_from_db()
    assert finalise(dialogue.pk) is not None
    return dialogue


def figures(folder: Path, *options: str) -> dict[str, Any]:
    target = folder.parent / "figures.json"
    result = CliRunner().invoke(app, ["analyse", str(folder), "--json", str(target), *options])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(target.read_text())
    return found


def published(dialogue: Dialogue) -> dict[str, Any]:
    """The final map with statements by number, and the hash of the same votes so numbered."""
    stored = StoredMap.objects.get(dialogue=dialogue, final=True)
    numbers = dict(dialogue.statements.values_list("pk", "number"))
    facts: dict[str, Any] = _renumbered(json.loads(json.dumps(stored.data)), numbers)
    earlier = dialogue.maps.filter(final=False).first()
    assert earlier is not None
    assert facts["previous_input_hash"] == earlier.data["input_hash"]
    votes = counted_votes(dialogue).votes
    renamed = [numbers[key] for key in votes.statement.tolist()]
    same = Votes(votes.participant, renamed, votes.value, votes.dealt)
    facts["input_hash"] = analyse(same, Options(**stored_options(stored))).facts.input_hash
    # Statements stand in the order of their ids.
    order = sorted(
        range(len(facts["statements"])), key=lambda k: facts["statements"][k]["statement"]
    )
    facts["statements"] = [facts["statements"][k] for k in order]
    for tier in facts["tiers"]:
        for rows in ("everyone", "groups"):
            tier[rows] = [tier[rows][k] for k in order]
    return facts


def stored_options(stored: StoredMap) -> dict[str, Any]:
    return {**stored.data["options"], "leave_out": ()}


def test_an_exported_folder_gives_the_published_map(closed: Dialogue, tmp_path: Path) -> None:
    export = export_conversation(closed)
    write_export(export, tmp_path / "out")
    assert read_export(tmp_path / "out", strict=True) == export
    wanted, found = published(closed), figures(tmp_path / "out")
    assert wanted["integrity"]["looked_up"] == 25
    assert len(wanted["groups"]) == 2
    assert {each["name"] for each in wanted["tiers"]} >= {"invited"}
    assert found == wanted


def test_without_the_marks_it_would_be_another_map(closed: Dialogue, tmp_path: Path) -> None:
    write_export(export_conversation(closed), tmp_path / "out")
    for file in (tmp_path / "out").glob("middleground-*"):
        file.unlink()
    wanted, found = published(closed), figures(tmp_path / "out")
    assert found["input_hash"] != wanted["input_hash"]
    assert found["integrity"]["looked_up"] == 0

    def agreed(facts: dict[str, Any]) -> float:
        of_three = [each for each in facts["statements"] if each["statement"] == 3]
        return float(of_three[0]["everyone"]["rate"])

    assert abs(agreed(found) - agreed(wanted)) > 0.05


def test_groups_and_people_in_the_map_are_those_of_the_published_map(
    closed: Dialogue, tmp_path: Path
) -> None:
    export = export_conversation(closed)
    wanted = published(closed)
    sizes = [sum(at == k for at in export.groups.values()) for k in range(2)]
    assert sizes == [group["size"] for group in wanted["groups"]]
    assert export.in_map == wanted["diagnostics"]["eligible"]
    assert export.in_map < len(set(export.votes.participant.tolist()))


def test_seed_and_settings_of_the_command_line_come_first(closed: Dialogue, tmp_path: Path) -> None:
    write_export(export_conversation(closed), tmp_path / "out")
    found = figures(tmp_path / "out", "--seed", "5", "--dimensions", "2")
    assert (found["seed"], found["options"]["dimensions"]) == (5, 2)
    assert found["options"]["double_votes"] == published(closed)["options"]["double_votes"]


def test_importing_it_keeps_what_was_looked_up(closed: Dialogue, tmp_path: Path) -> None:
    write_export(export_conversation(closed), tmp_path / "out")
    again = import_conversation(read_export(tmp_path / "out"), "another").dialogue
    kept = Vote.objects.filter(statement__dialogue=again, dealt=False)
    assert set(kept.values_list("statement__number", "value")) == {(3, -1)}
    assert kept.count() == 25


def test_a_dialogue_without_a_map_has_nobody_in_it() -> None:
    dialogue = make_dialogue(statements=3)
    add_voters(dialogue, 4)
    export = export_conversation(dialogue)
    assert (export.groups, export.in_map) == ({}, 0)
