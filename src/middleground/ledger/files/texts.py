"""``texts/<dialogue>/<collection>``: the texts that are shown, with the salts of their seals.

::

    text-openings/v1
    dialogue los-angeles
    collection statements
    12 <salt> The words of the statement.
"""

from __future__ import annotations

from collections.abc import Iterable

from middleground.ledger.codecs.field_codecs import LABEL, NONCE, NUMBER, TEXT, BadRecord
from middleground.ledger.records.text_opening import TextOpening


def texts_path(dialogue: str, collection: str) -> str:
    return f"texts/{dialogue}/{collection}"


def write_texts(dialogue: str, collection: str, openings: Iterable[TextOpening]) -> str:
    """Write the file. Raises ``BadRecord`` for a text of another dialogue or collection."""
    lines = [_head(dialogue, collection)]
    for opening in sorted(openings, key=lambda each: each.number):
        if (opening.dialogue, opening.collection) != (dialogue, collection):
            raise BadRecord("the text is of another dialogue or collection")
        number, salt = NUMBER.write(opening.number), NONCE.write(opening.salt)
        lines.append(f"{number} {salt} {TEXT.write(opening.text)}\n")
    return "".join(lines)


def read_texts(text: str, dialogue: str, collection: str) -> tuple[TextOpening, ...]:
    """Parse the file. Raises ``BadRecord``, which names the line."""
    head = _head(dialogue, collection)
    if not text.startswith(head) or not text.endswith("\n"):
        raise BadRecord("the file does not begin with its dialogue and collection")
    found: list[TextOpening] = []
    for line_number, line in enumerate(text[len(head) :].split("\n")[:-1], start=4):
        cells = line.split(" ", 2)
        if len(cells) != 3:
            raise BadRecord(f"line {line_number}: number, salt and words belong here")
        number = NUMBER.read(cells[0])
        if found and number <= found[-1].number:
            raise BadRecord(f"line {line_number}: text {number} is out of order")
        salt, words = NONCE.read(cells[1]), TEXT.read(cells[2])
        found.append(TextOpening(salt, dialogue, collection, number, words))
    return tuple(found)


def _head(dialogue: str, collection: str) -> str:
    return (
        f"text-openings/v1\ndialogue {LABEL.write(dialogue)}\n"
        f"collection {LABEL.write(collection)}\n"
    )
