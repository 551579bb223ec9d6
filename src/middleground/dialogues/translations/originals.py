"""What is to be translated of a dialogue into a language.

An original in the language itself is left out. So into the dialogue's first language only those
statements are translated that somebody wrote in another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from middleground.dialogues.models import Dialogue, DialogueTranslation, Statement
from middleground.dialogues.translations.languages import written_in

Part = DialogueTranslation.Part
LONGEST_STATEMENT, LONGEST_QUESTION, LONGEST_TEXT = 1_000, 300, 20_000
_STATEMENT_KEY = re.compile(r"statement-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Original:
    """A text in its own words. ``statement`` is its row's id, 0 for a text of the host."""

    key: str
    label: str | Promise
    words: str
    language: str
    statement: int = 0

    @property
    def longest(self) -> int:
        """How many characters a translation may have."""
        if self.statement:
            return LONGEST_STATEMENT
        return LONGEST_QUESTION if self.key == Part.QUESTION else LONGEST_TEXT

    @property
    def is_one_line(self) -> bool:
        return bool(self.statement) or self.key == Part.QUESTION


def originals_for(dialogue: Dialogue, language: str) -> list[Original]:
    """The host's texts, and then the shown statements by number."""
    statements = dialogue.statements.votable().order_by("number")
    found = [*_host_texts(dialogue), *(_of_statement(dialogue, each) for each in statements)]
    return [each for each in found if each.language != language]


def find_original(dialogue: Dialogue, language: str, key: str) -> Original | None:
    """The one with this key, if it is to be translated into the language."""
    match = _STATEMENT_KEY.fullmatch(key)
    if match:
        statement = dialogue.statements.votable().filter(number=int(match[1])).first()
        found = _of_statement(dialogue, statement) if statement else None
    else:
        found = next((each for each in _host_texts(dialogue) if each.key == key), None)
    return found if found and found.key == key and found.language != language else None


def label_of(key: str) -> str | Promise:
    """What people call the text with this key."""
    match = _STATEMENT_KEY.fullmatch(key)
    if match:
        return _("Statement %(number)d") % {"number": int(match[1])}
    return Part(key).label if key in Part.values else key


def _host_texts(dialogue: Dialogue) -> Iterator[Original]:
    words = {
        Part.QUESTION: dialogue.question,
        Part.BACKGROUND: dialogue.background,
        Part.PROMISE: dialogue.promise,
    }
    for part, text in words.items():
        if text.strip():
            yield Original(part.value, part.label, text, dialogue.language)


def _of_statement(dialogue: Dialogue, statement: Statement) -> Original:
    return Original(
        f"statement-{statement.number}",
        label_of(f"statement-{statement.number}"),
        statement.text,
        written_in(statement.text, statement.language, dialogue),
        statement.pk,
    )
