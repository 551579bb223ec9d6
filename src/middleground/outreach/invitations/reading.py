"""Addresses in a pasted text or a CSV file. Pure, and in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_ADDRESSES = 20_000
LONGEST_ADDRESS = 254  # letters, RFC 5321
_CELLS = re.compile(r"[,;\t]")
_NAMED = re.compile(r"<([^<>]*)>\s*$")  # Ana Ruiz <ana@mail.example>
_AROUND = " \t\r\n\"'<>\u00a0\u200b\u2060\ufeff"


class Broken(Enum):
    """Why a line gives no address."""

    NO_ADDRESS = auto()
    MISSPELT = auto()
    TOO_LONG = auto()


@dataclass(slots=True)
class ReadAddresses:
    """The addresses in their order, each once; the numbers of lines that gave none, or one again.

    ``repr`` names no address, so that no log does.
    """

    found: list[str] = field(default_factory=list, repr=False)
    broken: list[tuple[int, Broken]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)


def text_of(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what old spreadsheets write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_addresses(text: str) -> ReadAddresses:
    """Read line by line. A first line without an address is a heading if another has one."""
    read, seen = ReadAddresses(), set[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        cells = list(_addresses_in(line))
        if not cells and line.strip(_AROUND + ",;"):
            read.broken.append((number, Broken.NO_ADDRESS))
        for cell in cells:
            fault = _fault(cell)
            if fault is not None:
                read.broken.append((number, fault))
            elif cell.casefold() in seen:
                read.repeated.append(number)
            else:
                seen.add(cell.casefold())
                read.found.append(cell)
    if read.found and read.broken[:1] == [(1, Broken.NO_ADDRESS)]:
        del read.broken[0]
    return read


def _addresses_in(line: str) -> Iterator[str]:
    """All cells if each has an address, as in a pasted list; else the first one that has."""
    cells = [cell.strip(_AROUND) for cell in _CELLS.split(line)]
    filled = [cell for cell in cells if cell]
    with_at = [cell for cell in filled if "@" in cell]
    for cell in with_at if len(with_at) == len(filled) else with_at[:1]:
        named = _NAMED.search(f"{cell}>")
        yield (named[1] if named else cell).strip(_AROUND)


def _fault(address: str) -> Broken | None:
    if len(address) > LONGEST_ADDRESS:
        return Broken.TOO_LONG
    try:
        validate_email(address)
    except ValidationError:
        return Broken.MISSPELT
    # The mail server would have to speak another dialect (RFC 6531) for other letters.
    return None if address.isascii() else Broken.MISSPELT
