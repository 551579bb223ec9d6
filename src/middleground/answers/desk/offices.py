"""For which of their posts an official acts in what a body has: a case or a commitment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from middleground.people.bodies.queries import terms_of
from middleground.people.models import Post, User

Owed = TypeVar("Owed", bound=Model)


def posts_of(user: User) -> list[Post]:
    return [term.post for term in terms_of(user, timezone.localdate())]


def owed_by(posts: list[Post]) -> Q:
    """What the posts have, and what their bodies have without a post."""
    return Q(post__in=posts) | Q(body__in=[post.body_id for post in posts], post=None)


def held_by(
    user: User, of_posts: Callable[[list[Post]], QuerySet[Owed]], pk: int
) -> tuple[Owed, list[Post]]:
    """What an official's posts have under this key, and these posts. 404 if there is no such."""
    if not user.is_official:
        raise PermissionDenied
    posts = posts_of(user)
    found = of_posts(posts).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found, posts


def acting_post(posts: list[Post], body_id: int | None, post_id: int | None) -> Post:
    """The post that has it, if it is one of these, or the body's first one. 404 without any."""
    own = [post for post in posts if post.body_id == body_id]
    if not own:
        raise Http404
    return next((each for each in own if each.pk == post_id), own[0])
