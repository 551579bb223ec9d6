"""A draft that was open or scheduled before keeps its address, which the public log names."""

from datetime import timedelta

import pytest
from django.utils import timezone

from middleground.dialogues.lifecycle import actions
from middleground.dialogues.models import Dialogue
from middleground.people.models import User
from support.cast import make_dialogue
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def rename(staff: User, dialogue: Dialogue) -> None:
    actions.edit_dialogue(staff, dialogue, {"slug": "port"})


def test_a_draft_that_never_opened_takes_another_address(facilitator: User) -> None:
    dialogue = make_dialogue(state="draft")
    rename(facilitator, dialogue)
    assert Dialogue.objects.get().slug == "port"


@pytest.mark.parametrize("ahead", [None, timedelta(days=1)])
def test_one_that_was_open_or_scheduled_keeps_it(
    facilitator: User, ahead: timedelta | None
) -> None:
    dialogue = make_dialogue(state="draft", opens_at=ahead and timezone.now() + ahead)
    actions.open_dialogue(facilitator, dialogue)
    dialogue = actions.withdraw_dialogue(facilitator, dialogue)
    with refused(actions.LifecycleRefused, "address_is_fixed"):
        rename(facilitator, dialogue)
    assert Dialogue.objects.get().slug == "harbour"
    actions.edit_dialogue(facilitator, dialogue, {"question": "What else?"})  # all else changes


def test_links_to_look_ahead_end_when_an_open_dialogue_is_put_off(facilitator: User) -> None:
    later = {"opens_at": timezone.now() + timedelta(days=1)}
    for state, left in (("draft", 1), ("open", 0)):
        dialogue = make_dialogue(state, state=state)
        today = timezone.localdate()
        dialogue.preview_links.create(label="a", address_hash=state, password="x", ends_on=today)
        actions.edit_dialogue(facilitator, dialogue, later)
        assert dialogue.preview_links.count() == left
