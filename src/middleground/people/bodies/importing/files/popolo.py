"""Bodies from Popolo JSON (https://www.popoloproject.com): its organizations, posts, persons
and memberships, in lists of their own or inside each other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from middleground.people.bodies.importing.files.entries import (
    BodyEntry,
    BodyFile,
    PostEntry,
    RowPlace,
    RowTrouble,
    TermEntry,
    UnreadableFile,
)
from middleground.people.bodies.importing.files.values import (
    BadValue,
    day_of,
    known_level_of,
    lines_of,
    text_of,
    website_of,
)
from middleground.polis.csv_file import quoted

Thing = Mapping[str, Any]
_OFFICIAL = ("official", "website", "homepage")
_LONGEST_CONTACT = 300


def read_popolo(text: str) -> BodyFile:
    """Read a Popolo file. Raises ``UnreadableFile`` if it is none."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"This is not JSON: line {error.lineno}, {error.msg.lower()}. Save it again from where"
            " it comes."
        ) from None
    except (RecursionError, ValueError):
        raise UnreadableFile("This JSON is nested too deeply, or has a number too long.") from None
    if not isinstance(found, dict) or not isinstance(found.get("organizations"), list):
        raise UnreadableFile(
            "This is no Popolo file: it must be an object with a list “organizations”."
        )
    return _Popolo(found).read()


class _Popolo:
    """The state of one reading."""

    def __init__(self, found: Thing) -> None:
        self.found = found
        self.file = BodyFile()
        self.number = 0
        self.count: Counter[str] = Counter()
        self.areas = {_id(area): area for area in self._things("areas")}
        self.persons = {_id(person): person for person in self._things("persons")}
        self.seen: set[tuple[str, str]] = set()
        self.without_post = 0

    def read(self) -> BodyFile:
        organizations = list(self._things("organizations"))
        posts = list(self._things("posts", *_inside(organizations, "posts", "organization")))
        memberships = [
            *self._things("memberships"),
            *_inside(self.persons.values(), "memberships", "person"),
            *_inside(organizations, "memberships", "organization"),
            *_inside(posts, "memberships", "post"),
        ]
        for thing in organizations:
            self._try("organization", thing, self._body)
        for thing in posts:
            self._try("post", thing, self._post)
        for thing in memberships:
            self._try("membership", thing, self._term)
        if self.without_post:
            self.file.notes.append(
                f"{self.without_post} memberships name no post and were left out: a member speaks"
                " for a body only in a post."
            )
        return self.file

    def _things(self, name: str, *more: Thing) -> Iterator[Thing]:
        listed = self.found.get(name) or []
        for thing in [*(listed if isinstance(listed, list) else []), *more]:
            if isinstance(thing, dict):
                yield thing
            else:
                self._tell(name, quoted(str(thing)), "it is no object with fields")

    def _try(self, kind: str, thing: Thing, read: Any) -> None:
        name = _id(thing) or text_of(_string(thing, "name") or _string(thing, "label"))
        self.number += 1
        self.count[kind] += 1
        shown = f"“{quoted(name)}”" if name else f"number {self.count[kind]}"
        place = RowPlace(self.number, f"{kind} {shown}")
        try:
            if _id(thing) and (kind, _id(thing)) in self.seen:
                raise BadValue("its id stands twice. Give each an id of its own")
            read(place, thing)
            self.seen.add((kind, _id(thing)))
        except BadValue as error:
            if (kind, _id(thing)) not in self.seen:
                self.file.left_out.add(_ref(kind, _id(thing)))
            self.file.troubles.append(RowTrouble(place, f"{error}."))

    def _tell(self, kind: str, name: str, reason: str) -> None:
        self.number += 1
        self.file.troubles.append(RowTrouble(RowPlace(self.number, f"{kind} “{name}”"), reason))

    def _body(self, place: RowPlace, thing: Thing) -> None:
        name = text_of(_string(thing, "name"))
        if not name:
            raise BadValue("it has no name. Write it into “name”")
        division = self._division(thing)
        said = {
            "place": division,
            "duties": lines_of(_string(thing, "description") or _string(thing, "abstract")),
            "website": website_of(_website(thing)),
            "contact": _contact(thing),
        }
        entry = BodyEntry(
            place,
            _ref("organization", _id(thing)) if _id(thing) else f"organization {place.number}",
            name,
            known_level_of(_string(thing, "classification"), division),
            outside_id=_id(thing),
            description={field: value for field, value in said.items() if value},
            parent=_refers(thing, "parent"),
            ended_on=_day(thing, "dissolution_date"),
        )
        self.file.bodies.append(entry)

    def _post(self, place: RowPlace, thing: Thing) -> None:
        title = text_of(_string(thing, "label") or _string(thing, "role"))
        if not title:
            raise BadValue("it has no title. Write it into “label”")
        organization = _refers(thing, "organization")
        if not organization:
            raise BadValue("it names no organization. Write its id into “organization_id”")
        ref = _ref("post", _id(thing)) if _id(thing) else f"post {place.number}"
        body_ref = _ref("organization", organization)
        ended = _day(thing, "end_date")
        self.file.posts.append(PostEntry(place, ref, body_ref, title, _id(thing), ended))

    def _term(self, place: RowPlace, thing: Thing) -> None:
        post = _refers(thing, "post")
        if not post:
            self.without_post += 1
            return
        inline = thing.get("person") or thing.get("member")
        known = self.persons.get(_refers(thing, "person"), {})
        person = inline if isinstance(inline, dict) else known
        since = _day(thing, "start_date")
        if not person:
            raise BadValue("no person of the file has its “person_id”. Add the person")
        if since is None:
            raise BadValue(
                "it does not say from which day the post is held. Write it into “start_date”"
            )
        self.file.terms.append(
            TermEntry(
                place,
                _ref("post", post),
                since,
                _day(thing, "end_date"),
                holder=_person_name(person),
                email=_email(thing) or _email(person),
                outside_id=_id(thing),
            )
        )

    def _division(self, thing: Thing) -> str:
        area = thing.get("area")
        if not isinstance(area, dict):
            area = self.areas.get(_refers(thing, "area"), {"id": _refers(thing, "area")})
        names = (_id(area), _string(area, "identifier"))
        return next((name for name in names if name.startswith("ocd-division/")), "")


