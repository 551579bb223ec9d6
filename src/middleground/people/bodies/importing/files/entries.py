"""What a file says of bodies, posts and terms, with the place at which it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class RowPlace:
    """A place in a file: its number, for order, and its name, such as "line 7"."""

    number: int
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class RowTrouble:
    """Why an entry was left out, and what to do."""

    place: RowPlace
    reason: str

    def __str__(self) -> str:
        return f"{self.place.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class BodyEntry:
    """A body. ``ref`` names it within the file; ``parent`` is a ref, an outside id or a name.

    An empty value says nothing, so it changes nothing.
    """

    place: RowPlace
    ref: str
    name: str
    level: str
    outside_id: str = ""
    description: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post of the body with ``body_ref``."""

    place: RowPlace
    ref: str
    body_ref: str
    title: str
    outside_id: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class TermEntry:
    """Somebody holds the post with ``post_ref`` from a day to a day, both included."""

    place: RowPlace
    post_ref: str
    since: date
    until: date | None = None
    holder: str = ""
    email: str = ""
    outside_id: str = ""
    ref: str = ""  # nothing refers to a term


@dataclass(slots=True)
class BodyFile:
    """A file as read. ``left_out`` has the refs of bodies and posts that a trouble left out."""

    bodies: list[BodyEntry] = field(default_factory=list)
    posts: list[PostEntry] = field(default_factory=list)
    terms: list[TermEntry] = field(default_factory=list)
    troubles: list[RowTrouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says what to do."""
