"""A promise is kept, late, never kept, or not due yet."""

from __future__ import annotations

import pytest

from ledger.checking import check, failing
from ledger.keyring import log_key
from ledger.town import KEY, Town, vote_of
from middleground.ledger import verdict_of
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.notes.note import sign_note
from middleground.ledger.notes.promise import Promise, sign_promise

SIGNATURE = "— host.example/ledger "


def test_a_promise_that_was_kept_late(town: Town) -> None:
    town.promise("late", vote_of(3, 1, turn=1).leaf(), 1_000)
    found = failing(check(town))
    assert set(found) == {"promise"}
    assert found["promise"].details == (
        "promises/late: the leaf was to be in the log by 1970-01-01 00:16 UTC; newsroom.example "
        "saw the log without it at 1970-01-01 00:16 UTC.",
    )


def test_a_promise_that_was_never_kept(town: Town) -> None:
    town.promise("lost", vote_of(99, 1).leaf(), 2_500)
    assert set(failing(check(town))) == {"promise"}


def test_a_promise_that_is_not_yet_due(town: Town) -> None:
    town.promise("later", vote_of(99, 1).leaf(), 5_000)
    assert check(town).holds
    assert check(town, now=4_999).holds
    found = failing(check(town, now=5_000))
    assert found["promise"].details == (
        "promises/later: the leaf was to be in the log by 1970-01-01 01:23 UTC, and is not in "
        "this copy.",
    )


def test_a_promise_by_somebody_else(town: Town) -> None:
    note = sign_promise(Promise(KEY.name, bytes(32), 5), log_key("other.example"))
    publish_file(town.folder, "promises/strange", str(note))
    assert foreign(town) == ("promises/strange: host.example/ledger did not sign it.",)


def test_a_promise_of_another_log_by_the_same_key(town: Town) -> None:
    note = sign_note(f"promise/v1\norigin other.example\nleaf {'0' * 64}\nby 5\n", KEY)
    publish_file(town.folder, "promises/strange", str(note))
    assert foreign(town) == ("promises/strange: it is of another log, other.example.",)


@pytest.mark.parametrize(
    ("start", "further"),
    [("origin ", 3), ("leaf ", 9), ("by ", 0), (SIGNATURE, 0), (SIGNATURE, 20)],
)
def test_a_damaged_promise_accuses_nobody(town: Town, start: str, further: int) -> None:
    """One character was changed. The host broke the undamaged promise, as the next line shows."""
    town.promise("lost", vote_of(99, 1).leaf(), 2_500)
    assert set(failing(check(town))) == {"promise"}
    path = town.folder / "promises/lost"
    text = path.read_text("utf-8")
    place = text.index(f"\n{start}") + 1 + len(start) + further
    other = "2" if text[place] != "2" else "3"
    path.write_text(text[:place] + other + text[place + 1 :], "utf-8")
    (told,) = foreign(town)
    assert told.startswith("promises/lost: ")


def foreign(town: Town) -> tuple[str, ...]:
    """The remarks on files that the log did not sign; the log is not accused."""
    report = check(town)
    assert not failing(report)
    assert verdict_of(report).green
    assert "not signed by this log: damaged, or not from here" in verdict_of(report).meaning[-1]
    (found,) = [each for each in report.findings if each.subject == "foreign"]
    assert found.state == "open"
    return found.details
