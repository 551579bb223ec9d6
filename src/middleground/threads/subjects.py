"""What a thread can be about. Apps above register their own kind of subject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from middleground.dialogues.statements.redaction import public_statement
from middleground.threads.models import Thread


@dataclass(frozen=True, slots=True)
class ThreadSubject:
    """What a thread is about, as pages show it."""

    title: str
    url: str
    is_public: bool


# By the name of the relation from the thread to the row that holds its key.
_registered: dict[str, Callable[[Thread], ThreadSubject]] = {}


def register_subject(relation: str, describe: Callable[[Thread], ThreadSubject]) -> None:
    _registered[relation] = describe


def subject_of(thread: Thread) -> ThreadSubject | None:
    for relation, describe in _registered.items():
        try:
            getattr(thread, relation)
        except ObjectDoesNotExist:
            continue
        return describe(thread)
    return None


def _statement(thread: Thread) -> ThreadSubject:
    statement = thread.statement_link.statement
    try:
        shown = public_statement(thread.dialogue, statement.number)
    except Http404:
        return ThreadSubject(statement.text, "", is_public=False)
    shown.dialogue = thread.dialogue
    return ThreadSubject(shown.text, shown.get_absolute_url(), is_public=True)


register_subject("statement_link", _statement)
