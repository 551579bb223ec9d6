"""What is to be translated of a dialogue into a language.

An original in the language itself is left out. So into the dialogue's first language only those
texts are translated that somebody wrote in another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.kinds import (
    OriginalKind,
    OriginalPart,
    find_original_kinds,
    read_key,
)


@dataclass(frozen=True, slots=True)
class Original:
    """A text in its own words. ``pk``: of the row that it is a part of."""

    kind: OriginalKind
    pk: int
    part: str
    key: str
    label: str
    words: str
    language: str

    @property
    def _rules(self) -> OriginalPart:
        return self.kind.parts[self.part]

    @property
    def longest(self) -> int:
        """How many characters a translation may have."""
        return self._rules.longest

    @property
    def is_one_line(self) -> bool:
        return self._rules.is_one_line

    @property
    def of(self) -> dict[str, Any]:
        """The fields by which its translations know it."""
        return {f"{self.kind.table.OF}_id": self.pk, **({"part": self.part} if self.part else {})}


def originals_of(dialogue: Dialogue) -> list[Original]:
    """All texts that readers see, in every language: one query for each kind."""
    return [
        text
        for kind in find_original_kinds()
        for original in kind.of(dialogue)
        for text in _texts(kind, original, dialogue)
    ]


def originals_for(dialogue: Dialogue, language: str) -> list[Original]:
    """Those that are not in the language: the host's texts, statements, and then the others."""
    return [each for each in originals_of(dialogue) if each.language != language]


def find_original(dialogue: Dialogue, language: str, key: str) -> Original | None:
    """The one with this key, if it is to be translated into the language."""
    read = read_key(key)
    if read is None:
        return None
    kind, numbers, _part = read
    original = kind.of(dialogue).filter(**dict(zip(kind.numbers, numbers, strict=True))).first()
    texts = _texts(kind, original, dialogue) if original else iter(())
    return next((each for each in texts if each.key == key and each.language != language), None)


def label_of(key: str) -> str:
    """What people call the text with this key."""
    read = read_key(key)
    return read[0].called(read[1], read[2]) if read else key


def _texts(kind: OriginalKind, original: Any, dialogue: Dialogue) -> Iterator[Original]:
    for part in kind.parts:
        words = kind.words(original, part)
        if words.strip():
            key = kind.key(original, part)
            language = kind.written_in(original, part, dialogue)
            yield Original(kind, original.pk, part, key, label_of(key), words, language)
