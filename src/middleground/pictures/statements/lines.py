"""Breaks a text into lines of a picture, which has no line breaks of its own."""

from __future__ import annotations

import unicodedata


def lines_of(text: str, width: float, character: float, most: int) -> list[str]:
    """At most ``most`` lines of about ``width`` units; what is cut off ends in an ellipsis.

    ``character`` is the mean advance of a Latin letter. East Asian wide characters take twice as
    much and may be broken anywhere.
    """
    room, lines, line = width / character, [], ""
    for piece in _pieces(text):
        if line and _advance(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        while _advance(piece.rstrip()) > room:  # one word longer than a line
            fits = _fitting(piece, room)
            lines.append(piece[:fits])
            piece = piece[fits:]
        line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(lines[most - 1], room)]


def _pieces(text: str) -> list[str]:
    """Words with the space after them; a wide character is a piece of its own."""
    pieces: list[str] = []
    for character in " ".join(text.split()):
        begins = not pieces or pieces[-1].endswith(" ") or _is_wide(character)
        if begins:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _advance(text: str) -> float:
    return sum(0 if unicodedata.combining(each) else 2 if _is_wide(each) else 1 for each in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _fitting(text: str, room: float) -> int:
    """How many characters of ``text`` fit, at least one."""
    taken = 0
    while taken < len(text) and _advance(text[: taken + 1]) <= room:
        taken += 1
    return max(1, taken)


def _cut(line: str, room: float) -> str:
    return line[: _fitting(line, room - 1)].rstrip() + "…"
