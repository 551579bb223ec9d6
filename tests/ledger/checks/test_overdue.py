"""A dialogue that is over by its settings, and was never closed in the log, is named in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.checking import check, failing
from ledger.town import CLOSES, LA, Close, Town, settings_of, some
from middleground.ledger import verdict_of
from middleground.ledger.records.entries import Settings

END = datetime.fromisoformat(CLOSES)
DELAY = timedelta(days=2)
SECOND = timedelta(seconds=1)


def test_within_the_delay_nothing_is_said_and_after_it_the_check_fails(open_town: Town) -> None:
    assert not failing(check(open_town, END + DELAY))
    report = check(open_town, END + DELAY + SECOND)
    assert failing(report)["overdue"].details == (
        f"{LA}: by its settings it is over, and its votes are not listed.",
    )
    assert verdict_of(report).sentence == (
        "Do not rely on this log: "
        "a dialogue is over, and its votes were not listed within two days."
    )


def test_a_closed_dialogue_is_never_overdue(open_town: Town) -> None:
    Close(open_town).publish()
    assert not failing(check(open_town, datetime(2100, 1, 1, tzinfo=UTC)))


def test_without_a_time_the_verdict_says_that_it_was_not_checked(open_town: Town) -> None:
    words = "whether a dialogue should have been closed by now"
    assert words in " ".join(verdict_of(check(open_town)).meaning)
    assert words not in " ".join(verdict_of(check(open_town, END)).meaning)


@pytest.mark.parametrize(
    ("settings", "overdue"),
    [
        ({"state": "open"}, True),  # the end came by itself
        ({"state": "open", "closes_at": None}, False),
        ({"state": "open", "closes_at": "1970-01-05T00:50:00.250+02:00"}, False),
        ({"state": "draft"}, False),  # it was withdrawn
        ({"state": "closed", "closes_at": None, "opens_at": "1970-01-09T00:00:00Z"}, False),
        ({"state": "closed", "closes_at": None, "opens_at": None}, True),
        ({"state": "closed", "closes_at": "some day"}, True),
        ({"state": "closed", "closes_at": 7}, True),
        ({"state": "closed", "closes_at": "9999-12-31T23:59:59Z"}, False),
    ],
)
def test_the_last_settings_decide(
    open_town: Town, settings: dict[str, object], overdue: bool
) -> None:
    document = settings_of(**settings)
    open_town.log(3_300, Settings(LA, open_town.document(document)))
    found = failing(check(open_town, END + DELAY + SECOND))
    assert set(found) == ({"overdue"} if overdue else set())


def test_settings_whose_file_is_missing_are_named(open_town: Town) -> None:
    open_town.log(3_300, Settings(LA, some(32, "kept back")))
    report = check(open_town, END + DELAY + SECOND)
    assert not failing(report)
    missing = next(each for each in report.findings if each.sentence.startswith("Logged documents"))
    assert f"settings of {LA}" in " ".join(missing.details)
