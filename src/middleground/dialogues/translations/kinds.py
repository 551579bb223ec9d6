"""The kinds of texts that are translated. An app registers its own in ``translated_texts.py``.

What translators do, the pages of the desk and what readers see process all kinds through this
register.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.module_loading import autodiscover_modules

from middleground.dialogues.models import Dialogue, TextTranslation
from middleground.dialogues.translations.languages import written_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ONE = ""  # the part of an original that has one text only


@dataclass(frozen=True, slots=True)
class OriginalPart:
    """One text of an original: its field, and how long a translation may be."""

    field: str
    longest: int
    is_one_line: bool = False
    label: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class OriginalKind:
    """One kind of original, such as comments, and what is translated of each.

    ``name``: keys begin with it; empty for the dialogue, whose keys are its parts. ``label``: what
    the desk calls these texts. ``table``: of the translations. ``parts``: by their name, which is
    ``ONE`` if there is one only. ``of``: those of a dialogue that readers see, in their order.
    ``numbers``: the fields by which addresses call one. ``named``: what people call the one with
    these numbers. ``language``: of one, as somebody said it. ``follows_words``: whether a
    translation is never shown with other words than those that were translated, as where words are
    put in place of others.
    """

    name: str
    label: StrOrPromise
    table: type[TextTranslation]
    parts: Mapping[str, OriginalPart]
    of: Callable[[Dialogue], QuerySet[Any]]
    numbers: tuple[str, ...]
    named: Callable[..., StrOrPromise]
    language: Callable[[Any], str] = lambda _original: ""
    dialogue_of: Callable[[Any], Dialogue] = lambda original: original.dialogue
    follows_words: bool = False

    @property
    def model(self) -> type[Model]:
        found: type[Model] = self.table._meta.get_field(self.table.OF).related_model  # type: ignore[assignment]
        return found

    @property
    def slug(self) -> str:
        """What addresses of lists call it."""
        return self.name or "dialogue"

    def key(self, original: Any, part: str) -> str:
        """By which addresses and the log of staff name one text: "statement-12"."""
        numbers = [str(_follow(original, field)) for field in self.numbers]
        return "-".join(filter(None, [self.name, *numbers, part]))

    def words(self, original: Any, part: str) -> str:
        return str(getattr(original, self.parts[part].field))

    def written_in(self, original: Any, part: str, dialogue: Dialogue) -> str:
        return written_in(self.words(original, part), self.language(original), dialogue)

    def called(self, numbers: tuple[int, ...], part: str) -> str:
        """What people call one text: "Case 5, title"."""
        label = self.parts[part].label
        name = str(self.named(*numbers))
        return f"{name}: {label}" if name and label else name or str(label)

    def rows(self, **of: Any) -> QuerySet[Any]:
        """Translations of this kind. ``of``: conditions."""
        return self.table._default_manager.filter(**of)

    def rows_in(self, dialogue: Dialogue) -> QuerySet[Any]:
        """Those of originals that readers see."""
        if self.model is Dialogue:
            return self.rows(dialogue=dialogue)
        originals = self.of(dialogue).order_by().values("pk")
        return self.rows(**{f"{self.table.OF}__in": originals})


_registered: dict[type[Model], OriginalKind] = {}
_KEY = re.compile(r"([a-z]*)((?:-[0-9]{1,9})*)-?([a-z]*)")


def register_original(kind: OriginalKind) -> None:
    if kind.model in _registered:
        raise ValueError(f"{kind.model.__name__} is registered twice.")
    _registered[kind.model] = kind


def find_original_kinds() -> tuple[OriginalKind, ...]:
    """The kinds of all installed apps, in the order of ``INSTALLED_APPS``."""
    autodiscover_modules("translated_texts")
    return tuple(_registered.values())


def kind_of_original(model: type[Model]) -> OriginalKind:
    if model not in _registered:  # the search through all apps costs milliseconds
        find_original_kinds()
    return _registered[model]


def read_key(key: str) -> tuple[OriginalKind, tuple[int, ...], str] | None:
    """Kind, numbers and part of a key; None if no text has such a key."""
    match = _KEY.fullmatch(key)
    if not match:
        return None
    name, digits, part = match.groups()
    numbers = tuple(int(each) for each in digits.split("-")[1:])
    for kind in find_original_kinds():
        begins = name == kind.name if kind.name else not part
        own_part = part if kind.name else name
        if begins and own_part in kind.parts and len(numbers) == len(kind.numbers):
            return kind, numbers, own_part
    return None


def _follow(original: Any, field: str) -> Any:
    for name in field.split("__"):
        original = getattr(original, name)
    return original
