"""What a thread can be about. Apps above register their own kind of thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.statements.redaction import public_statement
from middleground.threads.models import StatementThread, Thread


@dataclass(frozen=True, slots=True)
class ThreadSubject:
    """What a thread is about, as pages show it."""

    title: str
    url: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of thing with threads.

    ``link``: the table that holds the key to both. Its key ``thing`` is the thing, and ``relation``
    leads to it from the thread. ``name``, such as "statement 4", reads nothing more. ``find``: the
    thing with this number, if comments on it are taken; ``key`` is its kind in addresses.
    """

    model: type[Model]
    link: type[Model]
    thing: str
    relation: str
    name: Callable[[Any], str]
    describe: Callable[[Dialogue, Any], ThreadSubject]
    key: str
    find: Callable[[Dialogue, int], Model | None]


_registered: dict[type[Model], SubjectKind] = {}


def register_subject(kind: SubjectKind) -> None:
    _registered[kind.model] = kind


def subject_rows() -> list[str]:
    """What ``subject_of`` and ``name_of_subject`` read of a thread, for ``select_related``."""
    return [f"{kind.relation}__{kind.thing}" for kind in _registered.values()]


def subject_of(thread: Thread) -> ThreadSubject | None:
    for kind, thing in _about(thread):
        return kind.describe(thread.dialogue, thing)
    return None


def name_of_subject(thread: Thread) -> str:
    """Such as "statement 4"."""
    return next((kind.name(thing) for kind, thing in _about(thread)), "")


def thing_of(thread: Thread) -> tuple[str, int]:
    """Kind and number of what the thread is about."""
    return next((kind.key, thing.number) for kind, thing in _about(thread))


def subject_called(dialogue: Dialogue, key: str, number: int) -> Model | None:
    """The thing of the kind with this key, if comments on it are taken."""
    found = (kind.find(dialogue, number) for kind in _registered.values() if kind.key == key)
    return next(found, None)


def key_of(thing: Model) -> str:
    return _registered[type(thing)].key


def subject_about(dialogue: Dialogue, thing: Model) -> ThreadSubject:
    return _registered[type(thing)].describe(dialogue, thing)


def thread_of(thing: Model) -> Thread | None:
    """The thread about it; None before its first comment."""
    kind = _registered[type(thing)]
    about = {f"{kind.relation}__{kind.thing}": thing}
    return Thread.objects.filter(**about).first()


def begin_thread(dialogue: Dialogue, thing: Model) -> Thread:
    kind = _registered[type(thing)]
    thread = Thread.objects.create(dialogue=dialogue)
    kind.link._default_manager.create(**{kind.thing: thing, "thread": thread})
    return thread


def _about(thread: Thread) -> list[tuple[SubjectKind, Any]]:
    """The one thing that the thread is about, and its kind."""
    for kind in _registered.values():
        try:
            return [(kind, getattr(getattr(thread, kind.relation), kind.thing))]
        except ObjectDoesNotExist:
            continue
    return []


def _statement_name(statement: Statement) -> str:
    return _("statement %(number)d") % {"number": statement.number}


def _statement(dialogue: Dialogue, statement: Statement) -> ThreadSubject:
    if statement.status == Statement.Status.APPROVED:  # mostly: no query
        statement.dialogue = dialogue
        return ThreadSubject(statement.text, statement.get_absolute_url(), is_public=True)
    try:
        shown = public_statement(dialogue, statement.number)
    except Http404:
        return ThreadSubject(statement.text, "", is_public=False)
    shown.dialogue = dialogue
    return ThreadSubject(shown.text, shown.get_absolute_url(), is_public=True)


def _find(dialogue: Dialogue, number: int) -> Statement | None:
    shown = dialogue.statements.filter(number=number, status=Statement.Status.APPROVED)
    return shown.select_related("dialogue").first()


register_subject(
    SubjectKind(
        model=Statement,
        link=StatementThread,
        thing="statement",
        relation="statement_link",
        name=_statement_name,
        describe=_statement,
        key="statements",
        find=_find,
    )
)
