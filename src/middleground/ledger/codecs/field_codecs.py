"""Canonical text forms of values, for one line each.

A codec reads only what it would write, so that no two texts mean the same record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

Vote = Literal[1, 0, -1]
WORDS: dict[Vote, str] = {1: "agree", 0: "pass", -1: "disagree"}
_VOTES: dict[str, Vote] = {word: vote for vote, word in WORDS.items()}

LONGEST_TEXT = 8000  # characters; at most 32,000 bytes, which fits an entry
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class BadRecord(ValueError):
    """A value cannot be written, or bytes are not in canonical form."""


@dataclass(frozen=True, slots=True)
class Codec:
    """Writes a value as text without line breaks, and reads it. Both raise ``BadRecord``."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _write_label(value: str) -> str:
    if not _LABEL.fullmatch(value):
        raise BadRecord(f"{value!r} is not a label: letters, digits, dot, dash, underscore")
    return value


def _write_number(value: int) -> str:
    text = str(int(value))
    if not _NUMBER.fullmatch(text) or value >= 1 << 63:
        raise BadRecord(f"{value} is not a number from 0 to 2⁶³ − 1")
    return text


def _read_number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) >= 1 << 63:
        raise BadRecord(f"{text!r} is not a number from 0 to 2⁶³ − 1")
    return int(text)


def _write_text(value: str) -> str:
    if len(value) > LONGEST_TEXT or _CONTROL.search(value) or not _is_unicode(value):
        raise BadRecord("a text is one line without control characters, of limited length")
    return value


def _is_unicode(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _bytes_codec(length: int) -> Codec:
    def write(value: bytes) -> str:
        if len(value) != length:
            raise BadRecord(f"{len(value)} bytes where {length} belong")
        return value.hex()

    def read(text: str) -> bytes:
        if not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text):
            raise BadRecord(f"{text!r} is not {length} bytes in small hexadecimal digits")
        return bytes.fromhex(text)

    return Codec(write, read)


def _write_vote(value: Vote) -> str:
    if value not in WORDS:
        raise BadRecord(f"{value!r} is not a vote")
    return WORDS[value]


def _read_vote(text: str) -> Vote:
    if text not in _VOTES:
        raise BadRecord(f"{text!r} is not agree, pass or disagree")
    return _VOTES[text]


LABEL = Codec(_write_label, _write_label)
NUMBER = Codec(_write_number, _read_number)
TEXT = Codec(_write_text, _write_text)
HASH = _bytes_codec(32)
NONCE = _bytes_codec(16)
VOTE = Codec(_write_vote, _read_vote)

# Types for the fields of records; ``line_codec.py`` takes the codec from the annotation.
Label = Annotated[str, LABEL]
Number = Annotated[int, NUMBER]
Text = Annotated[str, TEXT]
Hash = Annotated[bytes, HASH]
Nonce = Annotated[bytes, NONCE]
VoteWord = Annotated[Vote, VOTE]
