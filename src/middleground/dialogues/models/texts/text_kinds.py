"""The kinds of moderated texts. An app registers its own in ``moderated_texts.py``.

Retention and the destruction of a dialogue's key process all kinds through this register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.module_loading import autodiscover_modules

from middleground.dialogues.models.dialogue import Dialogue
from middleground.dialogues.models.staff_action import StaffAction
from middleground.dialogues.models.texts.moderated_text import ModeratedText
from middleground.dialogues.models.texts.moderation import AppealAgainst


@dataclass(frozen=True, slots=True)
class TextKind:
    """One kind of text, and what belongs to it.

    ``appeals`` and ``actions``: the tables of appeals and of staff actions about it; in both, the
    foreign key to the text is the field ``key``. ``queue``: the URL name of its moderation page,
    which takes the dialogue's slug. ``never_shown``: a dialogue's texts that nobody but their
    author can have seen; they are deleted with the dialogue's key. ``count_erased``: tells the
    public log how many sealed texts of a dialogue were erased.
    """

    model: type[ModeratedText]
    appeals: type[AppealAgainst]
    actions: type[StaffAction]
    key: str
    queue: str
    never_shown: Callable[[Dialogue], models.QuerySet[ModeratedText]]
    count_erased: Callable[[Dialogue, int], None]


_registered: dict[type[ModeratedText], TextKind] = {}


def register_text_kind(kind: TextKind) -> None:
    if kind.model in _registered:
        raise ValueError(f"{kind.model.__name__} is registered twice.")
    _registered[kind.model] = kind


def find_text_kinds() -> tuple[TextKind, ...]:
    """The kinds of all installed apps, in the order of ``INSTALLED_APPS``."""
    autodiscover_modules("moderated_texts")
    return tuple(_registered.values())


def kind_of(model: type[ModeratedText]) -> TextKind:
    if model not in _registered:  # the search through all apps costs milliseconds
        find_text_kinds()
    return _registered[model]
