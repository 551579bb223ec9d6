"""A key that another process destroys is forgotten here, and never made again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from middleground.core.processes.notices import notices
from middleground.dialogues.identity import keys as key_store
from middleground.dialogues.identity.keys import KeyDestroyed, keyed_hash
from middleground.dialogues.models import Dialogue
from middleground.dialogues.privacy.retention import forget_destroyed_keys
from support.cast import make_dialogue

ELSEWHERE = """
import sys
import django; django.setup()
from django.conf import settings
settings.KEYS = sys.argv[1]
from middleground.dialogues.identity.keys import destroy_key_file
destroy_key_file(int(sys.argv[2]))
"""


def destroy_elsewhere(folder: Path, dialogue_id: int) -> None:
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(folder), str(dialogue_id)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        timeout=60,
    )


def hashed(dialogue_id: int) -> bytes:
    return keyed_hash(dialogue_id, b"test", b"message")


@pytest.mark.django_db
def test_it_is_forgotten_within_seconds(keys: Path) -> None:
    dialogue, other = make_dialogue(), make_dialogue("other")
    before = hashed(dialogue.pk), hashed(other.pk)
    destroy_elsewhere(keys, dialogue.pk)
    assert hashed(dialogue.pk) == before[0]  # the control: it is still in memory
    Dialogue.objects.filter(pk=dialogue.pk).update(key_destroyed_on=timezone.localdate())
    forget_destroyed_keys()
    with pytest.raises(KeyDestroyed):
        hashed(dialogue.pk)
    assert hashed(other.pk) == before[1]
    assert not (keys / f"dialogue-{dialogue.pk}.key").exists()


@pytest.mark.django_db
def test_a_copy_of_the_key_in_a_folder_of_its_own_is_destroyed_too(keys: Path) -> None:
    dialogue = make_dialogue()
    hashed(dialogue.pk)
    Dialogue.objects.filter(pk=dialogue.pk).update(key_destroyed_on=timezone.localdate())
    forget_destroyed_keys()
    assert sorted(path.name for path in keys.glob("dialogue-*")) == [
        f"dialogue-{dialogue.pk}.destroyed"
    ]


@pytest.mark.django_db
def test_whoever_is_told_forgets_it_at_once(keys: Path) -> None:
    hashed(7)
    destroy_elsewhere(keys, 7)
    notices._handle("key-destroyed", "7")
    with pytest.raises(KeyDestroyed):
        hashed(7)
    assert 7 not in key_store.keys_in_memory()


@pytest.mark.django_db
def test_a_key_destroyed_while_this_process_looks_is_not_made_again(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = key_store.read_or_create

    def destroyed_meanwhile(path: Path, make: object) -> bytes:
        destroy_elsewhere(keys, 7)
        return read(path, make)  # type: ignore[arg-type]

    monkeypatch.setattr(key_store, "read_or_create", destroyed_meanwhile)
    with pytest.raises(KeyDestroyed):
        hashed(7)
    assert sorted(path.name for path in keys.glob("*")) == ["dialogue-7.destroyed"]