def _inside(owners: Any, name: str, kind: str) -> Iterator[Thing]:
    """Things that stand inside others, each with the id of the one in which it stands."""
    for owner in owners:
        listed = owner.get(name) or []
        for thing in listed if isinstance(listed, list) else []:
            if isinstance(thing, dict):
                within = {f"{kind}_id": _id(owner)}
                if kind == "person":
                    within["person"] = owner
                yield {**within, **{key: value for key, value in thing.items() if value}}


def _ref(kind: str, outside_id: str) -> str:
    return f"{kind}\n{outside_id}"


def _id(thing: Thing) -> str:
    return text_of(_string(thing, "id") or _string(thing, "_id"))


def _refers(thing: Thing, name: str) -> str:
    """The id of what the thing refers to, by id or by having it inside."""
    inside = thing.get(name)
    within = _id(inside) if isinstance(inside, dict) else ""
    return text_of(_string(thing, f"{name}_id")) or within


def _string(thing: Thing, name: str) -> str:
    value = thing.get(name)
    if value is None or isinstance(value, (bool, list, dict)):
        return ""
    return str(value)


def _day(thing: Thing, name: str) -> date | None:
    return day_of(_string(thing, name))


def _list(thing: Thing, name: str) -> list[Thing]:
    found = thing.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _website(thing: Thing) -> str:
    """The link that says to be the official one, or else the first."""
    links = [each for each in _list(thing, "links") if _string(each, "url")]
    official = (
        each
        for each in links
        if any(word in _string(each, "note").casefold() for word in _OFFICIAL)
    )
    chosen = next(official, links[0] if links else {})
    return _string(chosen, "url")


def _contact(thing: Thing) -> str:
    """Its means of contact in one line, as many as there is room for."""
    line = ""
    for each in _list(thing, "contact_details"):
        label, value = text_of(_string(each, "label")), text_of(_string(each, "value"))
        part = f"{label}: {value}" if label else value
        longer = f"{line}; {part}" if line else part
        if value and len(longer) <= _LONGEST_CONTACT:
            line = longer
    return line


def _email(thing: Thing) -> str:
    details = _list(thing, "contact_details")
    listed = (_string(each, "value") for each in details if _string(each, "type") == "email")
    return text_of(_string(thing, "email") or next(listed, "")).lower()


def _person_name(person: Thing) -> str:
    names = (_string(person, "given_name"), _string(person, "family_name"))
    return text_of(_string(person, "name") or " ".join(names))
