"""Answers that a site shows must be those that its log names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.checking import check, failing
from ledger.town import LA, Town, build_open
from middleground.ledger.records.entries import LoggedResponse, WithdrawnResponse

Shown = list[dict[str, Any]]
FILE = f"site/{LA}/answers.json"
NOW = datetime(2026, 5, 20, tzinfo=UTC)


def answer(case: int, version: int, **others: Any) -> dict[str, Any]:
    said = [{"concern": 3, "words": "Ja, Straße."}]
    content = {"case": case, "version": version, "until": None, "dispositions": said}
    return content | {"published_on": "2026-05-04", "summary": "Yes."} | others


def logged(town: Town, content: dict[str, Any]) -> LoggedResponse:
    document = town.document(json.dumps(content, ensure_ascii=False).encode())
    return LoggedResponse(LA, content["case"], content["version"], document)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two versions of one answer, and another that was withdrawn."""
    town = build_open(tmp_path / "town")
    answers = [logged(town, each) for each in (answer(1, 1), answer(1, 2), answer(7, 1))]
    town.log(5_000, *answers, WithdrawnResponse(LA, 7, 1))
    return town


def show(town: Town, change: Callable[[Shown], object] = list) -> None:
    shown = [
        answer(1, 1, withdrawn=False), answer(1, 2, withdrawn=False), answer(7, 1, withdrawn=True),
    ]  # fmt: skip
    change(shown)
    path = town.folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": "middleground-answers/1", "responses": shown}), "utf-8")


def unchecked(town: Town, now: datetime | None = None) -> str:
    return next(each.sentence for each in check(town, now).findings if each.subject == "unchecked")


def test_honest_answers(town: Town) -> None:
    show(town)
    told = [each.sentence for each in check(town).findings if each.subject == "answers"]
    assert told == ["Answers of bodies that are shown as they were logged: 3."]
    (town.folder / FILE).unlink()
    assert f"answers of bodies in {LA} (answers.json is not here)" in unchecked(town)


WRONG: dict[str, tuple[Callable[[Shown], object], str]] = {
    "other words": (
        lambda shown: shown[0].update(summary="No."),
        "case 1, version 1: it is not what was logged",
    ),
    "other words within": (
        lambda shown: shown[1]["dispositions"][0].update(words="Nein."),
        "case 1, version 2: it is not what was logged",
    ),
    "one more part": (
        lambda shown: shown[0].update(more=1),
        "case 1, version 1: it is not what was logged",
    ),
    "left out": (lambda shown: shown.pop(0), "case 1, version 1: it is not shown"),
    "not withdrawn": (
        lambda shown: shown[2].update(withdrawn=False),
        "case 7, version 1: it is shown as if it were not withdrawn",
    ),
    "twice": (lambda shown: shown.append(shown[0]), "answers.json: one of them stands twice"),
    "no number": (
        lambda shown: shown[0].update(case="1"),
        "answers.json: a number of people is no whole number",
    ),
    "never logged": (
        lambda shown: shown.append(answer(8, 1)), "case 8, version 1: it was never logged",
    ),
    "no day": (
        lambda shown: shown.append(answer(8, 1, published_on="soon")),
        "case 8, version 1: it was never logged",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_what_was_changed_is_named(
    town: Town, change: Callable[[Shown], object], said: str
) -> None:
    show(town, change)
    found = failing(check(town, NOW))
    assert [*found.get("answers").details] == [f"{LA}, {said}."]  # type: ignore[union-attr]


def test_an_answer_may_be_newer_than_the_copy_of_the_log(town: Town) -> None:
    show(town, lambda shown: shown.append(answer(8, 1, published_on="2026-05-18")))
    report = check(town, NOW)
    assert "answers" not in failing(report)
    assert f"answers of bodies in {LA} that the log does not have yet (1)" in unchecked(town, NOW)


@pytest.mark.parametrize(
    ("shown_as", "is_excused"),
    [
        ({"withdrawn": True, "withdrawn_on": "2026-05-17"}, False),
        ({"withdrawn": True, "withdrawn_on": "2026-05-18"}, True),
        ({"withdrawn": True, "withdrawn_on": "2099-05-18"}, False),
        ({"withdrawn": True, "withdrawn_on": ""}, False),
        ({"withdrawn": True}, False),
        ({"withdrawn": 1, "withdrawn_on": "2026-05-18"}, True),
        ({"withdrawn": None, "withdrawn_on": ""}, False),
    ],
)
def test_what_nobody_withdrew_is_not_shown_as_withdrawn(
    town: Town, shown_as: dict[str, Any], is_excused: bool
) -> None:
    """Only as long as a host may take to log it."""
    show(town, lambda shown: shown[0].update(shown_as))
    found = failing(check(town, NOW)).get("answers")
    said = f"{LA}, case 1, version 1: that it was withdrawn was never logged."
    assert (found.details if found else ()) == (() if is_excused else (said,))
    assert f"answers of bodies in {LA} that the log does not have yet (1)" in unchecked(town, NOW)
    assert "answers" not in failing(check(town))  # without a time nothing is late


def test_the_day_of_a_withdrawal_is_not_part_of_the_document(town: Town) -> None:
    days = {"withdrawn": False, "withdrawn_on": ""}
    show(town, lambda shown: [each.update(days) for each in shown[:2]])
    assert "answers" not in failing(check(town, NOW))
    show(town, lambda shown: shown[2].update(withdrawn_on="2026-05-06"))
    assert "answers" not in failing(check(town, NOW))


def test_a_version_is_logged_once(town: Town) -> None:
    """Else a host could log a second text, and show that one."""
    other = answer(1, 1, summary="No.")
    town.log(6_000, logged(town, other))
    show(town, lambda shown: shown[0].update(summary="No."))
    assert failing(check(town, NOW))["answers"].details == (
        f"{LA}, case 1: version 1 does not follow the last one.",
        f"{LA}, case 1, version 1: it is not what was logged.",
    )
