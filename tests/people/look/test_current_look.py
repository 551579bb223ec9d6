"""Which look pages show while nothing may be read from the database."""

from __future__ import annotations

import asyncio

import pytest
from django.core.exceptions import SynchronousOnlyOperation

from middleground.core import changes
from middleground.core.look import current
from middleground.core.look.current import ShownLook, current_look
from middleground.core.models import SiteLook

pytestmark = pytest.mark.django_db


async def on_the_event_loop() -> ShownLook:
    with pytest.raises(SynchronousOnlyOperation):  # the control: nothing may be read there
        SiteLook.objects.first()
    return current_look()


def test_the_answer_to_a_vote_has_the_last_known_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "_kept", None)
    monkeypatch.setattr(changes, "are_told", lambda _tables: False)
    assert asyncio.run(on_the_event_loop()).site_name == ""
    monkeypatch.setattr(current, "_kept", (-1, SiteLook(site_name="Port talks")))
    assert asyncio.run(on_the_event_loop()).site_name == "Port talks"
