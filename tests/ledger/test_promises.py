"""A promise is kept, late, never kept, or not due yet."""

from __future__ import annotations

from ledger.checking import check, failing
from ledger.keyring import log_key
from ledger.town import KEY, Town, vote_of
from middleground.ledger.promise import Promise, sign_promise
from middleground.ledger.publishing import publish_file


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


def test_a_promise_that_is_not_due(town: Town) -> None:
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
    assert failing(check(town))["promise"].details == (
        "promises/strange: host.example/ledger did not sign it.",
    )
