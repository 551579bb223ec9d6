"""The history of a body in sentences: one template for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from middleground.core.languages.direction import isolated, with_isolates
from middleground.people.models import Appointment, Body, BodyEvent, Level

Kind = BodyEvent.Kind
_SENTENCES: dict[str, str | Promise] = {
    Kind.REGISTERED: gettext_lazy("Registered by the host as “%(name)s”."),
    Kind.RENAMED: gettext_lazy("Renamed from “%(before)s” to “%(after)s”."),
    Kind.ABSORBED: gettext_lazy("“%(body)s” became part of it."),
    Kind.MERGED: gettext_lazy("Became part of “%(into)s”, which has answered for it since then."),
    Kind.ABOLISHED: gettext_lazy("Abolished. Nobody took over its duties. %(reason)s"),
    Kind.POST_MADE: gettext_lazy("The post “%(post_title)s” was made."),
    Kind.POST_RENAMED: gettext_lazy("The post “%(before)s” is now called “%(after)s”."),
    Kind.POST_TAKEN_OVER: gettext_lazy("The post “%(post)s” came from “%(body)s”."),
    Kind.POST_ENDED: gettext_lazy("The post “%(post_title)s” ended."),
}
_FIELDS: dict[str, str | Promise] = {
    "level": gettext_lazy("level"),
    "place": pgettext_lazy("area of a body", "place"),
    "duties": gettext_lazy("what it answers for"),
    "website": gettext_lazy("website"),
    "contact": gettext_lazy("public contact"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a description as it was before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An event as a page tells it. ``entered_on`` is None if it was entered on the day itself."""

    on: date
    sentence: str
    entered_on: date | None
    changes: tuple[FieldChange, ...] = ()


def history(body: Body) -> list[HistoryEntry]:
    """What happened to the body and its posts, the newest first."""
    return [_entry(event) for event in body.events.all()]


def _entry(event: BodyEvent) -> HistoryEntry:
    entered_on = event.entered_on if event.entered_on != event.on else None
    return HistoryEntry(event.on, sentence_of(event), entered_on, tuple(_changes(event)))


def sentence_of(event: BodyEvent) -> str:
    """What happened, with the names of that time."""
    facts, kind = event.facts, event.kind
    if kind == Kind.MOVED:
        return _moved(facts["before"], facts["after"])
    if kind == Kind.DESCRIBED:
        return _("Its description was changed.")
    if kind in (Kind.APPOINTED, Kind.LEFT, Kind.VERIFIED):
        return _of_a_term(kind, facts)
    return f"{_SENTENCES[kind] % with_isolates(facts)}"


def _moved(before: str, after: str) -> str:
    if not after:
        return _("No longer part of “%(before)s”.") % {"before": isolated(before)}
    return _("Part of “%(after)s” since then.") % {"after": isolated(after)}


def _of_a_term(kind: str, facts: dict[str, str]) -> str:
    who = isolated(facts["name"]) or _("The holder")
    values = {"who": who, "post": isolated(facts["post_title"])}
    if kind == Kind.VERIFIED:
        values["how"] = str(Appointment.Proof(facts["proof"]).label)
        return _("%(who)s, %(post)s: verified by the host, %(how)s.") % values
    drafts = facts["role"] == Appointment.Role.DRAFTS
    if kind == Kind.LEFT:
        return _("Last day of %(who)s as “%(post)s”.") % values
    if drafts:
        return _("%(who)s may draft for “%(post)s”.") % values
    return _("%(who)s holds the post “%(post)s” from this day.") % values


def _changes(event: BodyEvent) -> list[FieldChange]:
    changed = event.facts.get("changed", {})
    return [
        FieldChange(str(_FIELDS[field]), *(_value(field, value) for value in both))
        for field, both in changed.items()
    ]


def _value(field: str, value: str) -> str:
    if field == "level" and value:
        return str(Level(value).label)
    return value or _("nothing")
