"""Bodies of a file, stored: new ones many at once, changes by the verbs, one at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone

from middleground.people.bodies.changes import (
    DESCRIPTION,
    abolish_body,
    describe_body,
    move_body,
    registered,
    rename_body,
)
from middleground.people.bodies.importing.files.entries import BodyEntry
from middleground.people.bodies.importing.listed import ListedBodies
from middleground.people.bodies.importing.outcome import Storing, act_of, reason_of
from middleground.people.bodies.importing.parents import Parents
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import Body, BodyEvent

REASON = "The list that the host imported says so."


class BodiesOfFile:
    """Stores the bodies of a file. ``abolish`` comes last, when posts and terms are stored."""

    def __init__(self, job: Storing, listed: ListedBodies) -> None:
        self.job = job
        self.listed = listed
        self.new: list[BodyEntry] = []
        self.matched: list[tuple[BodyEntry, Body]] = []

    def store(self) -> None:
        self._match()
        parents = Parents(self.job, self.listed, self.new)
        known = [pair for pair in self.matched if parents.find(pair[0])]
        self.job.try_all(
            [act_of(entry, self._change, body) for entry, body in known if _says_more(entry, body)]
        )
        self.listed.index()
        for layer in parents.layers():
            self._register(layer, parents)
        self.job.try_all(
            [
                act_of(entry, self._move, body, parents)
                for entry, body in known
                if entry.parent and parents.of(entry) != body.parent
            ]
        )

    def abolish(self) -> None:
        """End the bodies of which the file says that they ended."""
        today = timezone.localdate()
        ends: list[tuple[BodyEntry, Body]] = []
        for entry, body in self.matched:
            if entry.ended_on and entry.ref not in self.job.file.left_out:
                if entry.ended_on > today:
                    self.job.later += 1
                else:
                    ends.append((entry, body))
        self.job.later += sum(entry.ended_on is not None for entry in self.new)
        self.job.try_all([act_of(entry, self._end, body) for entry, body in ends])

    def _match(self) -> None:
        """Find which entries are on the list. Those with an id come first: a name may change."""
        claimed: set[int] = set()
        today = timezone.localdate()
        for entry in sorted(self.job.file.bodies, key=_order):
            self.job.step()
            body = self.listed.find(entry.outside_id, entry.name, entry.level)
            if body is not None and body.pk in claimed:
                body = None
            over = entry.ended_on is not None and entry.ended_on <= today
            if over and (body is None or body.ended_on is not None):
                self.job.settled.add(entry.ref)
            elif body is None:
                self.new.append(entry)
            elif body.ended_on is not None:
                self.job.leave_out(entry.place, entry.ref, _what_became(body))
            else:
                claimed.add(body.pk)
                self.job.bodies[entry.ref] = body
                self.matched.append((entry, body))

    def _change(self, entry: BodyEntry, body: Body) -> None:
        if entry.outside_id and not body.outside_id:
            Body.objects.filter(pk=body.pk).update(outside_id=entry.outside_id)
            body.outside_id = entry.outside_id
        renamed = bool(entry.outside_id) and rename_body(
            None, body, entry.name, timezone.localdate()
        )
        described = describe_body(None, body, {"level": entry.level, **entry.description})
        if not renamed and not described:
            return
        before = body.name
        body.refresh_from_db(fields=["name", *DESCRIPTION])
        now = f"{before}, now {body.name}" if before != body.name else before
        self.job.outcome.note_done("changed bodies", now)

    def _move(self, entry: BodyEntry, body: Body, parents: Parents) -> None:
        parent = parents.of(entry)
        if parent is not None and body.parent_id != parent.pk:
            move_body(None, body, parent, timezone.localdate())
            body.parent = parent
            self.job.outcome.note_done("moved bodies", f"{body}, now part of {parent}")

    def _end(self, entry: BodyEntry, body: Body) -> None:
        assert entry.ended_on is not None
        abolish_body(None, body, entry.ended_on, REASON)
        self.job.outcome.note_done("ended bodies", body)

    def _register(self, entries: Iterable[BodyEntry], parents: Parents) -> None:
        """Add bodies whose parents are on the list, with the rules of ``register_body``."""
        made: list[tuple[BodyEntry, Body]] = []
        for entry in entries:
            try:
                body = self._new_body(entry, parents.of(entry))
            except (BodyRefused, ValidationError) as error:
                self.job.leave_out(entry.place, entry.ref, reason_of(error))
                continue
            made.append((entry, body))
            self.listed.put(body)
        Body.objects.bulk_create(body for _entry, body in made)
        BodyEvent.objects.bulk_create(registered(None, body) for _entry, body in made)
        for entry, body in made:
            self.job.bodies[entry.ref] = body
            self.job.outcome.note_done("new bodies", f"{body} ({body.level})")

    def _new_body(self, entry: BodyEntry, parent: Body | None) -> Body:
        body = Body(
            name=entry.name, level=entry.level, parent=parent, outside_id=entry.outside_id,
            **entry.description,
        )  # fmt: skip
        body.clean_fields(exclude=["slug", "parent"])
        if (body.name.casefold(), body.level) in self.listed.by_name:
            raise BodyRefused("name_taken", level=body.get_level_display())
        if parent is not None and parent.ended_on is not None:
            raise BodyRefused("ended", name=parent.name)
        body.slug = self.listed.addresses.take(body.name)
        return body


def _says_more(entry: BodyEntry, body: Body) -> bool:
    """Whether the entry says anything of the body that the list does not say."""
    said = {"level": entry.level, **entry.description}
    if entry.outside_id:
        said |= {"name": entry.name, "outside_id": entry.outside_id}
    return any(getattr(body, name) != value for name, value in said.items())


def _order(entry: BodyEntry) -> tuple[bool, str, str, str]:
    return not entry.outside_id, entry.outside_id, entry.name, entry.level


def _what_became(body: Body) -> str:
    became = f"was merged into “{body.successor}”" if body.successor else "was abolished"
    return (
        f"“{body}” {became} on {body.ended_on}, as the list says. Take it out of the file, or give"
        " the day in “abolished” (“dissolution_date” in Popolo)."
    )
