"""A dialogue, and the staff who bring people to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue
from middleground.outreach.campaigns import going
from middleground.outreach.campaigns.visits import Openings
from middleground.people.models import User
from support.cast import make_dialogue, make_staff


@pytest.fixture
def staff(db: None) -> User:
    return make_staff(email="fay@example.org")


@pytest.fixture
def harbour(db: None, keys: Path) -> Dialogue:
    return make_dialogue(minimum_shown=5)


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Openings:
    """Openings that no other test has counted."""
    own = Openings()
    monkeypatch.setattr(going, "openings", own)
    return own
