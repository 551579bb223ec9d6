"""What is on the list already, in memory, since a file may have a hundred thousand rows."""

from __future__ import annotations

from datetime import date

from middleground.people.bodies.changes import slug_stem
from middleground.people.models import Appointment, Body, Post, User

Name = tuple[str, str]


class Addresses:
    """Addresses that no body has or had, as ``free_slug`` finds them one at a time."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._next: dict[str, int] = {}

    def take(self, name: str) -> str:
        stem = slug_stem(name)
        number = self._next.get(stem, 1)
        slug = stem if number == 1 else f"{stem}-{number}"
        while slug in self._taken:
            number += 1
            slug = f"{stem}-{number}"
        self._taken.add(slug)
        self._next[stem] = number + 1
        return slug


class ListedBodies:
    """All bodies, found by outside id, or by name and level."""

    def __init__(self) -> None:
        self.by_pk = {body.pk: body for body in Body.objects.all()}
        for body in self.by_pk.values():  # one object for each, so that a change is seen by all
            body.parent = self.by_pk.get(body.parent_id or 0)
            body.successor = self.by_pk.get(body.successor_id or 0)
        self.addresses = Addresses({body.slug for body in self.by_pk.values()})
        self.index()

    def index(self) -> None:
        """Find bodies by what they are called now."""
        self.by_id: dict[str, Body] = {}
        self.by_name: dict[Name, Body] = {}
        self.ended: dict[Name, Body] = {}
        self.called: dict[str, list[Body]] = {}
        for body in self.by_pk.values():
            self.put(body)

    def put(self, body: Body) -> None:
        if body.outside_id:
            self.by_id[body.outside_id] = body
        name = (body.name.casefold(), body.level)
        if body.ended_on is not None:
            self.ended[name] = body
            return
        self.by_name[name] = body
        self.called.setdefault(body.name.casefold(), []).append(body)

    def find(self, outside_id: str, name: str, level: str) -> Body | None:
        """The body with the id, or else one so called that has no other id."""
        if outside_id in self.by_id and outside_id:
            return self.by_id[outside_id]
        for listed in (self.by_name, self.ended):
            found = listed.get((name.casefold(), level))
            if found is not None and not (outside_id and found.outside_id):
                return found
        return None


class ListedPosts:
    """All posts, found by outside id, or by title within their body."""

    def __init__(self, bodies: ListedBodies) -> None:
        self.by_pk = {post.pk: post for post in Post.objects.all()}
        for post in self.by_pk.values():
            post.body = bodies.by_pk[post.body_id]
        self.by_id: dict[str, Post] = {}
        self.by_title: dict[tuple[int, str], Post] = {}
        self.ended: dict[tuple[int, str], Post] = {}
        for post in self.by_pk.values():
            self.put(post)

    def put(self, post: Post) -> None:
        if post.outside_id:
            self.by_id[post.outside_id] = post
        titles = self.by_title if post.ended_on is None else self.ended
        titles[post.body_id, post.title.casefold()] = post

    def find(self, outside_id: str, body: Body, title: str) -> Post | None:
        if outside_id in self.by_id and outside_id:
            return self.by_id[outside_id]
        for listed in (self.by_title, self.ended):
            found = listed.get((body.pk, title.casefold()))
            if found is not None and not (outside_id and found.outside_id):
                return found
        return None


class ListedTerms:
    """All terms, found by outside id, or by post, holder and first day."""

    def __init__(self, posts: ListedPosts, *, with_accounts: bool) -> None:
        self.accounts: dict[str, User] = {}
        if with_accounts:
            self.accounts = {user.email.lower(): user for user in User.objects.all()}
        self.by_id: dict[str, Appointment] = {}
        self.at: dict[int, list[Appointment]] = {}
        for term in Appointment.objects.select_related("user"):
            term.post = posts.by_pk[term.post_id]
            self.put(term)

    def put(self, term: Appointment) -> None:
        if term.outside_id:
            self.by_id[term.outside_id] = term
        self.at.setdefault(term.post_id, []).append(term)

    def find(
        self, outside_id: str, post: Post, holder: str, email: str, since: date
    ) -> Appointment | None:
        if outside_id in self.by_id and outside_id:
            return self.by_id[outside_id]
        for term in self.at.get(post.pk, []):
            other_id = outside_id and term.outside_id
            if term.since == since and not other_id and is_held_by(term, holder, email):
                return term
        return None


def is_held_by(term: Appointment, holder: str, email: str) -> bool:
    """Whether the term's holder is who a file names: by address, or else by name."""
    account = term.user.email.lower() if term.user else ""
    if email and account:
        return email == account
    return term.name.casefold() == holder.casefold()
