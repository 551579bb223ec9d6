"""The public log's records of admissions and counted tiers, and what an auditor computes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from middleground.cli.app import app
from middleground.dialogues.lifecycle.actions import open_dialogue
from middleground.dialogues.log_kinds import Invitations
from middleground.dialogues.maps import eligibility_actions
from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.models import Dialogue, Participant, StoredMap, Vote
from middleground.dialogues.participation import admission
from middleground.ledger.records.entries import Settings
from middleground.publiclog.publisher import publish_log
from support.camps import add_voters
from support.cast import make_dialogue, make_staff
from support.logged import closed, entries, recounted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]


def invitations(folder: Path) -> list[Any]:
    publish_log()
    return [entry for entry in entries(folder) if isinstance(entry, Invitations)]


def test_the_log_has_the_number_of_codes_but_no_code(folder: Path) -> None:
    dialogue, staff = make_dialogue(), make_staff()
    codes = admission.make_codes(staff, dialogue, "invited", 12, "one")
    admission.start_meeting(staff, dialogue, 30, timedelta(hours=2), "two")
    assert invitations(folder) == [
        Invitations("harbour", "invited", 12),
        Invitations("harbour", "in_person", 30),
    ]
    published = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(code.encode() in published for code in codes)
    assert recounted(folder).holds


def test_a_drafts_codes_are_logged_when_it_opens(folder: Path) -> None:
    dialogue, staff = make_dialogue(state="draft"), make_staff()
    admission.make_codes(staff, dialogue, "in_person", 8, "one")
    assert not dialogue.code_batches.get().logged
    open_dialogue(staff, dialogue)
    admission.make_codes(staff, Dialogue.objects.get(), "invited", 2, "two")
    assert invitations(folder) == [
        Invitations("harbour", "in_person", 8),
        Invitations("harbour", "invited", 2),
    ]


def test_counting_rules_are_part_of_the_logged_settings(folder: Path) -> None:
    dialogue, staff = make_dialogue(statements=2), make_staff()
    add_voters(dialogue, 8)
    Vote.objects.filter(statement__number=2).update(dealt=False, value=1)
    eligibility_actions.choose_tiers(staff, dialogue, ["invited"])
    eligibility_actions.exclude_pattern(staff, dialogue, dialogue.statements.get(number=2), 1)
    publish_log()
    found = [entry for entry in entries(folder) if isinstance(entry, Settings)]
    documents = [
        json.loads((folder / "documents" / each.document.hex()).read_bytes()) for each in found
    ]
    assert [(each["uncounted_tiers"], each["set_aside"]) for each in documents] == [
        (["invited"], []),
        (["invited"], [{"looked_up": 2, "voted": "agree"}]),
    ]


def test_an_auditor_recomputes_a_map_with_an_uncounted_tier(
    folder: Path, tmp_path: Path, settings: Any
) -> None:
    settings.SEALED = tmp_path / "sealed"
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 60)
    some = list(Participant.objects.order_by("pk").values_list("pk", flat=True))
    Participant.objects.filter(pk__in=some[::3]).update(tier="invited")
    Participant.objects.filter(pk__in=some[1::10]).update(tier="unconfirmed")
    eligibility_actions.choose_tiers(make_staff(email="other@example.org"), dialogue, ["invited"])
    closed(dialogue)
    stored = StoredMap.objects.get(final=True)
    assert [(each.name, each.counted) for each in stored.facts.tiers] == [
        ("invited", False),
    ]  # fmt: skip
    text = matrix_path(dialogue).read_text()
    assert "\nbeside invited " in text
    assert "unconfirmed" not in text
    out = tmp_path / "facts.json"
    given = ["analyse", "--sealed", str(matrix_path(dialogue)), "--json", str(out)]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    assert out.read_text() == f"{json.dumps(stored.data, sort_keys=True, separators=(',', ':'))}\n"
    # The control: if the uncounted participants are counted, the figures differ.
    matrix_path(dialogue).write_text(text.replace("\nbeside invited", "\nparticipant invited"))
    assert CliRunner().invoke(app, given).exit_code == 0
    assert json.loads(out.read_text()) != stored.data
