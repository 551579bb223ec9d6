"""What a site shows as it was logged: in which file, and how its items are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from middleground.ledger.checks.findings import Subject
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import whole
from middleground.ledger.records.entries import (
    LoggedAnswerRules,
    LoggedCommitment,
    LoggedEvidence,
    LoggedResponse,
)

Numbers = tuple[int, int]  # of the thing, and of its version or event; the latter 0 without these


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What must be a logged document, and since when the site says that it stands so."""

    content: dict[str, Any]
    day: Any
    withdrawn: Any = None
    withdrawn_on: Any = None


@dataclass(frozen=True, slots=True)
class ShownKind:
    """``counts``: its versions count up, and all are shown; otherwise the newest document holds.

    ``address``: of the file, below that of the dialogue. ``names``: of the thing and its versions.
    """

    subject: Subject
    things: str
    record: Any
    address: str
    listed: str
    names: tuple[str, ...]
    numbers: Callable[[Any], Numbers | None]
    read: Callable[[dict[str, Any]], Iterator[tuple[Numbers, ShownItem]]]
    can_be_withdrawn: bool = False

    @property
    def counts(self) -> bool:
        return len(self.names) > 1

    @property
    def file(self) -> str:
        return self.address.rpartition("/")[2]

    def name(self, numbers: Numbers) -> str:
        told = zip(self.names, numbers, strict=False)
        return ", ".join(f"{name} {number}" for name, number in told) or self.things


def _answer(item: dict[str, Any]) -> Iterator[tuple[Numbers, ShownItem]]:
    content = dict(item)
    withdrawn = content.pop("withdrawn", None), content.pop("withdrawn_on", None)
    numbers = whole(item.get("case")), whole(item.get("version"))
    yield numbers, ShownItem(content, item.get("published_on"), *withdrawn)


def _commitment(item: dict[str, Any]) -> Iterator[tuple[Numbers, ShownItem]]:
    """It as it stood after each event: the document of an event has all up to this one."""
    number, events = whole(item.get("commitment")), item.get("events")
    if not isinstance(events, list) or not events or not all(isinstance(e, dict) for e in events):
        raise BadRecord("a commitment has no events")
    for count, event in enumerate(events, start=1):
        yield (number, count), ShownItem({**item, "events": events[:count]}, event.get("on"))


def _newest(item: dict[str, Any], name: str = "") -> Iterator[tuple[Numbers, ShownItem]]:
    """How it stands; ``changed_on`` is not part of the document."""
    content = dict(item)
    day = content.pop("changed_on", None)
    yield (whole(item.get(name)) if name else 0, 0), ShownItem(content, day)


def _in_collection(collection: str) -> Callable[[LoggedEvidence], Numbers | None]:
    return lambda each: (each.number, 0) if each.collection == collection else None


KINDS = (
    ShownKind(
        "answers", "answers of bodies", LoggedResponse, "answers/answers.json", "responses",
        ("case", "version"), lambda each: (each.case, each.version), _answer,
        can_be_withdrawn=True,
    ),
    ShownKind(
        "commitments", "commitments of bodies", LoggedCommitment,
        "commitments/commitments.json", "commitments",
        ("commitment", "event"), lambda each: (each.commitment, each.event), _commitment,
    ),
    ShownKind(
        "rules", "rules for answers", LoggedAnswerRules, "answers/rules.json", "rules",
        (), lambda _each: (0, 0), _newest,
    ),
    ShownKind(
        "evidence", "sources", LoggedEvidence, "sources/evidence.json", "sources",
        ("source",), _in_collection("sources"), lambda item: _newest(item, "source"),
    ),
    ShownKind(
        "evidence", "claims", LoggedEvidence, "sources/evidence.json", "claims",
        ("claim",), _in_collection("claims"), lambda item: _newest(item, "claim"),
    ),
)  # fmt: skip

SHOWN_FILES = {kind.address: kind.file for kind in KINDS}
