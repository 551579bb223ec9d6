"""The doctor looks at the sealed votes of final maps, and at the folder that machines share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from middleground.config.doctor.folders import check_shared_folder
from middleground.config.doctor.ledger import check_log, check_sealed_votes
from middleground.dialogues.maps.log_record import matrix_path
from middleground.publiclog.publisher import publish_log
from support.camps import add_voters
from support.cast import make_dialogue
from support.logged import closed, folder  # noqa: F401

pytestmark = pytest.mark.sqlite


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("folder")
def test_sealed_votes_that_are_lost_or_changed_are_found(settings: Any, tmp_path: Path) -> None:
    dialogue = make_dialogue(statements=4)
    add_voters(dialogue, 12)
    closed(dialogue)
    assert list(check_sealed_votes()) == []
    file = matrix_path(dialogue)
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    assert [each.msg for each in check_sealed_votes()] == [
        f"{file} is not what was sealed: no auditor can check that result."
    ]
    file.write_bytes(whole)
    settings.SEALED = tmp_path / "own"  # a folder that the machines do not share
    (found,) = check_sealed_votes()
    assert found.msg.startswith(f"There is no {tmp_path / 'own' / 'harbour.votes'}: ")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("folder")
def test_a_box_with_a_changed_bit_is_found(settings: Any) -> None:
    add_voters(make_dialogue(statements=4), 12)
    publish_log()
    assert "box" not in str([each.msg for each in check_log()])
    (file,) = (Path(settings.SEALED) / "boxes").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    (found,) = (each for each in check_log() if each.obj == "Sealed votes")
    assert found.msg == "The box of “harbour” is damaged: some receipts would not hold."


def test_a_shared_folder_must_be_there(tmp_path: Path) -> None:
    name = "MIDDLEGROUND_SEALED"
    assert list(check_shared_folder(name, tmp_path)) == []
    (found,) = check_shared_folder(name, tmp_path / "not mounted")
    assert (found.obj, found.msg) == (name, f"{tmp_path / 'not mounted'} does not exist.")
