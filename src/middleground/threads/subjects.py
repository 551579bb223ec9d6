"""What a thread can be about. Apps above register their own kind of subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import gettext as _

from middleground.dialogues.models import Statement
from middleground.dialogues.statements.redaction import public_statement
from middleground.threads.models import Thread


@dataclass(frozen=True, slots=True)
class ThreadSubject:
    """What a thread is about, as pages show it."""

    title: str
    url: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of thing with threads.

    ``relation``: from the thread to the row that holds its key. ``row``: from there on to the
    thing, so that it can be read with a join; ``name`` reads nothing more than that.
    """

    relation: str
    row: str
    name: Callable[[Thread], str]
    describe: Callable[[Thread], ThreadSubject]


_registered: dict[str, SubjectKind] = {}


def register_subject(kind: SubjectKind) -> None:
    _registered[kind.relation] = kind


def subject_rows() -> list[str]:
    """What ``subject_of`` and ``name_of_subject`` read of a thread, for ``select_related``."""
    return [f"{kind.relation}__{kind.row}" for kind in _registered.values()]


def subject_of(thread: Thread) -> ThreadSubject | None:
    kind = _kind_of(thread)
    return kind.describe(thread) if kind else None


def name_of_subject(thread: Thread) -> str:
    """Such as "statement 4"."""
    kind = _kind_of(thread)
    return kind.name(thread) if kind else ""


def _kind_of(thread: Thread) -> SubjectKind | None:
    for kind in _registered.values():
        try:
            getattr(thread, kind.relation)
        except ObjectDoesNotExist:
            continue
        return kind
    return None


def _statement_name(thread: Thread) -> str:
    return _("statement %(number)d") % {"number": thread.statement_link.statement.number}


def _statement(thread: Thread) -> ThreadSubject:
    statement = thread.statement_link.statement
    if statement.status == Statement.Status.APPROVED:  # mostly: no query
        statement.dialogue = thread.dialogue
        return ThreadSubject(statement.text, statement.get_absolute_url(), is_public=True)
    try:
        shown = public_statement(thread.dialogue, statement.number)
    except Http404:
        return ThreadSubject(statement.text, "", is_public=False)
    shown.dialogue = thread.dialogue
    return ThreadSubject(shown.text, shown.get_absolute_url(), is_public=True)


register_subject(SubjectKind("statement_link", "statement", _statement_name, _statement))
