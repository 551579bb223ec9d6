"""Reads of bodies and posts that several pages use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from middleground.people.models import Appointment, Body, Level, Post, User


@dataclass(frozen=True, slots=True)
class LevelOfBodies:
    """The bodies of one level, by name."""

    level: Level
    bodies: list[Body]


def found_bodies(words: str) -> QuerySet[Body]:
    """Bodies in whose name, duties, place or posts each of the words occurs."""
    bodies = Body.objects.select_related("parent", "successor")
    for word in words.split()[:8]:
        posts = Post.objects.filter(title__icontains=word).values("body_id")
        bodies = bodies.filter(
            Q(name__icontains=word)
            | Q(duties__icontains=word)
            | Q(place__icontains=word)
            | Q(pk__in=posts)
        )
    return bodies.order_by("name", "pk")


def by_level(bodies: Iterable[Body]) -> list[LevelOfBodies]:
    """The bodies in the order of levels, without empty levels."""
    at: dict[str, list[Body]] = {level: [] for level in Level.values}
    for body in bodies:
        at[body.level].append(body)
    return [LevelOfBodies(Level(level), found) for level, found in at.items() if found]


def posts_with_holders(body: Body, on: date) -> list[Post]:
    """The body's posts that exist, each with the terms that hold on the day in ``current``."""
    terms = Appointment.objects.current(on).order_by("role", "since")
    holders = Prefetch("appointments", terms, to_attr="current")
    return list(body.posts.existing().prefetch_related(holders))


def terms_of(user: User, on: date) -> QuerySet[Appointment]:
    """The terms in which somebody acts for posts on the day."""
    terms = Appointment.objects.current(on).filter(user=user)
    return terms.select_related("post__body").order_by("post__body__name", "post__title")


def holder_name(post: Post, user: User, on: date) -> str:
    """Under which name the user acts for the post on the day; empty if they do not."""
    names = Appointment.objects.current(on).filter(post=post, user=user)
    return names.values_list("name", flat=True).first() or ""
