"""A facilitator who keeps the list of bodies, and a body with a post."""

import pytest
from django.test import Client

from middleground.people.bodies.changes import register_body
from middleground.people.bodies.posts import make_post
from middleground.people.models import Body, Post, User
from support.cast import make_staff


@pytest.fixture
def keeper(db: None) -> User:
    return make_staff(email="fay@example.org")


@pytest.fixture
def desk(keeper: User) -> Client:
    client = Client()
    client.force_login(keeper)
    return client


@pytest.fixture
def police(keeper: User) -> Body:
    return register_body(keeper, name="Police Department", level="city", duties="Patrols.")


@pytest.fixture
def chief(keeper: User, police: Body) -> Post:
    return make_post(keeper, police, "Chief of Police")
