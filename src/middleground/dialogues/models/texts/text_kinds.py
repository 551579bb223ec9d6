"""The kinds of moderated texts. An app registers its own in ``moderated_texts.py``.

Moderation, appeals, retention, the public log, the destruction of a dialogue's key and what people
do with their own texts process all kinds through this register.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from middleground.dialogues.models.dialogue import Dialogue
from middleground.dialogues.models.staff_action import StaffAction
from middleground.dialogues.models.texts.mark import TextMark
from middleground.dialogues.models.texts.moderated_text import (
    ModeratedText,
    ModeratedTextQuerySet,
    in_state,
)
from middleground.dialogues.models.texts.moderation import AppealAgainst
from middleground.dialogues.models.texts.similar_text import SimilarText
from middleground.texts.moderation import TextState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class TextKind:
    """One kind of text, and what belongs to it.

    ``collection``: the name of these texts in the public log and in addresses. ``appeals``,
    ``actions`` and ``marks``: the tables of appeals, of staff actions about it and of its author's
    marks; in all, the key to the text is the field ``key``. ``similar``: the table of which of them
    say nearly the same. ``label``: what the desk and one's own
    page call these texts. ``related``: what pages read with them (``select_related``).
    ``untouched``: which texts nobody has done anything with, such as vote on them; one that waits
    can be deleted whole.
    ``by_participants``: which ones participants wrote. ``in_result``: whether the final result
    holds these texts, so that they can only be removed from it in the open. ``withdrawable``:
    whether authors can take back what is shown, too. ``taken_up_at``: the address at which staff
    make something else of such a text, if it is never shown itself: then nothing else approves it,
    nothing undoes that, and the public log never has its words.
    ``by_mark``: whether the author is known by the mark alone, so that they can be written and
    appealed about when the dialogue is closed and its key destroyed (``texts/authors.py``).
    ``public``: those of the given texts whose words pages and the public log may show, if staff do;
    None: all. ``ready``: those of the given texts that staff review and the log seals by now; the
    others wait unseen, and are deleted if their mark is taken away. None: all.
    """

    model: type[ModeratedText]
    collection: str
    appeals: type[AppealAgainst]
    actions: type[StaffAction]
    marks: type[TextMark]
    similar: type[SimilarText]
    key: str
    label: StrOrPromise
    related: tuple[str, ...]
    untouched: Q
    by_participants: Q
    in_result: bool
    withdrawable: bool
    taken_up_at: str = ""
    by_mark: bool = False
    public: Callable[[ModeratedTextQuerySet[Any]], ModeratedTextQuerySet[Any]] | None = None
    ready: Callable[[ModeratedTextQuerySet[Any]], ModeratedTextQuerySet[Any]] | None = None

    @property
    def texts(self) -> ModeratedTextQuerySet[Any]:
        return self.model._default_manager.all()  # type: ignore[return-value]

    @property
    def similar_rows(self) -> Any:
        return self.similar._default_manager.all()

    def of(self, dialogue: Dialogue) -> ModeratedTextQuerySet[Any]:
        name = self.model._meta.get_field("dialogue").remote_field.get_accessor_name()
        own: ModeratedTextQuerySet[Any] = getattr(dialogue, name).all()  # they know the dialogue
        return own

    def ready_of(self, dialogue: Dialogue) -> ModeratedTextQuerySet[Any]:
        """Those of the dialogue that staff review by now."""
        texts = self.of(dialogue)
        return self.ready(texts) if self.ready else texts

    def waiting_alone(self, texts: ModeratedTextQuerySet[Any]) -> ModeratedTextQuerySet[Any]:
        """Those that wait and that nobody did anything with: one hidden again may have votes."""
        return texts.in_state(TextState.WAITING).filter(self.untouched)

    def never_shown(self, dialogue: Dialogue) -> ModeratedTextQuerySet[Any]:
        """Participants' waiting texts of a dialogue, which are deleted with its key.

        Not those whose authors are known without it.
        """
        if self.by_mark:
            return self.texts.none()
        return self.waiting_alone(self.texts.filter(self.by_participants, dialogue=dialogue))

    def is_waited_for(self, phase: str) -> bool:
        """Whether what waits in a dialogue of this phase asks for a decision.

        After the close the result gains no text, and its author reads that nobody decides; a text
        that is known by its mark is shown then, too (decision 79).
        """
        return self.by_mark or phase != "closed"

    def hidden(self, texts: ModeratedTextQuerySet[Any]) -> ModeratedTextQuerySet[Any]:
        """Those that nobody sees any more, and nobody needs: rejected, or merged and unused."""
        merged = in_state(TextState.MERGED) & self.untouched
        return self.texts.filter(pk__in=texts.filter(in_state(TextState.REJECTED) | merged))

    def forget_similar(self, texts: ModeratedTextQuerySet[Any]) -> None:
        """Delete what is kept of their similarity: those that wait or are shown are compared again.

        For texts whose words change or go, and for those that come back.
        """
        either = Q(text__in=texts.values("pk")) | Q(other__in=texts.values("pk"))
        self.similar_rows.filter(either).delete()


_registered: dict[type[models.Model], TextKind] = {}


def register_text_kind(kind: TextKind) -> None:
    if kind.model in _registered:
        raise ValueError(f"{kind.model.__name__} is registered twice.")
    _registered[kind.model] = kind


def find_text_kinds() -> tuple[TextKind, ...]:
    """The kinds of all installed apps, in the order of ``INSTALLED_APPS``."""
    autodiscover_modules("moderated_texts")
    return tuple(_registered.values())


def kind_called(collection: str) -> TextKind | None:
    return next((kind for kind in find_text_kinds() if kind.collection == collection), None)


def kind_of(model: type[ModeratedText]) -> TextKind:
    if model not in _registered:  # the search through all apps costs milliseconds
        find_text_kinds()
    return _registered[model]
