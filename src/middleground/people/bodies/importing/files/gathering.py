"""Rows of a table that are about the same body, post or term, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from middleground.people.bodies.importing.files.entries import (
    BodyEntry,
    BodyFile,
    PostEntry,
    RowPlace,
    RowTrouble,
    TermEntry,
)
from middleground.people.bodies.importing.files.values import BadValue
from middleground.polis.csv_file import quoted

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row whose values were read. ``term`` has the days, if the row is about a holder."""

    name: str
    level: str
    body_id: str
    description: Mapping[str, str]
    parent: str
    abolished: date | None
    post: str
    post_id: str
    post_ended: date | None
    term: tuple[date, date | None] | None
    holder: str
    email: str
    term_id: str


@dataclass(slots=True)
class _Together:
    """What several rows say of one thing, and which row said it first."""

    place: RowPlace
    said: dict[str, Any] = field(default_factory=dict)
    by: dict[str, RowPlace] = field(default_factory=dict)

    def refuse_other(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if value and name in self.said and self.said[name] != value:
                raise BadValue(
                    f"{name} is “{quoted(str(value))}”, but {self.by[name].name} says"
                    f" “{quoted(str(self.said[name]))}” of the same. Write the same in both"
                )

    def add(self, values: Mapping[str, Any], place: RowPlace) -> None:
        for name, value in values.items():
            if value and name not in self.said:
                self.said[name], self.by[name] = value, place


class Gathered:
    """Collects rows. An empty cell says nothing, and may be filled in another row."""

    def __init__(self) -> None:
        self.file = BodyFile()
        self._rows: list[tuple[RowPlace, TableRow]] = []

    def add(self, place: RowPlace, row: TableRow) -> None:
        self._rows.append((place, row))

    def entries(self) -> BodyFile:
        """What the rows say. A row that contradicts an earlier one is left out."""
        refs = _Refs(row for _place, row in self._rows)
        things: dict[Key, _Together] = {}
        for place, row in self._rows:
            keys = refs.of(row)
            said = list(zip(keys, _values(row, keys), strict=True))
            try:
                for key, values in said:
                    if key in things:
                        things[key].refuse_other(values)
            except BadValue as error:
                self.file.troubles.append(RowTrouble(place, f"{error}."))
                continue
            for key, values in said:
                things.setdefault(key, _Together(place)).add(values, place)
        for key, thing in things.items():
            self._entry(key, thing)
        return self.file

    def _entry(self, key: Key, thing: _Together) -> None:
        said = dict(thing.said)
        if key[0] == "body":
            facts = {name: said.pop(name, "") for name in ("name", "level", "parent")}
            ended, outside_id = said.pop("abolished", None), said.pop("id", "")
            self.file.bodies.append(
                BodyEntry(
                    thing.place, _ref(key), outside_id=outside_id, ended_on=ended,
                    description=said, **facts,
                )
            )  # fmt: skip
        elif key[0] == "post":
            self.file.posts.append(
                PostEntry(
                    thing.place, _ref(key), said["body"], said["post"],
                    said.get("post-id", ""), said.get("post-ended"),
                )
            )  # fmt: skip
        else:
            self.file.terms.append(
                TermEntry(
                    thing.place, said["post"], said["from"], said.get("until"),
                    said.get("holder", ""), said.get("email", ""), said.get("term-id", ""),
                )
            )  # fmt: skip


class _Refs:
    """Finds rows of the same thing: by their id, or else by name."""

    def __init__(self, rows: Iterable[TableRow]) -> None:
        self._bodies: dict[Key, str] = {}
        self._posts: dict[Key, str] = {}
        rows = list(rows)
        for row in rows:
            if row.body_id:
                _keep_least(self._bodies, _name_of(row), row.body_id)
        for row in rows:
            if row.post_id:
                _keep_least(self._posts, (*self.of(row)[0], row.post.casefold()), row.post_id)

    def of(self, row: TableRow) -> list[Key]:
        """The keys of the row's body and, if it has them, post and term."""
        body_id = row.body_id or self._bodies.get(_name_of(row))
        body: Key = ("body", "id", body_id) if body_id else ("body", "name", *_name_of(row))
        if not row.post:
            return [body]
        title = row.post.casefold()
        post_id = row.post_id or self._posts.get((*body, title))
        post: Key = ("post", "id", post_id) if post_id else ("post", *body, title)
        if row.term is None:
            return [body, post]
        if row.term_id:
            return [body, post, ("term", "id", row.term_id)]
        who = row.holder.casefold() or row.email
        return [body, post, ("term", *post, who, row.term[0].isoformat())]


def _keep_least(found: dict[Key, str], key: Key, value: str) -> None:
    found[key] = min(found.get(key, value), value)


def _name_of(row: TableRow) -> Key:
    return (row.name.casefold(), row.level)


def _ref(key: Key) -> str:
    return "\n".join(key)


def _values(row: TableRow, keys: list[Key]) -> list[dict[str, Any]]:
    """What the row says of its body, its post and its term."""
    body = {
        "name": row.name, "level": row.level, "id": row.body_id, **row.description,
        "parent": row.parent, "abolished": row.abolished,
    }  # fmt: skip
    post = {
        "body": _ref(keys[0]), "post": row.post, "post-id": row.post_id,
        "post-ended": row.post_ended,
    }  # fmt: skip
    since, until = row.term or (None, None)
    term = {
        "post": _ref(keys[1]) if len(keys) > 1 else "", "from": since, "until": until,
        "holder": row.holder, "email": row.email, "term-id": row.term_id,
    }  # fmt: skip
    return [body, post, term][: len(keys)]
