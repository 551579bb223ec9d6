"""A promise of a place in a list is kept, broken, not due yet, or its vote is not counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.checking import check, failing
from ledger.keyring import log_key
from ledger.town import DELETED, KEY, LA, LOOKED_UP, WITHHELD, Close, Town, some, vote_of
from middleground.ledger import verdict_of
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.vote_list import ListedVote
from middleground.ledger.notes.note import sign_note
from middleground.ledger.notes.promise import Promise, sign_promise

SIGNATURE = "— host.example/ledger "


def told(town: Town) -> list[tuple[str, str, tuple[str, ...]]]:
    found = [each for each in check(town).findings if each.subject in ("promise", "foreign")]
    return [(each.state, each.sentence, each.details) for each in found]


def test_promises_that_were_kept(town: Town) -> None:
    """A changed vote keeps its tag, and a withheld list holds it, too."""
    town.promise("changed", vote_of(1, 1, change=1))
    town.promise("withheld", vote_of(1, WITHHELD))
    assert told(town) == [("holds", "Promises that were kept: 3.", ())]


def test_promises_whose_vote_is_not_counted(town: Town) -> None:
    (town.folder / "promises/mine").unlink()
    town.promise("deleted", DELETED)
    town.promise("looked-up", LOOKED_UP)
    ((state, _, details),) = told(town)
    assert state == "open"
    assert [line.split(" holds its tag")[0] for line in details] == [
        "promises/deleted: the list of statement 2",
        "promises/looked-up: the list of statement 3",
    ]
    assert check(town).holds


def put_another_tag(close: Close, tag: bytes) -> None:
    """In the withheld list, so that its length stays that of the map."""
    close.lists[WITHHELD] = [line for line in close.lists[WITHHELD] if line.tag != tag]
    close.lists[WITHHELD].append(ListedVote(some(32, "another"), "withheld"))


def test_a_promise_that_was_broken(open_town: Town) -> None:
    """Known bad: the same host closes with one tag less in the withheld list."""
    close, vote = Close(open_town), vote_of(1, WITHHELD)
    open_town.promise("lost", vote)
    assert told(open_town)[0][0] == "open"
    put_another_tag(close, vote.tag)
    close.publish()
    found = failing(check(open_town))
    assert set(found) == {"promise"}
    assert found["promise"].details == (
        f"promises/lost: the list of statement 4 of {LA} does not hold its tag.",
    )
    reason = "Do not rely on this log: a promise that was signed was not kept."
    assert verdict_of(check(open_town)).sentence == reason


def test_a_tag_in_another_list_keeps_no_promise(open_town: Town) -> None:
    close, vote = Close(open_town), vote_of(1, WITHHELD)
    open_town.promise("moved", vote)
    put_another_tag(close, vote.tag)
    close.lists[1].append(ListedVote(vote.tag, "beside"))
    close.publish()
    assert set(failing(check(open_town))) == {"promise"}


@pytest.mark.parametrize("statement", [6, 0, 2**62])
def test_a_promise_for_a_statement_that_has_no_list(town: Town, statement: int) -> None:
    town.promise("lost", replace(vote_of(3, 1), statement=statement))
    assert set(failing(check(town))) == {"promise"}


def test_a_promise_for_a_list_whose_file_is_missing_or_unreadable(town: Town) -> None:
    tag = vote_of(3, 1).tag.hex().encode()
    path = next(p for p in (town.folder / "documents").iterdir() if tag in p.read_bytes())
    path.write_bytes(path.read_bytes() + b"more\n")
    assert set(failing(check(town))) == {"document", "list", "promise", "total"}
    path.unlink()
    assert set(failing(check(town))) == {"list", "promise", "total"}


@pytest.mark.parametrize("dialogue", ["riverside", "never-heard-of"])
def test_a_promise_of_a_dialogue_that_is_open(town: Town, dialogue: str) -> None:
    town.promise("later", vote_of(99, 1, dialogue=dialogue))
    assert told(town) == [
        (
            "open",
            "Promises that are not due, or whose vote is not counted.",
            (f"promises/later: {dialogue} is not closed yet.",),
        ),
        ("holds", "Promises that were kept: 1.", ()),
    ]


def test_before_the_close_no_promise_is_due(open_town: Town) -> None:
    open_town.promise("mine", vote_of(3, 1))
    open_town.promise("lost", vote_of(99, 1))
    assert [state for state, _, _ in told(open_town)] == ["open"]
    Close(open_town).publish()
    assert [state for state, _, _ in told(open_town)] == ["fails", "holds"]


def test_a_promise_by_somebody_else(town: Town) -> None:
    promise = Promise(KEY.name, LA, 1, some(32, "tag"))
    publish_file(
        town.folder, "promises/strange", str(sign_promise(promise, log_key("other.example")))
    )
    assert foreign(town) == ("promises/strange: host.example/ledger did not sign it.",)


def test_a_promise_of_another_log_by_the_same_key(town: Town) -> None:
    note = sign_promise(Promise("other.example", LA, 1, some(32, "tag")), KEY)
    publish_file(town.folder, "promises/strange", str(note))
    assert foreign(town) == ("promises/strange: it is of another log, other.example.",)


def test_a_promise_in_the_older_form(town: Town) -> None:
    """Promises of a leaf by a time were signed before lists were logged."""
    text = f"promise/v1\norigin {KEY.name}\nleaf {'0' * 64}\nby 5\n"
    publish_file(town.folder, "promises/old", str(sign_note(text, KEY)))
    assert foreign(town) == (
        "promises/old: this is not a record of kind promise/v1 with its lines.",
    )


@pytest.mark.parametrize(
    ("start", "further"),
    [
        ("origin ", 3),
        ("dialogue ", 1),
        ("statement ", 0),
        ("tag ", 9),
        (SIGNATURE, 0),
        (SIGNATURE, 20),
    ],
)
def test_a_damaged_promise_accuses_nobody(town: Town, start: str, further: int) -> None:
    """One character was changed. The host broke the undamaged promise, as the next line shows."""
    town.promise("lost", vote_of(99, 1))
    assert set(failing(check(town))) == {"promise"}
    path = town.folder / "promises/lost"
    text = path.read_text("utf-8")
    place = text.index(f"\n{start}") + 1 + len(start) + further
    other = "2" if text[place] != "2" else "3"
    path.write_text(text[:place] + other + text[place + 1 :], "utf-8")
    (found,) = foreign(town)
    assert found.startswith("promises/lost: ")


def foreign(town: Town) -> tuple[str, ...]:
    """The remarks on files that the log did not sign; the log is not accused."""
    report = check(town)
    assert not failing(report)
    assert verdict_of(report).green
    assert "not signed by this log: damaged, or not from here" in verdict_of(report).meaning[-2]
    (found,) = [each for each in report.findings if each.subject == "foreign"]
    assert found.state == "open"
    return found.details
