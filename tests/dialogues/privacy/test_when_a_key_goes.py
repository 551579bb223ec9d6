"""When a dialogue's key may go, and that it goes with the word, not later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dialogues.privacy.test_retention import close
from middleground.dialogues.identity.keys import key_file_exists
from middleground.dialogues.models import Dialogue
from middleground.dialogues.privacy import retention
from support.cast import make_dialogue, make_participant, make_staff
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def with_key(slug: str = "harbour") -> Dialogue:
    dialogue = make_dialogue(slug)
    make_participant(dialogue)
    assert key_file_exists(dialogue.pk)
    return dialogue


def test_at_once_is_at_once(keys: Path) -> None:
    dialogue = with_key()
    close(dialogue, 1)
    retention.destroy_key_at_once(make_staff(), dialogue)
    assert not key_file_exists(dialogue.pk)
    assert list(keys.glob("*.key")) == []


def test_a_hold_stops_even_whoever_wants_it_at_once() -> None:
    staff, dialogue = make_staff(), with_key()
    close(dialogue, 20)
    retention.set_hold(staff, dialogue, "key", "Court order 7")
    with refused(retention.HoldRefused, "key_is_kept"):
        retention.destroy_key_at_once(staff, dialogue)
    assert not retention.destroy_key(dialogue)
    assert key_file_exists(dialogue.pk)
    dialogue.refresh_from_db()
    assert dialogue.key_destroyed_on is None


def test_a_dialogue_that_is_open_keeps_it_whatever_maps_it_has() -> None:
    dialogue = with_key()
    close(dialogue, 20)
    Dialogue.objects.update(state="open")
    retention.keep_retention(timezone.now() + timedelta(days=400))
    assert key_file_exists(dialogue.pk)
    Dialogue.objects.update(state="closed")  # the control
    retention.keep_retention(timezone.now())
    assert not key_file_exists(dialogue.pk)
