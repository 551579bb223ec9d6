"""A dialogue, its staff, and somebody without a role in it."""

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_staff


@pytest.fixture
def dialogue(db: None, keys: None) -> Dialogue:
    return make_dialogue()


@pytest.fixture
def moderator(dialogue: Dialogue) -> User:
    return make_member(dialogue, "moderator", "mo@example.org")


@pytest.fixture
def desk(moderator: User) -> Client:
    client = Client()
    client.force_login(moderator)
    return client


@pytest.fixture
def outsider(dialogue: Dialogue) -> Client:
    client = Client()
    client.force_login(make_staff(User.Role.GUEST, "guest@example.org"))
    return client
