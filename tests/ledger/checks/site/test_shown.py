"""Commitments, rules for answers, sources and claims that a site shows must be those of its log.

``check`` runs both verifiers, which must agree; what the second one names is compared, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.checking import check, failing
from ledger.second import needed
from ledger.town import KEY, LA, WITNESS, Town, build_open
from middleground.ledger import Report, verify
from middleground.ledger.checks.site.shown_kinds import SHOWN_FILES
from middleground.ledger.records.entries import (
    LoggedAnswerRules,
    LoggedCommitment,
    LoggedEvidence,
    LoggedResponse,
    WithdrawnResponse,
)
from middleground.ledger.records.kinds import LoggedRecord
from middleground.ledger.records.manifest import read_manifest

Item = dict[str, Any]
Shown = dict[str, list[Item]]
FILES = {
    "commitments": "commitments.json",
    "rules": "rules.json",
    "sources": "evidence.json",
    "claims": "evidence.json",
}
NOW = datetime(2026, 5, 20, tzinfo=UTC)
MADE = {"kind": "made", "on": "2026-05-04", "facts": {"what": "Zwei Straßen", "due": "2026-06-01"}}
SLIPPED = {"kind": "slipped", "on": "2026-05-11", "facts": {"to": "2026-07-01", "reason": "Rain."}}


def commitment(number: int, *events: Item) -> Item:
    return {"commitment": number, "case": 7, "events": list(events)}


def claim(text: str, **others: Any) -> Item:
    return {"claim": 1, "text": text, "passages": [{"source": 1, "quote": "Ja."}], **others}


def honest() -> Shown:
    since = {"changed_on": "2026-05-06"}
    return {
        "commitments": [commitment(1, MADE, SLIPPED), commitment(2, MADE)],
        "rules": [{"days": 10, "middle_ground": True, **since}],
        "sources": [{"source": 1, "title": "A study", **since}],
        "claims": [claim("It got quieter.", **since)],
    }


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """All that ``honest`` shows was logged, and before that a claim and rules that were changed."""
    town = build_open(tmp_path / "town")

    def document(content: Mapping[str, Any]) -> bytes:
        return town.document(json.dumps(content, ensure_ascii=False).encode())

    town.log(
        5_000,
        LoggedCommitment(LA, 1, 1, document(commitment(1, MADE))),
        LoggedAnswerRules(LA, document({"days": 20, "middle_ground": True})),
        LoggedEvidence(LA, "claims", 1, document(claim("It got louder."))),
        LoggedEvidence(LA, "sources", 1, document({"source": 1, "title": "A study"})),
        LoggedCommitment(LA, 1, 2, document(commitment(1, MADE, SLIPPED))),
        LoggedCommitment(LA, 2, 1, document(commitment(2, MADE))),
        LoggedAnswerRules(LA, document({"days": 10, "middle_ground": True})),
        LoggedEvidence(LA, "claims", 1, document(claim("It got quieter."))),
        LoggedEvidence(LA, "new-collection", 1, document({"new": 1})),
    )
    return town


def show(town: Town, change: Callable[[Shown], object] = list) -> None:
    shown = honest()
    change(shown)
    for file in set(FILES.values()):
        lists = {name: shown[name] for name, its_file in FILES.items() if its_file == file}
        path = town.folder / f"site/{LA}/{file}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"format": "of the site", **lists}), "utf-8")


def named(town: Town, now: datetime | None = NOW) -> dict[str, tuple[str, ...]]:
    """What both name as wrong, by its subject; the town's dialogue is over by then."""
    found = {subject: each.details for subject, each in failing(check(town, now)).items()}
    more = {"now": int(now.timestamp() * 1000)} if now else {}
    told = needed().verify(town.folder, KEY.verifier, [WITNESS.verifier], **more)["findings"]
    second = {e["subject"]: tuple(e["details"]) for e in told if e["state"] == "fails"}
    assert second == found
    found.pop("overdue")
    return found


def unchecked(report: Report) -> str:
    return next(each.sentence for each in report.findings if each.subject == "unchecked")


def test_what_is_shown_as_it_was_logged_holds(town: Town) -> None:
    show(town)
    report = check(town, NOW)
    assert named(town) == {}
    told = [
        e.sentence for e in report.findings if e.subject in ("commitments", "rules", "evidence")
    ]
    assert told == [
        "Commitments of bodies that are shown as they were logged: 3.",
        "Rules for answers that are shown as they were logged: 1.",
        "Sources that are shown as they were logged: 1.",
        "Claims that are shown as they were logged: 1.",
    ]
    assert "does not have yet" not in unchecked(report)


def test_a_file_that_is_not_here_is_named(town: Town) -> None:
    told = unchecked(check(town, NOW))
    for things, file in {
        "commitments of bodies": "commitments.json",
        "rules for answers": "rules.json",
        "sources": "evidence.json",
        "claims": "evidence.json",
    }.items():
        assert f"{things} in {LA} ({file} is not here)" in told


def other(kind: Item, **facts: str) -> Item:
    return {**kind, "facts": {**kind["facts"], **facts}}


