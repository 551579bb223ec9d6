"""The example's bodies, cases, promises, sources and comments as data, read from TOML files.

A concern is named by the beginning of its statement or comment. Days count from the day on which
the example is made: -40 is 40 days before it. Nothing here is stored; ``middleground.cli.example``
does that.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any

from middleground.demo.content import ExampleDialogue, ExampleStatement

MARK = "(example)"
SATURDAY = 5
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExampleAnswers:
    """What became of a dialogue's statements; each entry is as it stands in the file."""

    rules: Entry
    cases: tuple[Entry, ...]
    aside: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleEvidence:
    sources: tuple[Entry, ...]
    claims: tuple[Entry, ...]


def number_of(dialogue: ExampleDialogue, beginning: str) -> int:
    """The number of the one statement that begins so. Raises ``ValueError``."""
    found = [
        number
        for number, one in enumerate(dialogue.statements, start=1)
        if one.text.startswith(beginning)
    ]
    if len(found) != 1:
        raise ValueError(f"{len(found)} statements begin with {beginning!r}")
    return found[0]


def statement_of(dialogue: ExampleDialogue, beginning: str) -> ExampleStatement:
    return dialogue.statements[number_of(dialogue, beginning) - 1]


def working_day(today: date, offset: int) -> date:
    """So many days from today; a weekend's day is the Friday before it, or the Monday after.

    Offices are shut on weekends. The order of days is kept.
    """
    day = today + timedelta(days=offset)
    beyond = day.weekday() - SATURDAY
    if beyond < 0 or offset == 0:
        return day
    return day - timedelta(days=beyond + 1) if offset < 0 else day + timedelta(days=2 - beyond)


def invented_texts(entry: Any) -> Iterator[str]:
    """Every text of an entry that a page shows, also those deeper within."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for value in entry.values():
            yield from invented_texts(value)
    elif isinstance(entry, list | tuple):
        for value in entry:
            yield from invented_texts(value)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("middleground.demo").joinpath(name).read_text("utf-8"))


def _answers(name: str) -> ExampleAnswers:
    data = _read(name)
    return ExampleAnswers(data["rules"], tuple(data["case"]), tuple(data.get("aside", [])))


_evidence = _read("los_angeles_evidence.toml")
BODIES: tuple[Entry, ...] = tuple(_read("bodies.toml")["body"])
LOS_ANGELES_ANSWERS = _answers("los_angeles_answers.toml")
LIBRARY_ANSWERS = _answers("library_answers.toml")
LOS_ANGELES_EVIDENCE = ExampleEvidence(tuple(_evidence["source"]), tuple(_evidence["claim"]))
LOS_ANGELES_THREADS: tuple[Entry, ...] = tuple(_read("los_angeles_threads.toml")["thread"])
