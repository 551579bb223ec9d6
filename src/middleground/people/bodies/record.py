"""Adding to the history of a body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from middleground.core import dates
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import Body, BodyEvent, Post, User


def add_event(
    by: User | None,
    body: Body,
    kind: BodyEvent.Kind,
    facts: Mapping[str, object],
    *,
    on: date | None = None,
    post: Post | None = None,
) -> BodyEvent:
    """Add an event that holds from ``on``, or from today."""
    event = new_event(by, body, kind, facts, on=on, post=post)
    event.save()
    return event


def new_event(
    by: User | None,
    body: Body,
    kind: BodyEvent.Kind,
    facts: Mapping[str, object],
    *,
    on: date | None = None,
    post: Post | None = None,
) -> BodyEvent:
    """The event, not yet saved: an import adds thousands at once."""
    today = dates.today()
    return BodyEvent(
        body=body, post=post, kind=kind, on=on or today, entered_on=today, facts=dict(facts), by=by
    )


def locked(body: Body) -> Body:
    """The body as stored now, locked until the transaction ends. Refuses one that has ended."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    if body.ended_on is not None:
        raise BodyRefused("ended", name=body.name)
    return body


def check_day(body: Body, on: date, *kinds: BodyEvent.Kind) -> None:
    """Refuse a day that is to come, or before the last event of these kinds."""
    if on > dates.today():
        raise BodyRefused("in_the_future")
    last = body.events.filter(kind__in=kinds).order_by("-on").first()
    if last is not None and on < last.on:
        raise BodyRefused("before_another", day=dates.day(last.on))
