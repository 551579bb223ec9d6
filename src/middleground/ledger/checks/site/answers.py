"""Are the answers that a site shows those that were logged?

A copy from an address has them in one file for each dialogue. It is fetched after the log, so it
may have answers that the log does not have yet, for as long as a host may take to sign.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from middleground.ledger.checks.ending.settings import DELAY
from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.checks.site.files import is_same_json
from middleground.ledger.checks.site.paths import ANSWERS_FILE, site_path
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json, whole
from middleground.ledger.records.entries import LoggedResponse, WithdrawnResponse

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Version = tuple[int, int]  # number of the case, version of its answer


@dataclass(slots=True)
class _Answers:
    """What the log says of a dialogue's answers: hashes of documents, and what was withdrawn."""

    documents: dict[Version, bytes] = field(default_factory=dict)
    withdrawn: set[Version] = field(default_factory=set)


def check_answers(
    folder: Path, log: Log, now: datetime | None
) -> tuple[list[CheckFinding], list[str]]:
    """Return the findings, and the names of what was not compared. ``now``: the reader's time."""
    answers, wrong = _logged(log)
    right, left = 0, []
    for dialogue, logged in sorted(answers.items()):
        path = folder / site_path(dialogue, ANSWERS_FILE)
        if not path.is_file():
            left.append(f"answers of {dialogue} ({ANSWERS_FILE} is not here)")
            continue
        try:
            shown = _read_shown(path.read_bytes())
        except BadRecord as problem:
            wrong.append(f"{dialogue}, {ANSWERS_FILE}: {problem}.")
            continue
        found = list(_compare(folder, logged, shown))
        later = {version: shown[version] for version in shown.keys() - logged.documents.keys()}
        found += _never_logged(later, now)
        wrong += [f"{dialogue}, {problem}." for problem in found]
        right += len(logged.documents) if not found else 0
        if later:
            left.append(f"answers of {dialogue} that the log does not have yet ({len(later)})")
    if wrong:
        return [fails("answers", "Answers are not shown as they were logged.", wrong)], left
    told = f"Answers of bodies that are shown as they were logged: {right}."
    return [holds("answers", told)] if right else [], left


def _logged(log: Log) -> tuple[dict[str, _Answers], list[str]]:
    """By dialogue, and what is wrong with the entries themselves."""
    answers: dict[str, _Answers] = defaultdict(_Answers)
    newest: dict[tuple[str, int], int] = defaultdict(int)
    wrong = []
    for _, record in log.of(LoggedResponse):
        dialogue, case, version = record.dialogue, record.case, record.version
        if version != newest[dialogue, case] + 1:
            found = f"case {case}: version {version} does not follow the last one"
            wrong.append(f"{dialogue}, {found}.")
        newest[dialogue, case] = version
        answers[dialogue].documents.setdefault((case, version), record.document)
    for _, each in log.of(WithdrawnResponse):
        answers[each.dialogue].withdrawn.add((each.case, each.version))
    return answers, wrong


def _read_shown(data: bytes) -> dict[Version, dict[str, Any]]:
    """The answers of the file. Raises ``BadRecord``."""
    listed = read_json(data).get("responses")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise BadRecord("it is no list of answers")
    shown = {(whole(each.get("case")), whole(each.get("version"))): each for each in listed}
    if len(shown) < len(listed):
        raise BadRecord("an answer stands twice")
    return shown


def _compare(folder: Path, logged: _Answers, shown: dict[Version, dict[str, Any]]) -> Iterator[str]:
    for version, document in sorted(logged.documents.items()):
        name = _name(version)
        if version not in shown:
            yield f"{name}: it is not shown"
            continue
        content = dict(shown[version])
        withdrawn = content.pop("withdrawn", None)
        if version in logged.withdrawn and withdrawn is not True:
            yield f"{name}: it is shown as if it were not withdrawn"
        file = folder / "documents" / document.hex()  # missing: see checks/documents.py
        if file.is_file() and not _is_document(content, file.read_bytes()):
            yield f"{name}: it is not the answer that was logged"


def _is_document(content: dict[str, Any], document: bytes) -> bool:
    try:
        return is_same_json(content, read_json(document))
    except BadRecord:
        return False


def _never_logged(later: dict[Version, dict[str, Any]], now: datetime | None) -> Iterator[str]:
    """Answers that are older than a host may take to log them."""
    for version, content in sorted(later.items()):
        if now is not None and _day(content.get("published_on")) < (now - DELAY).date():
            yield f"{_name(version)}: it was never logged"


def _day(value: Any) -> date:
    """The day; one of long ago if it cannot be read."""
    try:
        known = isinstance(value, str) and _DAY.fullmatch(value)
        return date.fromisoformat(value) if known else date.min
    except ValueError:
        return date.min


def _name(version: Version) -> str:
    return f"case {version[0]}, version {version[1]}"