def put(name: str, place: int, item: Item) -> Callable[[Shown], object]:
    return lambda shown: shown[name].__setitem__(place, item)


NOT_LOGGED = "it is not what was logged"
SINCE = {"changed_on": "2026-05-06"}
WRONG: dict[str, tuple[Callable[[Shown], object], str, list[str]]] = {
    "a due day moved silently": (
        put("commitments", 0, commitment(1, other(MADE, due="2026-07-01"), SLIPPED)),
        "commitments",
        [f"commitment 1, event 1: {NOT_LOGGED}", f"commitment 1, event 2: {NOT_LOGGED}"],
    ),
    "a slip removed": (
        put("commitments", 0, commitment(1, MADE)),
        "commitments", ["commitment 1, event 2: it is not shown"],
    ),
    "a reason removed": (
        put("commitments", 0, commitment(1, MADE, other(SLIPPED, reason=""))),
        "commitments", [f"commitment 1, event 2: {NOT_LOGGED}"],
    ),
    "a day of an event": (
        put("commitments", 0, commitment(1, MADE, {**SLIPPED, "on": "2026-05-12"})),
        "commitments", [f"commitment 1, event 2: {NOT_LOGGED}"],
    ),
    "another case": (
        put("commitments", 1, {**commitment(2, MADE), "case": 8}),
        "commitments", [f"commitment 2, event 1: {NOT_LOGGED}"],
    ),
    "one more part": (
        put("commitments", 1, {**commitment(2, MADE), "more": 1}),
        "commitments", [f"commitment 2, event 1: {NOT_LOGGED}"],
    ),
    "a commitment left out": (
        lambda shown: shown["commitments"].pop(),
        "commitments", ["commitment 2, event 1: it is not shown"],
    ),
    "a commitment never logged": (
        lambda shown: shown["commitments"].append(commitment(3, MADE)),
        "commitments", ["commitment 3, event 1: it was never logged"],
    ),
    "an event never logged": (
        put("commitments", 1, commitment(2, MADE, SLIPPED)),
        "commitments", ["commitment 2, event 2: it was never logged"],
    ),
    "an event without a day": (
        put("commitments", 1, commitment(2, MADE, {**SLIPPED, "on": 7})),
        "commitments", ["commitment 2, event 2: it was never logged"],
    ),
    "a commitment twice": (
        lambda shown: shown["commitments"].append(commitment(2, MADE)),
        "commitments", ["commitments.json: one of them stands twice"],
    ),
    "a commitment without events": (
        put("commitments", 1, commitment(2)),
        "commitments", ["commitments.json: a commitment has no events"],
    ),
    "no list": (
        lambda shown: shown.update(commitments={}),  # type: ignore[arg-type]
        "commitments", ["commitments.json: it has no list of commitments of bodies"],
    ),
    "looser rules": (
        put("rules", 0, {"days": 30, "middle_ground": True, **SINCE}),
        "rules", [f"rules for answers: {NOT_LOGGED}"],
    ),
    "the rules of before": (
        put("rules", 0, {"days": 20, "middle_ground": True, **SINCE}),
        "rules", [f"rules for answers: {NOT_LOGGED}"],
    ),
    "rules without a day": (
        put("rules", 0, {"days": 30, "middle_ground": True}),
        "rules", [f"rules for answers: {NOT_LOGGED}"],
    ),
    "no rules": (
        lambda shown: shown["rules"].clear(), "rules", ["rules for answers: it is not shown"],
    ),
    "another title": (
        put("sources", 0, {"source": 1, "title": "A better study", **SINCE}),
        "evidence", [f"source 1: {NOT_LOGGED}"],
    ),
    "a source left out": (
        lambda shown: shown["sources"].clear(), "evidence", ["source 1: it is not shown"],
    ),
    "a source never logged": (
        lambda shown: shown["sources"].append({"source": 2, "title": "No", **SINCE}),
        "evidence", ["source 2: it was never logged"],
    ),
    "the claim of before": (
        put("claims", 0, claim("It got louder.", **SINCE)),
        "evidence", [f"claim 1: {NOT_LOGGED}"],
    ),
    "another quote": (
        lambda shown: shown["claims"][0]["passages"][0].update(quote="Nein."),
        "evidence", [f"claim 1: {NOT_LOGGED}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "subject", "said"), WRONG.values(), ids=WRONG)
def test_what_was_changed_is_named_by_both(
    town: Town, change: Callable[[Shown], object], subject: str, said: list[str]
) -> None:
    show(town, change)
    lines = tuple(f"{LA}, {each}." for each in said)
    assert named(town) == {subject: lines}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (
            put("commitments", 1, commitment(2, MADE, {**SLIPPED, "on": "2026-05-18"})),
            "commitments of bodies",
        ),
        (put("rules", 0, {"days": 5, "changed_on": "2026-05-18"}), "rules for answers"),
        (put("claims", 0, claim("It is as it was.", changed_on="2026-05-19")), "claims"),
        (
            lambda shown: shown["sources"].append({"source": 2, "changed_on": "2026-05-19"}),
            "sources",
        ),
    ],
)
def test_the_site_may_be_newer_than_the_copy_of_the_log(
    town: Town, change: Callable[[Shown], object], left: str
) -> None:
    show(town, change)
    assert named(town) == {}
    assert f"{left} in {LA} that the log does not have yet (1)" in unchecked(check(town, NOW))
    later = datetime(2026, 5, 23, tzinfo=UTC)
    assert len(named(town, later)) == 1  # the control


@pytest.mark.parametrize(
    ("day", "is_excused"),
    [
        ("2026-05-17", False), ("2026-05-18", True), ("2026-05-21", True), ("2026-05-22", False),
        ("2099-12-31", False), ("2026-05-32", False), ("2026-11-31", False), ("0000-05-19", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["rules", "claims", "commitments"])
def test_a_day_to_come_and_one_that_does_not_exist_excuse_nothing(
    town: Town, kind: str, day: str, is_excused: bool
) -> None:
    changes = {
        "rules": put("rules", 0, {"days": 5, "changed_on": day}),
        "claims": put("claims", 0, claim("It is as it was.", changed_on=day)),
        "commitments": put("commitments", 1, commitment(2, MADE, {**SLIPPED, "on": day})),
    }
    show(town, changes[kind])
    assert (named(town) == {}) == is_excused


def test_a_day_that_does_not_exist_is_none_also_just_before_it(town: Town) -> None:
    """JavaScript reads it as the day after the end of the month."""
    show(town, put("rules", 0, {"days": 5, "changed_on": "2026-11-31"}))
    assert set(named(town, datetime(2026, 12, 1, tzinfo=UTC))) >= {"rules"}


def nested(depth: int) -> str:
    return '{"within": ' * depth + "1" + "}" * depth


@pytest.mark.parametrize("depth", [600, 100_000])
def test_what_is_nested_too_deeply_is_no_document(town: Town, depth: int) -> None:
    """Python's limit is near 1,000 calls, and JavaScript's some ten times as many."""
    deep = f'{{"days": {nested(depth)}}}'
    town.log(6_000, LoggedAnswerRules(LA, town.document(deep.encode())))
    show(town)
    shown = f'{{"rules": [{{"changed_on": "2026-05-06", "days": {nested(depth)}}}]}}'
    (town.folder / f"site/{LA}/rules.json").write_text(shown, "utf-8")
    report = verify(town.folder, KEY.verifier, [WITNESS.verifier], NOW)
    assert "rules" in failing(report)
    now = int(NOW.timestamp() * 1000)
    told = needed().verify(town.folder, KEY.verifier, [WITNESS.verifier], now=now)["findings"]
    wrong = [each["subject"] for each in told if each["state"] == "fails"]
    assert ("rules" in wrong) == (depth > 10_000)


def test_an_event_is_logged_once_and_none_is_left_out(town: Town) -> None:
    """Else a host could log a second story, and show that one."""
    moved = commitment(2, other(MADE, due="2026-07-01"))
    document = town.document(json.dumps(moved, ensure_ascii=False).encode())
    town.log(6_000, LoggedCommitment(LA, 2, 1, document), LoggedCommitment(LA, 1, 4, document))
    show(town, put("commitments", 1, moved))
    assert named(town)["commitments"] == tuple(
        f"{LA}, {said}."
        for said in (
            "commitment 2: event 1 does not follow the last one",
            "commitment 1: event 4 does not follow the last one",
            "commitment 1, event 4: it is not shown",
            f"commitment 2, event 1: {NOT_LOGGED}",
        )
    )


@pytest.mark.parametrize(
    ("record", "is_public"),
    [
        (lambda document: LoggedResponse("taken-in", 1, 1, document), True),
        (lambda document: LoggedCommitment("taken-in", 1, 1, document), True),
        (lambda document: LoggedAnswerRules("taken-in", document), True),
        (lambda document: LoggedEvidence("taken-in", "sources", 1, document), True),
        (lambda _document: WithdrawnResponse("taken-in", 1, 1), False),
    ],
)
def test_files_of_a_dialogue_without_settings_are_fetched(
    tmp_path: Path, record: Callable[[bytes], LoggedRecord], is_public: bool
) -> None:
    """As imported ones are, of which the log has what bodies say, and no settings."""
    town = build_open(tmp_path / "town")
    town.log(5_000, record(town.document(b"{}")))
    shown = {LA, "riverside"} | ({"taken-in"} if is_public else set())
    assert read_manifest(town.folder, len(town.entries)).public == shown
    asked = needed().compute("askedFor", str(town.folder))
    assert {each for each in asked if each.startswith("/d/")} == {
        f"/d/{dialogue}/{address}" for dialogue in shown for address in SHOWN_FILES
    }


def test_what_a_dialogue_never_logged_at_all_is_named(tmp_path: Path) -> None:
    town = build_open(tmp_path / "bare")
    show(town)
    assert set(named(town)) == {"commitments", "rules", "evidence"}
    assert named(town)["rules"] == (f"{LA}, rules for answers: it was never logged.",)
