"""Posts of bodies: made, renamed, ended."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from middleground.people.bodies.heirs import pass_on_post
from middleground.people.bodies.record import add_event, check_day, locked, new_event
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import Body, BodyEvent, Post, User

Kind = BodyEvent.Kind


@transaction.atomic
def make_post(
    by: User | None, body: Body, title: str, *, outside_id: str = "", on: date | None = None
) -> Post:
    body = locked(body)
    _refuse_second(body, title)
    post = Post(body=body, title=title, outside_id=outside_id)
    post.full_clean()
    post.save()
    made(by, post, on).save()
    return post


def made(by: User | None, post: Post, on: date | None = None) -> BodyEvent:
    """The event, not yet saved."""
    facts = {"post_title": post.title}
    return new_event(by, post.body, Kind.POST_MADE, facts, on=on, post=post)


@transaction.atomic
def rename_post(by: User | None, post: Post, title: str, on: date) -> bool:
    """Give the post a new title from a day on. Returns whether it had another one."""
    body, post = locked_post(post)
    if title == post.title:
        return False
    check_day(body, on)
    _refuse_second(body, title, but=post)
    before, post.title = post.title, title
    post.full_clean()
    post.save(update_fields=["title"])
    add_event(by, body, Kind.POST_RENAMED, {"before": before, "after": title}, on=on, post=post)
    return True


@transaction.atomic
def end_post(by: User | None, post: Post, on: date) -> None:
    """End the post: from that day on nobody speaks for it."""
    body, post = locked_post(post)
    check_day(body, on)
    post.ended_on = on
    post.save(update_fields=["ended_on"])
    add_event(by, body, Kind.POST_ENDED, {"post_title": post.title}, on=on, post=post)
    pass_on_post(by, post)


def locked_post(post: Post) -> tuple[Body, Post]:
    """The post and its body as stored now, both locked. Refuses what has ended."""
    body = locked(Post.objects.select_related("body").get(pk=post.pk).body)
    post = Post.objects.select_for_update().select_related("body").get(pk=post.pk)
    if post.body_id != body.pk:  # it was taken over between the two reads
        return locked_post(post)
    if post.ended_on is not None:
        raise BodyRefused("ended", name=post.title)
    return body, post


def _refuse_second(body: Body, title: str, but: Post | None = None) -> None:
    same = body.posts.existing().filter(title__iexact=title)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise BodyRefused("title_taken", body=str(body))
