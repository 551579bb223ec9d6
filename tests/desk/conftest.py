"""The staff who use the desk."""

import pytest
from django.test import Client

from middleground.people.models import User
from support.cast import PASSWORD, make_staff


@pytest.fixture
def facilitator(db: None) -> User:
    return make_staff(email="fay@example.org")


@pytest.fixture
def moderator(db: None) -> User:
    return make_staff("moderator", "mo@example.org")


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD)


@pytest.fixture
def desk(facilitator: User) -> Client:
    client = Client()
    client.force_login(facilitator)
    return client


@pytest.fixture
def moderation(moderator: User) -> Client:
    client = Client()
    client.force_login(moderator)
    return client
