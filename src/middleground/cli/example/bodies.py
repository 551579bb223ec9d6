"""The bodies of the example, their posts, and who holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from middleground.cli.demo import OFFICIAL
from middleground.core import dates
from middleground.demo.answered import BODIES, Entry, working_day
from middleground.people.bodies.changes import register_body
from middleground.people.bodies.posts import make_post
from middleground.people.bodies.terms import Verification, appoint
from middleground.people.models import Body, Post, User

OFFICIALS_POST = "chief"  # whose holder can sign in; all others have no password
REGISTERED = -150
HOLDER = "Example holder"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the example. ``posts`` and ``holders`` by the key of the post."""

    staff: User
    posts: dict[str, Post]
    holders: dict[str, User]


def example_cast(staff: User, today: date) -> Cast:
    """Enter all bodies of the example."""
    cast = Cast(staff, {}, {})
    with dates.entering(working_day(today, REGISTERED)):
        for entry in BODIES:
            _enter(cast, entry)
    return cast


def _enter(cast: Cast, entry: Entry) -> None:
    parent = Body.objects.get(name=entry["part_of"]) if "part_of" in entry else None
    body = register_body(
        cast.staff,
        name=entry["name"],
        level=entry["level"],
        parent=parent,
        duties=entry["duties"],
        place=entry.get("place", ""),
    )
    Body.objects.filter(pk=body.pk).update(simulated=True)
    for place in entry["posts"]:
        key, on = place["key"], dates.today()
        post = make_post(cast.staff, body, place["title"])
        holder = User.objects.create_user(
            OFFICIAL if key == OFFICIALS_POST else f"{key.replace(' ', '-')}@example.org",
            None,
            name=f"{HOLDER}, {place['title']}",
            role=User.Role.OFFICIAL,
        )
        proof = Verification("letter", on)
        appoint(cast.staff, post, email=holder.email, name=HOLDER, since=on, verification=proof)
        cast.posts[key], cast.holders[key] = post, holder
