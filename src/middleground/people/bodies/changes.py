"""Registering, renaming, describing, merging and abolishing bodies.

Names, levels and days are kept as they were in ``BodyEvent``. What a body owes goes to its heir,
since its posts do (see ``merge_body``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from middleground.people.bodies.heirs import pass_on_body
from middleground.people.bodies.record import add_event, check_day, locked, new_event
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import Body, BodyEvent, Post, User

Kind = BodyEvent.Kind
# What a body says of itself. A change is one event, and keeps what was said before.
DESCRIPTION = ("level", "place", "duties", "website", "contact")
_ALWAYS = (Kind.REGISTERED, Kind.RENAMED, Kind.ABSORBED, Kind.MOVED)


@transaction.atomic
def register_body(
    by: User | None,
    *,
    name: str,
    level: str,
    parent: Body | None = None,
    outside_id: str = "",
    on: date | None = None,
    **description: str,
) -> Body:
    """Add a body; ``description`` has fields of ``DESCRIPTION``."""
    _refuse_second(name, level)
    if parent is not None:
        parent = locked(parent)
    body = Body(name=name, level=level, parent=parent, outside_id=outside_id, **description)
    body.slug = free_slug(name)
    body.full_clean()
    body.save()
    registered(by, body, on).save()
    return body


def registered(by: User | None, body: Body, on: date | None = None) -> BodyEvent:
    """The event, not yet saved."""
    facts = {"name": body.name, "parent": str(body.parent) if body.parent else ""}
    return new_event(by, body, Kind.REGISTERED, facts, on=on)


@transaction.atomic
def rename_body(by: User | None, body: Body, name: str, on: date) -> bool:
    """Give the body a new name from a day on. Returns whether it had another one."""
    body = locked(body)
    if name == body.name:
        return False
    check_day(body, on, Kind.RENAMED)
    _refuse_second(name, body.level, but=body)
    before, body.name = body.name, name
    body.full_clean()
    body.save(update_fields=["name"])
    add_event(by, body, Kind.RENAMED, {"before": before, "after": name}, on=on)
    return True


@transaction.atomic
def describe_body(by: User | None, body: Body, description: Mapping[str, str]) -> bool:
    """Change what the body says of itself. Returns whether anything changed."""
    body = locked(body)
    before = {field: getattr(body, field) for field in DESCRIPTION}
    after = {field: description.get(field, value) for field, value in before.items()}
    changed = [field for field in DESCRIPTION if before[field] != after[field]]
    if not changed:
        return False
    if "level" in changed:
        _refuse_second(body.name, after["level"], but=body)
    for field in changed:
        setattr(body, field, after[field])
    body.full_clean()
    body.save(update_fields=changed)
    both = {field: [before[field], after[field]] for field in changed}
    add_event(by, body, Kind.DESCRIBED, {"changed": both})
    return True


@transaction.atomic
def move_body(by: User | None, body: Body, parent: Body | None, on: date) -> bool:
    """Make the body part of another, or of none. Returns whether it was elsewhere before."""
    # One lock for all, since two moves at once could make a circle.
    everyone = {each.pk: each for each in Body.objects.select_for_update().order_by("pk")}
    body = everyone[body.pk]
    before = everyone.get(body.parent_id or 0)
    if body.ended_on is not None:
        raise BodyRefused("ended", name=body.name)
    parent = everyone[parent.pk] if parent else None
    if parent == before:
        return False
    check_day(body, on, Kind.MOVED)
    above = parent
    while above is not None:
        if above == body:
            raise BodyRefused("own_parent", name=str(parent))
        above = everyone.get(above.parent_id or 0)
    if parent is not None and parent.ended_on is not None:
        raise BodyRefused("ended", name=parent.name)
    body.parent = parent
    body.save(update_fields=["parent"])
    names = {"before": str(before) if before else "", "after": str(parent) if parent else ""}
    add_event(by, body, Kind.MOVED, names, on=on)
    return True


@transaction.atomic
def merge_body(by: User | None, body: Body, into: Body, on: date) -> None:
    """End the body; its posts, their holders and all that they owe go to another body."""
    if into.pk == body.pk:
        raise BodyRefused("into_itself")
    first, second = sorted((body, into), key=lambda each: each.pk)  # no two wait for each other
    both = {each.pk: each for each in (locked(first), locked(second))}
    body, into = both[body.pk], both[into.pk]
    check_day(body, on, *_ALWAYS)
    taken = set(into.posts.existing().values_list("title", flat=True))
    for post in body.posts.existing():
        before, post.body = post.title, into
        if post.title in taken:
            post.title = _title_with(post.title, body.name)
        post.save(update_fields=["body", "title"])
        facts = {"post": post.title, "before": before, "body": body.name}
        add_event(by, into, Kind.POST_TAKEN_OVER, facts, on=on, post=post)
    Body.objects.filter(parent=body).update(parent=into)
    body.ended_on, body.successor = on, into
    body.save(update_fields=["ended_on", "successor"])
    add_event(by, body, Kind.MERGED, {"into": into.name, "slug": into.slug}, on=on)
    add_event(by, into, Kind.ABSORBED, {"body": body.name, "slug": body.slug}, on=on)
    pass_on_body(by, body, into)


@transaction.atomic
def abolish_body(by: User | None, body: Body, on: date, reason: str) -> None:
    """End the body without a successor. Its posts end; what they owe is nobody's from then on."""
    body = locked(body)
    check_day(body, on, *_ALWAYS)
    posts = list(body.posts.existing())
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(ended_on=on)
    for post in posts:
        add_event(by, body, Kind.POST_ENDED, {"post_title": post.title}, on=on, post=post)
    body.ended_on = on
    body.save(update_fields=["ended_on"])
    add_event(by, body, Kind.ABOLISHED, {"reason": reason}, on=on)
    pass_on_body(by, body, None)


def free_slug(name: str) -> str:
    """An address made from the name, which no body has or had."""
    stem = slug_stem(name)
    taken = set(Body.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)


def slug_stem(name: str) -> str:
    """What addresses of bodies with this name begin with."""
    return slugify(name)[:70].strip("-") or "body"


def _refuse_second(name: str, level: str, but: Body | None = None) -> None:
    same = Body.objects.existing().filter(Q(name__iexact=name), level=level)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise BodyRefused("name_taken", level=Body(level=level).get_level_display())


def _title_with(title: str, body: str) -> str:
    room = Post._meta.get_field("title").max_length or 0
    return f"{title} ({body})"[:room]
