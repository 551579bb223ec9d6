"""Were the host's own reasons, which decisions name, declared, and are their words still those?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.records.entries import Moderation, Settings, TextModeration

_OWN = re.compile(r"own-.*")
_CODE = re.compile(r"own-[1-9][0-9]{0,2}")
Words = tuple[str, str]


def check_own_reasons(folder: Path, log: Log) -> list[CheckFinding]:
    """Return one finding; none if no decision names such a reason.

    The settings that held must declare it, and all later ones must tell it in the same words.
    """
    wrong: list[str] = []
    left: list[str] = []
    named = 0
    for dialogue in sorted({each.dialogue for _, each in _decisions(log)}):
        told = list(_problems(folder, log, dialogue))
        wrong += [f"{dialogue}: {line}" for line, state in told if state == "fails"]
        left += [f"{dialogue}: {line}" for line, state in told if state == "open"]
        named += sum(each.dialogue == dialogue for _, each in _decisions(log))
    if wrong:
        sentence = "Decisions name reasons of the host's own that its settings do not tell so."
        return [fails("reason", sentence, wrong)]
    if left:
        sentence = "Settings that tell the host's own reasons, and are not in this copy:"
        return [unclear("reason", f"{sentence} {len(left)}.", left)]
    if named:
        return [holds("reason", f"Decisions for reasons of the host's own that it told: {named}.")]
    return []


def _decisions(log: Log) -> list[tuple[int, Moderation | TextModeration]]:
    """Decisions that name a reason of the host's own."""
    return [
        (index, record)
        for index, record in log.records
        if isinstance(record, Moderation | TextModeration) and _OWN.fullmatch(record.reason)
    ]


def _problems(folder: Path, log: Log, dialogue: str) -> Iterator[tuple[str, str]]:
    """Lines with their state, in the order of the log."""
    settings = [(i, each) for i, each in log.of(Settings) if each.dialogue == dialogue]
    named = [(i, each) for i, each in _decisions(log) if each.dialogue == dialogue]
    told: dict[str, Words] | None = {}  # by the settings that hold; None: nobody can say
    given: dict[str, Words | None] = {}  # to authors
    for index, record in sorted([*settings, *named], key=lambda each: each[0]):
        if isinstance(record, Settings):
            told = _told(folder, record)
            if told is None:
                yield f"entry {index}, documents/{record.document.hex()}.", "open"
                continue
            for code in given:
                if code not in told or given[code] not in {None, told[code]}:
                    yield f"entry {index} tells {code} in other words, or no more.", "fails"
                given[code] = told.get(code)
        elif told is None:
            given.setdefault(record.reason, None)
        elif record.reason not in told:
            yield f"entry {index} names {record.reason}, which its settings do not tell.", "fails"
        else:
            given[record.reason] = told[record.reason]


def _told(folder: Path, record: Settings) -> dict[str, Words] | None:
    """The words of each reason that these settings tell; None if their file cannot be read."""
    path = folder / "documents" / record.document.hex()
    if not path.is_file():
        return None
    try:
        listed = read_json(path.read_bytes()).get("own_reasons", [])
    except BadRecord:
        return {}  # what cannot be read tells nothing
    return _words(listed)


def _words(listed: Any) -> dict[str, Words]:
    """Nothing if the list has another form, or a code stands in it twice."""
    found: dict[str, Words] = {}
    for each in listed if isinstance(listed, list) else []:
        match each:
            case {"code": str(code), "label": str(label), "explanation": str(explanation)}:
                if not _CODE.fullmatch(code) or code in found:
                    return {}
                found[code] = label, explanation
            case _:
                return {}
    return found
