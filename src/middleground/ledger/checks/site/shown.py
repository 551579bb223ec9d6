"""Does a site show what was logged of answers and commitments of bodies, of evidence and of rules?

A copy from an address has files of these for each dialogue (``shown_kinds.py``). They are fetched
after the log, so they may be newer than it, for as long as a host may take to sign.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from middleground.ledger.checks.ending.settings import DELAY
from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.checks.site.files import is_same_json
from middleground.ledger.checks.site.paths import site_path
from middleground.ledger.checks.site.shown_kinds import KINDS, Numbers, ShownItem, ShownKind
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.records.entries import WithdrawnResponse

AHEAD = timedelta(days=1)  # by which the reader's clock and calendar may differ from the host's
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Items = dict[Numbers, ShownItem]


@dataclass(slots=True)
class _Logged:
    """What the log says of one kind in a dialogue: hashes of documents, and what was withdrawn."""

    documents: dict[Numbers, bytes] = field(default_factory=dict)
    withdrawn: set[Numbers] = field(default_factory=set)


@dataclass(slots=True)
class _Check:
    """What was found of one kind. ``read_at``: the reader's time."""

    folder: Path
    kind: ShownKind
    read_at: datetime | None
    wrong: list[str] = field(default_factory=list)
    right: int = 0
    left: list[str] = field(default_factory=list)

    def look(self, dialogue: str, logged: _Logged) -> None:
        kind, path = self.kind, self.folder / site_path(dialogue, self.kind.file)
        if not path.is_file():
            self.left.append(f"{kind.things} in {dialogue} ({kind.file} is not here)")
            return
        try:
            shown = _read(kind, path.read_bytes())
        except BadRecord as problem:
            self.wrong.append(f"{dialogue}, {kind.file}: {problem}.")
            return
        found, later = self._compare(logged, shown)
        self.wrong += [f"{dialogue}, {problem}." for problem in found]
        self.right += len(logged.documents) if not found else 0
        if later:
            reason = f"that the log does not have yet ({later})"
            self.left.append(f"{kind.things} in {dialogue} {reason}")

    def _compare(self, logged: _Logged, shown: Items) -> tuple[list[str], int]:
        """What is wrong, and how many are newer than the log."""
        found, later = [], 0
        for numbers, document in sorted(logged.documents.items()):
            item = shown.get(numbers)
            for problem in self._problems(item, document, numbers in logged.withdrawn):
                if item is None or self.kind.counts or self._is_late(item.day):
                    found.append(f"{self.kind.name(numbers)}: {problem}")
                else:
                    later += 1
            if item and self._is_withdrawn_later(item, numbers in logged.withdrawn):
                later += 1
                if self._is_late(item.withdrawn_on):
                    problem = "that it was withdrawn was never logged"
                    found.append(f"{self.kind.name(numbers)}: {problem}")
        for numbers, item in sorted(shown.items()):
            if numbers not in logged.documents:
                later += 1
                if self._is_late(item.day):
                    found.append(f"{self.kind.name(numbers)}: it was never logged")
        return found, later

    def _problems(self, item: ShownItem | None, document: bytes, withdrawn: bool) -> Iterator[str]:
        if item is None:
            yield "it is not shown"
            return
        if withdrawn and item.withdrawn is not True:
            yield "it is shown as if it were not withdrawn"
        file = self.folder / "documents" / document.hex()  # missing: see checks/documents.py
        if file.is_file() and not _is_document(item.content, file.read_bytes()):
            yield "it is not what was logged"

    def _is_withdrawn_later(self, item: ShownItem, withdrawn: bool) -> bool:
        return self.kind.can_be_withdrawn and not withdrawn and item.withdrawn is not False

    def _is_late(self, day: Any) -> bool:
        """Whether it is older than a host may take to log it, or of a day that is to come."""
        if self.read_at is None:
            return False
        first, last = (self.read_at - DELAY).date(), (self.read_at + AHEAD).date()
        return not first <= _day(day) <= last

    def finding(self) -> Iterator[CheckFinding]:
        things = self.kind.things[0].upper() + self.kind.things[1:]
        if self.wrong:
            sentence = f"{things} are not shown as they were logged."
            yield fails(self.kind.subject, sentence, self.wrong)
        elif self.right:
            sentence = f"{things} that are shown as they were logged: {self.right}."
            yield holds(self.kind.subject, sentence)


def check_shown(
    folder: Path, log: Log, now: datetime | None
) -> tuple[list[CheckFinding], list[str]]:
    """Return the findings, and the names of what was not compared. ``now``: the reader's time."""
    found: list[CheckFinding] = []
    left: list[str] = []
    for kind in KINDS:
        check = _Check(folder, kind, now)
        logged = _logged(kind, log, check.wrong)
        here = {path.parent.name for _, path in files_in(folder, f"site/*/{kind.file}")}
        for dialogue in sorted({*logged, *here}):
            check.look(dialogue, logged.get(dialogue, _Logged()))
        found += check.finding()
        left += check.left
    return found, left


def _logged(kind: ShownKind, log: Log, wrong: list[str]) -> dict[str, _Logged]:
    """By dialogue; what is wrong with the entries themselves is added to ``wrong``."""
    logged: dict[str, _Logged] = defaultdict(_Logged)
    newest: dict[tuple[str, int], int] = defaultdict(int)
    for _, record in log.of(kind.record):
        numbers, dialogue = kind.numbers(record), record.dialogue
        if numbers is None:
            continue
        if not kind.counts:  # how it stands from here on
            logged[dialogue].documents[numbers] = record.document
            continue
        number, count = numbers
        if count != newest[dialogue, number] + 1:
            found = (
                f"{kind.names[0]} {number}: {kind.names[1]} {count} does not follow the last one"
            )
            wrong.append(f"{dialogue}, {found}.")
        newest[dialogue, number] = count
        logged[dialogue].documents.setdefault(numbers, record.document)
    for _, each in log.of(WithdrawnResponse) if kind.can_be_withdrawn else ():
        logged[each.dialogue].withdrawn.add((each.case, each.version))
    return logged


def _read(kind: ShownKind, data: bytes) -> Items:
    """What the file shows, by its numbers. Raises ``BadRecord``."""
    listed = read_json(data).get(kind.listed)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise BadRecord(f"it has no list of {kind.things}")
    items = [item for each in listed for item in kind.read(each)]
    shown = dict(items)
    if len(shown) < len(items):
        raise BadRecord("one of them stands twice")
    return shown


def _is_document(content: dict[str, Any], document: bytes) -> bool:
    try:
        return is_same_json(content, read_json(document))
    except (BadRecord, RecursionError):  # nested deeper than is read
        return False


def _day(value: Any) -> date:
    """The day; one of long ago if it cannot be read."""
    try:
        known = isinstance(value, str) and _DAY.fullmatch(value)
        return date.fromisoformat(value) if known else date.min
    except ValueError:
        return date.min
