"""``statements/<dialogue>``: the words of published statements, with the salts that hid them.

::

    statement-openings/v1
    dialogue los-angeles
    12 <salt> The words of the statement.
"""

from __future__ import annotations

from collections.abc import Iterable

from middleground.ledger.codecs.field_codecs import LABEL, NONCE, NUMBER, TEXT, BadRecord
from middleground.ledger.records.statement_opening import StatementOpening


def write_statements(dialogue: str, statements: Iterable[StatementOpening]) -> str:
    """Raises ``BadRecord`` for a statement of another dialogue."""
    lines = [_head(dialogue)]
    for opening in sorted(statements, key=lambda each: each.statement):
        if opening.dialogue != dialogue:
            raise BadRecord("the statement is of another dialogue")
        number, salt = NUMBER.write(opening.statement), NONCE.write(opening.salt)
        lines.append(f"{number} {salt} {TEXT.write(opening.text)}\n")
    return "".join(lines)


def read_statements(text: str, dialogue: str) -> tuple[StatementOpening, ...]:
    """Raises ``BadRecord``, with the line."""
    head = _head(dialogue)
    if not text.startswith(head) or not text.endswith("\n"):
        raise BadRecord("the file does not begin with its dialogue")
    found: list[StatementOpening] = []
    for line_number, line in enumerate(text[len(head) :].split("\n")[:-1], start=3):
        cells = line.split(" ", 2)
        if len(cells) != 3:
            raise BadRecord(f"line {line_number}: number, salt and words belong here")
        number = NUMBER.read(cells[0])
        if found and number <= found[-1].statement:
            raise BadRecord(f"line {line_number}: statement {number} is out of order")
        salt, words = NONCE.read(cells[1]), TEXT.read(cells[2])
        found.append(StatementOpening(salt, dialogue, number, words))
    return tuple(found)


def _head(dialogue: str) -> str:
    return f"statement-openings/v1\ndialogue {LABEL.write(dialogue)}\n"
